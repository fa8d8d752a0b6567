package org.felucca.hcs.document;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.felucca.oci.json.JsonCursor;

/** Points in time as the schema writes them: RFC 3339. */
public final class Times {
    private Times() {}

    /** Reads one; see {@link JsonCursor} for what is thrown. */
    public static Instant read(JsonCursor at) {
        try {
            return OffsetDateTime.parse(at.string()).toInstant();
        } catch (DateTimeException e) {
            throw at.mismatch("a time such as 2026-11-25T10:00:00.0000000Z");
        }
    }
}
