package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Memory in bytes.
 *
 * @param commitBytes committed now; null if not given
 * @param commitPeakBytes committed at most; null if not given
 * @param privateWorkingSetBytes resident and not shared; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#MemoryStats">MemoryStats</a>
 */
public record MemoryStatistics(
        @Nullable Long commitBytes,
        @Nullable Long commitPeakBytes,
        @Nullable Long privateWorkingSetBytes) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static MemoryStatistics read(JsonCursor at) {
        ObjectReader object = at.object();
        MemoryStatistics result = new MemoryStatistics(
                object.optionalUint64("MemoryUsageCommitBytes"),
                object.optionalUint64("MemoryUsageCommitPeakBytes"),
                object.optionalUint64("MemoryUsagePrivateWorkingSetBytes"));
        return result;
    }
}
