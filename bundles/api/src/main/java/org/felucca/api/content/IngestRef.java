package org.felucca.api.content;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * The name of an ingest: 1 to 255 printable ASCII characters without white space, such as {@code layer-sha256:ab…}.
 *
 * @param value the name
 */
public record IngestRef(String value) {
    /** Validates. */
    public IngestRef {
        if (value.isEmpty() || value.length() > 255 || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid ingest reference '" + value + "'",
                    "a reference has 1 to 255 printable ASCII characters without white space");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
