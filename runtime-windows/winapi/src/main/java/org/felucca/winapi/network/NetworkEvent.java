package org.felucca.winapi.network;

import org.felucca.winapi.result.HResult;

/**
 * A notification of the host network service.
 *
 * @param type what happened
 * @param status how it went
 * @param data its document, or the empty string
 */
public record NetworkEvent(Type type, HResult status, String data) {

    /** The kinds of notification, {@code HCN_NOTIFICATIONS}. */
    public enum Type {
        /** A network is about to be created. */
        NETWORK_PRE_CREATE(0x1),
        /** A network was created. */
        NETWORK_CREATE(0x2),
        /** A network is about to be deleted. */
        NETWORK_PRE_DELETE(0x3),
        /** A network was deleted. */
        NETWORK_DELETE(0x4),
        /** A namespace was created. */
        NAMESPACE_CREATE(0x5),
        /** A namespace was deleted. */
        NAMESPACE_DELETE(0x6),
        /** The network service of a guest was created. */
        GUEST_NETWORK_SERVICE_CREATE(0x7),
        /** The network service of a guest was deleted. */
        GUEST_NETWORK_SERVICE_DELETE(0x8),
        /** An endpoint was attached. */
        NETWORK_ENDPOINT_ATTACHED(0x9),
        /** An endpoint was detached. */
        NETWORK_ENDPOINT_DETACHED(0x10),
        /** The network service of a guest has changed its state. */
        GUEST_NETWORK_SERVICE_STATE_CHANGED(0x11),
        /** An interface of the network service of a guest has changed its state. */
        GUEST_NETWORK_SERVICE_INTERFACE_STATE_CHANGED(0x12),
        /** The host network service has stopped or died. */
        SERVICE_DISCONNECT(0x0100_0000),
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

    /** Receives notifications, on a thread of Windows: it hands on and returns. */
    @FunctionalInterface
    public interface Listener {
        /** Takes a notification. */
        void event(NetworkEvent event);
    }

    /** A registration; closing it ends it. */
    public interface Registration extends AutoCloseable {
        /** Ends it: waits for a notification that is being delivered; a second call does nothing. */
        @Override
        void close();
    }
}
