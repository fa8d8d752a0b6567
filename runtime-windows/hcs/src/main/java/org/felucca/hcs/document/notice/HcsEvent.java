package org.felucca.hcs.document.notice;

import java.nio.charset.StandardCharsets;
import org.felucca.hcs.document.process.ProcessStatus;
import org.felucca.oci.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/**
 * What the service reports by a callback: a number for the kind, and a document for some kinds.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/reference/hcs_event_type">HCS_EVENT_TYPE</a>
 */
public sealed interface HcsEvent {
    /** HcsEventSystemExited. */
    int SYSTEM_EXITED = 0x1;

    /** HcsEventSystemCrashInitiated. */
    int CRASH_INITIATED = 0x2;

    /** HcsEventSystemCrashReport. */
    int CRASH_REPORT = 0x3;

    /** HcsEventProcessExited. */
    int PROCESS_EXITED = 0x10000;

    /** HcsEventServiceDisconnect. */
    int SERVICE_DISCONNECT = 0x2000000;

    /**
     * A compute system ended.
     *
     * @param status how
     */
    record SystemExited(SystemExitStatus status) implements HcsEvent {}

    /**
     * A compute system crashes, or crashed.
     *
     * @param report what is known of it
     * @param complete whether no more will be known
     */
    record SystemCrashed(CrashReport report, boolean complete) implements HcsEvent {}

    /**
     * A process ended.
     *
     * @param status how
     */
    record ProcessExited(ProcessStatus status) implements HcsEvent {}

    /** The service is gone, and with it every handle; systems go on. */
    record ServiceDisconnected() implements HcsEvent {}

    /**
     * Something else: an end of an operation, or what is not for containers.
     *
     * @param type the number
     */
    record Other(int type) implements HcsEvent {}

    /**
     * Reads an event.
     *
     * @param type the number
     * @param data the document; null if there is none
     * @throws org.felucca.oci.OciFormatException if the kind has a document and this is not one
     */
    static HcsEvent read(int type, @Nullable String data) {
        return switch (type) {
            case SYSTEM_EXITED -> new SystemExited(SystemExitStatus.read(document("system exit status", data)));
            case CRASH_INITIATED -> new SystemCrashed(CrashReport.read(document("crash report", data)), false);
            case CRASH_REPORT -> new SystemCrashed(CrashReport.read(document("crash report", data)), true);
            case PROCESS_EXITED -> new ProcessExited(ProcessStatus.read(document("process status", data)));
            case SERVICE_DISCONNECT -> new ServiceDisconnected();
            default -> new Other(type);
        };
    }

    private static JsonCursor document(String subject, @Nullable String data) {
        return JsonCursor.of(subject, (data == null ? "" : data).getBytes(StandardCharsets.UTF_8));
    }
}
