package org.felucca.images;

/**
 * When a blob is fetched in parts, and how.
 *
 * @param threshold bytes from which on it is
 * @param size bytes of a part
 * @param parallel most parts of one blob at a time; 1 for none
 */
record PartSettings(long threshold, long size, int parallel) {
    PartSettings {
        if (threshold < 1 || size < 1 || parallel < 1) {
            throw new IllegalArgumentException("partThreshold, partSize and parallelParts must be positive: "
                    + threshold + ", " + size + ", " + parallel);
        }
    }

    /** Whether so many bytes are fetched in parts. */
    boolean want(long bytes) {
        return parallel > 1 && bytes >= threshold && bytes > size;
    }
}
