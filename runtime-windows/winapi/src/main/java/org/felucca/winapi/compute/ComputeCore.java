package org.felucca.winapi.compute;

import java.time.Duration;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.abi.NativeLibrary;
import org.felucca.winapi.abi.Owned;
import org.felucca.winapi.handle.Kernel;
import org.felucca.winapi.handle.SecurityDescriptor;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.LibraryLocator;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.jspecify.annotations.Nullable;

/** The host compute service. Thread-safe. */
public final class ComputeCore {

    private static final int GENERIC_ALL = 0x1000_0000;

    private final Kernel kernel;
    private final NativeLibrary library;
    private final Owned strings;

    private ComputeCore(Kernel kernel, NativeLibrary library, Owned strings) {
        this.kernel = kernel;
        this.library = library;
        this.strings = strings;
    }

    /**
     * Loads the library.
     *
     * @throws WinapiException {@link SystemResult#ERROR_MOD_NOT_FOUND} if this Windows has no containers
     */
    public static ComputeCore open(LibraryLocator locator) {
        return new ComputeCore(
                Kernel.open(locator),
                NativeLibrary.open(locator, "computecore"),
                Owned.local(NativeLibrary.open(locator, "kernel32")));
    }

    /**
     * The properties of all systems that a query selects, as a JSON array.
     *
     * @param query a {@code SystemQuery}, or null for all
     */
    public String enumerate(@Nullable String query, Duration timeout) {
        NativeFunction function = function("HcsEnumerateComputeSystems");
        try (Arena arena = new Arena();
                Operation operation = new Operation(this, "")) {
            operation.started(function, function.call(arena.wide(query), operation.handle()));
            return operation.await(function, timeout);
        }
    }

    /**
     * Properties of the service itself, as a JSON document.
     *
     * @param query a {@code Service_PropertyQuery}, or null for all
     */
    public String serviceProperties(@Nullable String query) {
        NativeFunction function = function("HcsGetServiceProperties");
        try (Arena arena = new Arena()) {
            long document = arena.slot();
            int result = function.call(arena.wide(query), document);
            String text = strings.take(document);
            if (result < 0) {
                throw new WinapiException(new HResult(result), function.name(), "", text);
            }
            return text;
        }
    }

    /**
     * Creates a system, not started yet. When it fails, or the time is over, no handle is left behind; a system that
     * comes to be after the time is over is found by {@link #open}.
     *
     * @param id its identifier, unique on the host
     * @param configuration a {@code ComputeSystem} document
     * @param security who else may open it, or null for the default
     * @throws WinapiException {@link ComputeResult#HCS_E_SYSTEM_ALREADY_EXISTS}, {@link
     *     ComputeResult#HCS_E_INVALID_JSON} and others
     */
    public ComputeSystem create(
            String id, String configuration, @Nullable SecurityDescriptor security, Duration timeout) {
        NativeFunction function = function("HcsCreateComputeSystem");
        try (Arena arena = new Arena();
                Operation operation = new Operation(this, id)) {
            long slot = arena.slot();
            int result = function.call(
                    arena.wide(id),
                    arena.wide(configuration),
                    operation.handle(),
                    security == null ? 0 : security.address(),
                    slot);
            operation.started(function, result);
            ComputeSystem system = new ComputeSystem(this, id, Arena.getLong(slot));
            try {
                operation.await(function, timeout);
                return system;
            } catch (RuntimeException e) {
                system.close();
                throw e;
            }
        }
    }

    /**
     * Opens a system that exists.
     *
     * @throws WinapiException {@link ComputeResult#HCS_E_SYSTEM_NOT_FOUND}
     */
    public ComputeSystem open(String id) {
        NativeFunction function = function("HcsOpenComputeSystem");
        try (Arena arena = new Arena()) {
            long slot = arena.slot();
            int result = function.call(arena.wide(id), GENERIC_ALL, slot);
            if (result < 0) {
                throw new WinapiException(new HResult(result), function.name(), id, "");
            }
            return new ComputeSystem(this, id, Arena.getLong(slot));
        }
    }

    NativeFunction function(String symbol) {
        return library.function(symbol);
    }

    Kernel kernel() {
        return kernel;
    }

    Owned strings() {
        return strings;
    }
}
