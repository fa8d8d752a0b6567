package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An end of a system.
 *
 * @param detail what happened; null if not given
 * @param initiator who began it: GuestOS, Client, Internal, Unknown; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#SystemExit">SystemExit</a>
 */
public record SystemExit(@Nullable String detail, @Nullable String initiator) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static SystemExit read(JsonCursor at) {
        ObjectReader object = at.object();
        SystemExit result = new SystemExit(object.optionalString("Detail"), object.optionalString("Initiator"));
        return result;
    }
}
