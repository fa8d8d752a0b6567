package org.felucca.oci.digest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.felucca.oci.digest.Digest.Algorithm;

/** Computes a digest from bytes as they pass. Confined to one thread. */
public final class Digester {
    private final Algorithm algorithm;
    private final MessageDigest hash;

    /** A digester that has seen no bytes. */
    public Digester(Algorithm algorithm) {
        this(algorithm, create(algorithm));
    }

    private Digester(Algorithm algorithm, MessageDigest hash) {
        this.algorithm = algorithm;
        this.hash = hash;
    }

    private static MessageDigest create(Algorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.jcaName());
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform must have SHA-256; SHA-512 comes with the same provider.
            throw new IllegalStateException("this Java runtime has no " + algorithm.jcaName(), e);
        }
    }

    /** Takes in {@code length} bytes from {@code offset}. */
    public Digester update(byte[] bytes, int offset, int length) {
        hash.update(bytes, offset, length);
        return this;
    }

    /** Takes in what remains in the buffer and moves its position to the limit. */
    public Digester update(ByteBuffer bytes) {
        hash.update(bytes);
        return this;
    }

    /** The digest of all bytes so far; the digester can go on. */
    public Digest digest() {
        try {
            return Digest.ofHash(algorithm, ((MessageDigest) hash.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(hash.getProvider() + " has no incremental " + algorithm.jcaName(), e);
        }
    }

    /** The hash function. */
    public Algorithm algorithm() {
        return algorithm;
    }
}
