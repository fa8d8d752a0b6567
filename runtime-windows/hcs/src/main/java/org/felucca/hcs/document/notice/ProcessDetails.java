package org.felucca.hcs.document.notice;

import java.time.Instant;
import org.felucca.hcs.document.Times;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A process of a container.
 *
 * @param processId process id in the host
 * @param imageName name of its program; null if not given
 * @param createTimestamp when it began; null if not given
 * @param userTime100ns tenths of microseconds in its program; null if not given
 * @param kernelTime100ns tenths of microseconds in the kernel; null if not given
 * @param commitBytes memory committed; null if not given
 * @param privateWorkingSetBytes memory resident and its own; null if not given
 * @param sharedWorkingSetBytes memory resident and shared; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ProcessDetails">ProcessDetails</a>
 */
public record ProcessDetails(
        long processId,
        @Nullable String imageName,
        @Nullable Instant createTimestamp,
        @Nullable Long userTime100ns,
        @Nullable Long kernelTime100ns,
        @Nullable Long commitBytes,
        @Nullable Long privateWorkingSetBytes,
        @Nullable Long sharedWorkingSetBytes) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static ProcessDetails read(JsonCursor at) {
        ObjectReader object = at.object();
        ProcessDetails result = new ProcessDetails(
                object.required("ProcessId", JsonCursor::uint32),
                object.optionalString("ImageName"),
                object.optional("CreateTimestamp", Times::read),
                object.optionalUint64("UserTime100ns"),
                object.optionalUint64("KernelTime100ns"),
                object.optionalUint64("MemoryCommitBytes"),
                object.optionalUint64("MemoryWorkingSetPrivateBytes"),
                object.optionalUint64("MemoryWorkingSetSharedBytes"));
        return result;
    }
}
