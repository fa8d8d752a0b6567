package org.felucca.registry.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** Reads keys in the forms OpenSSL writes: PKCS #8, and its older ones for RSA and elliptic curves. */
final class PrivateKeys {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] EC_PUBLIC_KEY = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private PrivateKeys() {}

    /** The first key among the blocks of a file. */
    static PrivateKey of(List<Pem> blocks) throws IOException, GeneralSecurityException {
        for (Pem block : blocks) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.bytes());
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrapped(RSA, block.bytes()));
                }
                case "EC PRIVATE KEY" -> {
                    return pkcs8(ec(block.bytes()));
                }
                default -> {
                    if (block.label().startsWith("ENCRYPTED")) {
                        throw new IOException("the key is under a password; take it off with 'openssl pkey'");
                    }
                }
            }
        }
        throw new IOException("it has no private key");
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        InvalidKeySpecException last = null;
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw new InvalidKeySpecException("the key is neither RSA nor of a known curve", last);
    }

    /** PrivateKeyInfo of RFC 5208: version, algorithm, key. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
    }

    /**
     * An ECPrivateKey of RFC 5915 (version, key, [0] parameters, [1] public key) with its curve where PKCS #8 has it;
     * the JDK reads no key that names it inside.
     */
    private static byte[] ec(byte[] der) throws IOException {
        int from = content(der, 0);
        int end = from + length(der, 0);
        int keyEnd = next(der, next(der, from));
        for (int at = keyEnd; at < end; at = next(der, at)) {
            if ((der[at] & 0xff) == PARAMETERS) {
                byte[] curve = Arrays.copyOfRange(der, content(der, at), next(der, at));
                byte[] key = element(SEQUENCE, Arrays.copyOfRange(der, from, keyEnd));
                return wrapped(element(SEQUENCE, EC_PUBLIC_KEY, curve), key);
            }
        }
        throw new IOException("the key does not name its curve");
    }

    /** Where the element after the one at a position begins. */
    private static int next(byte[] der, int at) throws IOException {
        return content(der, at) + length(der, at);
    }

    /** Where the content of the element at a position begins. */
    private static int content(byte[] der, int at) throws IOException {
        requireInside(der, at + 1);
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) throws IOException {
        int start = content(der, at);
        int length = der[at + 1] & 0xff;
        if (length >= 0x80) {
            length = 0;
            for (int i = at + 2; i < start; i++) {
                requireInside(der, i);
                length = length << 8 | der[i] & 0xff;
            }
        }
        if (length < 0 || start + length < start || start + length > der.length) {
            throw new IOException("the key is damaged");
        }
        return length;
    }

    private static void requireInside(byte[] der, int at) throws IOException {
        if (at >= der.length) {
            throw new IOException("the key is damaged");
        }
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
