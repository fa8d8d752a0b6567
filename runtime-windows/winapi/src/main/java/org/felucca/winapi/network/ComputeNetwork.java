package org.felucca.winapi.network;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.Callbacks;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.abi.NativeLibrary;
import org.felucca.winapi.abi.Owned;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.LibraryLocator;
import org.felucca.winapi.result.NetworkResult;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;

/**
 * The host network service. Every method blocks until the service has answered, and throws {@link WinapiException}
 * with the service's error record. Thread-safe.
 */
public final class ComputeNetwork {

    private final NativeLibrary library;
    private final Owned strings;
    private final HcnObjects networks;
    private final HcnObjects namespaces;
    private final HcnObjects endpoints;

    private ComputeNetwork(NativeLibrary library, Owned strings) {
        this.library = library;
        this.strings = strings;
        this.networks = new HcnObjects(library, strings, "Network", "Networks");
        this.namespaces = new HcnObjects(library, strings, "Namespace", "Namespaces");
        this.endpoints = new HcnObjects(library, strings, "Endpoint", "Endpoints");
    }

    /**
     * Loads the library.
     *
     * @throws WinapiException {@link SystemResult#ERROR_MOD_NOT_FOUND} if this Windows has no containers
     */
    public static ComputeNetwork open(LibraryLocator locator) {
        return new ComputeNetwork(
                NativeLibrary.open(locator, "computenetwork"), Owned.task(NativeLibrary.open(locator, "ole32")));
    }

    /** The networks. An unknown one is {@link NetworkResult#HCN_E_NETWORK_NOT_FOUND}. */
    public HcnObjects networks() {
        return networks;
    }

    /** The namespaces. An unknown one is {@link SystemResult#ERROR_NOT_FOUND}. */
    public HcnObjects namespaces() {
        return namespaces;
    }

    /**
     * The endpoints, each of which is created on a network: {@link #createEndpoint}. An unknown one is {@link
     * NetworkResult#HCN_E_ENDPOINT_NOT_FOUND}.
     */
    public HcnObjects endpoints() {
        return endpoints;
    }

    /**
     * Creates an endpoint.
     *
     * @param network the identifier of its network
     * @param id its identifier
     * @param settings a {@code HostComputeEndpoint} document
     * @throws WinapiException {@link NetworkResult#HCN_E_NETWORK_NOT_FOUND}, {@link
     *     NetworkResult#HCN_E_INVALID_ENDPOINT} and others
     */
    public void createEndpoint(UUID network, UUID id, String settings) {
        NativeFunction function = library.function("HcnCreateEndpoint");
        networks.with(network, handle -> {
            try (Arena arena = new Arena()) {
                long slot = arena.slot();
                long error = arena.slot();
                int result = function.call(handle, arena.guid(id), arena.wide(settings), slot, error);
                HcnObjects.check(function, "endpoint " + id, result, strings.take(error));
                endpoints.close(Arena.getLong(slot));
                return "";
            }
        });
    }

    /** Has the service's notifications delivered to a listener until the registration is closed. */
    public NetworkEvent.Registration subscribe(NetworkEvent.Listener listener) {
        NativeFunction register = library.function("HcnRegisterServiceCallback");
        NativeFunction unregister = library.function("HcnUnregisterServiceCallback");
        Callbacks.NotificationReceiver receiver = (type, status, data) ->
                listener.event(new NetworkEvent(NetworkEvent.Type.of(type), new HResult(status), data));
        long context = Callbacks.register(receiver);
        try (Arena arena = new Arena()) {
            long slot = arena.slot();
            int result = register.call(Callbacks.notificationEntry(), context, slot);
            if (result < 0) {
                Callbacks.forget(context);
                throw new WinapiException(new HResult(result), register.name(), "", "");
            }
            long handle = Arena.getLong(slot);
            AtomicBoolean closed = new AtomicBoolean();
            return () -> {
                if (closed.compareAndSet(false, true)) {
                    Callbacks.forget(context);
                    HcnObjects.check(unregister, "", unregister.call(handle), "");
                }
            };
        }
    }
}
