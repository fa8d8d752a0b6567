package org.felucca.api.diff;

/**
 * What a layer may not exceed, against archives made to fill the disk.
 *
 * @param maxTarBytes uncompressed bytes
 * @param maxEntries entries
 */
public record DiffLimits(long maxTarBytes, long maxEntries) {
    /** 64 GiB and ten million entries: more than any layer seen in the wild. */
    public static final DiffLimits DEFAULT = new DiffLimits(64L << 30, 10_000_000);

    /** Validates. */
    public DiffLimits {
        if (maxTarBytes <= 0 || maxEntries <= 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
