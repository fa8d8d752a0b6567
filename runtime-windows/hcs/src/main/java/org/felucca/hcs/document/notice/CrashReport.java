package org.felucca.hcs.document.notice;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A crash of a compute system.
 *
 * @param systemId id of the system; null if not given
 * @param crashParameters the bug check code and its parameters
 * @param crashLog text of the guest; null if not given
 * @param status HRESULT of reporting; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#CrashReport">CrashReport</a>
 */
public record CrashReport(
        @Nullable String systemId,
        List<Long> crashParameters,
        @Nullable String crashLog,
        @Nullable Integer status) {
    /** Copies what can be changed. */
    public CrashReport {
        crashParameters = List.copyOf(crashParameters);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static CrashReport read(JsonCursor at) {
        ObjectReader object = at.object();
        CrashReport result = new CrashReport(
                object.optionalString("SystemId"),
                object.list("CrashParameters", JsonCursor::uint64),
                object.optionalString("CrashLog"),
                object.optionalInt32("Status"));
        return result;
    }
}
