package org.felucca.winapi.compute;

/**
 * An event of a compute system or of a process.
 *
 * @param type what happened
 * @param data its document, or the empty string: a {@code SystemExitStatus}, a {@code ProcessStatus}
 */
public record ComputeEvent(Type type, String data) {

    /** The kinds of event, {@code HCS_EVENT_TYPE}. */
    public enum Type {
        /** The system has exited; no further event follows. */
        SYSTEM_EXITED(0x1),
        /** The guest is about to write a crash dump. */
        SYSTEM_CRASH_INITIATED(0x2),
        /** The guest has crashed. */
        SYSTEM_CRASH_REPORT(0x3),
        /** The enhanced session mode of the guest has changed. */
        SYSTEM_RDP_ENHANCED_MODE_STATE_CHANGED(0x4),
        /** The job object of the container has been created. */
        SYSTEM_SILO_JOB_CREATED(0x5),
        /** The connection to the guest was lost. */
        SYSTEM_GUEST_CONNECTION_CLOSED(0x6),
        /** The process has exited. */
        PROCESS_EXITED(0x10000),
        /** An operation has completed. */
        OPERATION_CALLBACK(0x0100_0000),
        /** The host compute service has stopped or died: every handle is dead. */
        SERVICE_DISCONNECT(0x0200_0000),
        /** A kind that this version does not know. */
        OTHER(0);

        private final int value;

        Type(int value) {
            this.value = value;
        }

        static Type of(int value) {
            for (Type type : values()) {
                if (type.value == value) {
                    return type;
                }
            }
            return OTHER;
        }
    }

    /** Receives events, on a thread of Windows: it hands on and returns. */
    @FunctionalInterface
    public interface Listener {
        /** Takes an event. */
        void event(ComputeEvent event);
    }
}
