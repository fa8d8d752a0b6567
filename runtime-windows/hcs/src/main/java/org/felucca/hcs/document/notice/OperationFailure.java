package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An operation that failed.
 *
 * @param detail what happened; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#OperationFailure">OperationFailure</a>
 */
public record OperationFailure(@Nullable String detail) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static OperationFailure read(JsonCursor at) {
        ObjectReader object = at.object();
        OperationFailure result = new OperationFailure(object.optionalString("Detail"));
        return result;
    }
}
