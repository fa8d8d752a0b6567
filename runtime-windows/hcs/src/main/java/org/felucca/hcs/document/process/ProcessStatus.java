package org.felucca.hcs.document.process;

import org.felucca.api.process.ExitStatus;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a process ended.
 *
 * @param processId process id in the host
 * @param exited whether it ended
 * @param exitCode what it ended with, 32 bits unsigned; null if not given
 * @param lastWaitResult HRESULT of waiting for it; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ProcessStatus">ProcessStatus</a>
 */
public record ProcessStatus(
        long processId,
        boolean exited,
        @Nullable Long exitCode,
        @Nullable Integer lastWaitResult) {
    /**
     * Returns how it ended, as the platform says it: a code that the host could not learn stays unknown.
     *
     * @throws IllegalStateException if it has not ended
     */
    public ExitStatus exitStatus() {
        if (!exited) {
            throw new IllegalStateException("process " + processId + " has not ended");
        }
        if (lastWaitResult != null && lastWaitResult != 0) {
            return new ExitStatus.Unknown(String.format("the host could not wait for it: 0x%08x", lastWaitResult));
        }
        return new ExitStatus.Exited(exitCode == null ? 0 : exitCode.intValue());
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static ProcessStatus read(JsonCursor at) {
        ObjectReader object = at.object();
        ProcessStatus result = new ProcessStatus(
                object.required("ProcessId", JsonCursor::uint32),
                object.flag("Exited"),
                object.optionalUint32("ExitCode"),
                object.optionalInt32("LastWaitResult"));
        return result;
    }
}
