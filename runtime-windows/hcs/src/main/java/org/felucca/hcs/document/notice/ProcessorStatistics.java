package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Processor time since the start, in tenths of microseconds.
 *
 * @param totalRuntime100ns all of it; null if not given
 * @param runtimeUser100ns in programs; null if not given
 * @param runtimeKernel100ns in the kernel; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ProcessorStats">ProcessorStats</a>
 */
public record ProcessorStatistics(
        @Nullable Long totalRuntime100ns,
        @Nullable Long runtimeUser100ns,
        @Nullable Long runtimeKernel100ns) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static ProcessorStatistics read(JsonCursor at) {
        ObjectReader object = at.object();
        ProcessorStatistics result = new ProcessorStatistics(
                object.optionalUint64("TotalRuntime100ns"),
                object.optionalUint64("RuntimeUser100ns"),
                object.optionalUint64("RuntimeKernel100ns"));
        return result;
    }
}
