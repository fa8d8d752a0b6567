package org.felucca.hcs.document.process;

import org.felucca.oci.json.JsonObject;

/**
 * Requests to a running process.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ProcessModifyRequest">
 *     ProcessModifyRequest</a>
 */
public final class ProcessRequest {
    private ProcessRequest() {}

    /** Changes the size of its console, to HcsModifyProcess. */
    public static JsonObject resize(ConsoleDimensions size) {
        return JsonObject.builder()
                .put("Operation", "ConsoleSize")
                .put(
                        "ConsoleSize",
                        JsonObject.builder()
                                .put("Height", size.height())
                                .put("Width", size.width())
                                .build())
                .build();
    }

    /** Closes a standard stream on the process's side, to HcsModifyProcess. */
    public static JsonObject close(StdHandle handle) {
        return JsonObject.builder()
                .put("Operation", "CloseHandle")
                .put(
                        "CloseHandle",
                        JsonObject.builder().put("Handle", handle.id()).build())
                .build();
    }

    /** Sends an event of the console, to HcsSignalProcess. */
    public static JsonObject signal(ProcessSignal signal) {
        return JsonObject.builder().put("Signal", signal.id()).build();
    }
}
