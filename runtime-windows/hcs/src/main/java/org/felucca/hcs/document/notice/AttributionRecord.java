package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Who or what made a system or an operation end. Only what can happen to a process-isolated container is read.
 *
 * @param operationFailure an operation that failed; null if not given
 * @param systemExit an end of the system; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#AttributionRecord">AttributionRecord</a>
 */
public record AttributionRecord(
        @Nullable OperationFailure operationFailure,
        @Nullable SystemExit systemExit) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static AttributionRecord read(JsonCursor at) {
        ObjectReader object = at.object();
        AttributionRecord result = new AttributionRecord(
                object.optional("OperationFailure", OperationFailure::read),
                object.optional("SystemExit", SystemExit::read));
        return result;
    }
}
