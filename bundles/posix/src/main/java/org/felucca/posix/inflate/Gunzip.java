package org.felucca.posix.inflate;

/** Decodes gzip (RFC 1952), several members one after another included; zeros after the last are passed over. */
public final class Gunzip {

    private Gunzip() {}

    /** The fastest decoder that this host has. */
    public static ByteSource of(ByteSource compressed) {
        return IsalGunzip.isAvailable() ? new IsalGunzip(compressed) : new JdkGunzip(compressed);
    }

    /** What {@link #of} takes: {@code isa-l} or {@code jdk}. */
    public static String engine() {
        return IsalGunzip.isAvailable() ? "isa-l" : "jdk";
    }
}
