package org.felucca.api.snapshot;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * The name of a snapshot within its snapshotter: 1 to 255 printable ASCII characters without white space. Chain ids
 * name the layers of images; {@code <namespace>/<container>} names the writable layer of a container.
 *
 * @param value the name
 */
public record SnapshotKey(String value) implements Comparable<SnapshotKey> {
    /** Validates. */
    public SnapshotKey {
        if (value.isEmpty() || value.length() > 255 || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid snapshot key '" + value + "'",
                    "a key has 1 to 255 printable ASCII characters without white space");
        }
    }

    /**
     * Makes a key.
     *
     * @throws FeluccaException INVALID_ARGUMENT if the text is not a key
     */
    public static SnapshotKey of(String value) {
        return new SnapshotKey(value);
    }

    @Override
    public int compareTo(SnapshotKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
