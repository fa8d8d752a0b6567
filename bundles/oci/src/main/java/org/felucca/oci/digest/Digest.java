package org.felucca.oci.digest;

import java.util.HexFormat;
import org.felucca.oci.OciFormatException;

/**
 * The digest of some content, {@code sha256:6c3c…}. Safe as a file name part: the hash is lower-case hexadecimal of the
 * algorithm's exact length.
 *
 * @param algorithm the hash function
 * @param hex the hash, lower-case hexadecimal
 */
public record Digest(Algorithm algorithm, String hex) implements Comparable<Digest> {

    /** The registered algorithms this platform computes. */
    public enum Algorithm {
        /** SHA-256, which everybody must support. */
        SHA256("sha256", "SHA-256", 64),
        /** SHA-512. */
        SHA512("sha512", "SHA-512", 128);

        private final String id;
        private final String jcaName;
        private final int hexLength;

        Algorithm(String id, String jcaName, int hexLength) {
            this.id = id;
            this.jcaName = jcaName;
            this.hexLength = hexLength;
        }

        /** The name in a digest: {@code sha256}. */
        public String id() {
            return id;
        }

        /** Characters of the hexadecimal hash. */
        public int hexLength() {
            return hexLength;
        }

        String jcaName() {
            return jcaName;
        }
    }

    /**
     * @throws OciFormatException if the hash has a wrong length or a character that is no lower-case hexadecimal digit
     */
    public Digest {
        if (hex.length() != algorithm.hexLength()) {
            throw invalid(
                    algorithm.id() + ":" + hex,
                    "the hash has " + hex.length() + " characters",
                    algorithm.id() + " has " + algorithm.hexLength());
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                throw invalid(
                        algorithm.id() + ":" + hex,
                        "the hash holds " + OciFormatException.quote(String.valueOf(c)),
                        "use lower-case hexadecimal digits");
            }
        }
    }

    /**
     * Parses {@code algorithm:hex}.
     *
     * @throws OciFormatException if it is not of that form or the algorithm is not supported
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw invalid(text, "there is no colon", "write algorithm:hash, such as sha256:6c3c…");
        }
        String id = text.substring(0, colon);
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.id().equals(id)) {
                return new Digest(algorithm, text.substring(colon + 1));
            }
        }
        throw invalid(text, "algorithm " + OciFormatException.quote(id) + " is not supported", "use sha256 or sha512");
    }

    /** The SHA-256 digest of these bytes. */
    public static Digest of(byte[] content) {
        Digester digester = new Digester(Algorithm.SHA256);
        digester.update(content, 0, content.length);
        return digester.digest();
    }

    static Digest ofHash(Algorithm algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** The first twelve characters of the hash, for people. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    /** By text. */
    @Override
    public int compareTo(Digest other) {
        int byAlgorithm = algorithm.compareTo(other.algorithm);
        return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
    }

    /** {@code algorithm:hex}, which {@link #parse} reads back. */
    @Override
    public String toString() {
        return algorithm.id() + ":" + hex;
    }

    private static OciFormatException invalid(String text, String reason, String fix) {
        return new OciFormatException("digest " + OciFormatException.quote(text), null, reason, fix);
    }
}
