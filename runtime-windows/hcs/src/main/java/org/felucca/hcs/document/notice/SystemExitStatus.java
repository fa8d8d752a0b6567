package org.felucca.hcs.document.notice;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * How a compute system ended.
 *
 * @param status HRESULT; null if not given
 * @param exitType how; null if not given
 * @param attribution who or what is to blame, as far as the host knows
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#SystemExitStatus">SystemExitStatus</a>
 */
public record SystemExitStatus(
        @Nullable Integer status, @Nullable ExitType exitType, List<AttributionRecord> attribution) {
    /** Copies what can be changed. */
    public SystemExitStatus {
        attribution = List.copyOf(attribution);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static SystemExitStatus read(JsonCursor at) {
        ObjectReader object = at.object();
        SystemExitStatus result = new SystemExitStatus(
                object.optionalInt32("Status"),
                object.optional("ExitType", ExitType::read),
                object.list("Attribution", AttributionRecord::read));
        return result;
    }
}
