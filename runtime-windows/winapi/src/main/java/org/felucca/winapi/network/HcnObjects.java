package org.felucca.winapi.network;

import java.util.Locale;
import java.util.UUID;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.abi.NativeLibrary;
import org.felucca.winapi.abi.Owned;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.NetworkResult;
import org.felucca.winapi.result.WinapiException;

/**
 * One kind of object of the network service: all of them have the same functions. Thread-safe.
 *
 * <p>Unlike the compute service's, the service's strings are on the task heap, and it may put an error record beside a
 * result that is a success; what counts is the result.
 */
public final class HcnObjects {

    private final NativeLibrary library;
    private final Owned strings;
    private final String kind;
    private final String kinds;

    HcnObjects(NativeLibrary library, Owned strings, String kind, String kinds) {
        this.library = library;
        this.strings = strings;
        this.kind = kind;
        this.kinds = kinds;
    }

    /** What is done with a handle while it is open. */
    @FunctionalInterface
    interface Use {
        String with(long handle);
    }

    /**
     * The identifiers of those that a query selects, as a JSON array.
     *
     * @param query a {@code HostComputeQuery}; the empty string selects all
     */
    public String enumerate(String query) {
        NativeFunction function = library.function("HcnEnumerate" + kinds);
        try (Arena arena = new Arena()) {
            long answer = arena.slot();
            long error = arena.slot();
            int result = function.call(arena.wide(query), answer, error);
            return answer(function, kinds, result, answer, error);
        }
    }

    /**
     * Creates one that stands alone: a network or a namespace.
     *
     * @param settings its document
     * @throws WinapiException {@link NetworkResult#HCN_E_NETWORK_ALREADY_EXISTS}, {@link
     *     NetworkResult#HCN_E_INVALID_NETWORK}, {@link NetworkResult#HCN_E_INVALID_JSON} and others
     */
    public void create(UUID id, String settings) {
        NativeFunction function = library.function("HcnCreate" + kind);
        try (Arena arena = new Arena()) {
            long slot = arena.slot();
            long error = arena.slot();
            int result = function.call(arena.guid(id), arena.wide(settings), slot, error);
            check(function, subject(id), result, strings.take(error));
            close(Arena.getLong(slot));
        }
    }

    /**
     * Changes one.
     *
     * @param request a {@code ModifySettingRequest} document of its kind
     */
    public void modify(UUID id, String request) {
        NativeFunction function = library.function("HcnModify" + kind);
        with(id, handle -> {
            try (Arena arena = new Arena()) {
                long error = arena.slot();
                int result = function.call(handle, arena.wide(request), error);
                check(function, subject(id), result, strings.take(error));
                return "";
            }
        });
    }

    /**
     * The properties of one, as a JSON document.
     *
     * @param query a {@code HostComputeQuery}; the empty string asks for all
     */
    public String query(UUID id, String query) {
        NativeFunction function = library.function("HcnQuery" + kind + "Properties");
        return with(id, handle -> {
            try (Arena arena = new Arena()) {
                long answer = arena.slot();
                long error = arena.slot();
                int result = function.call(handle, arena.wide(query), answer, error);
                return answer(function, subject(id), result, answer, error);
            }
        });
    }

    /** Deletes one. */
    public void delete(UUID id) {
        NativeFunction function = library.function("HcnDelete" + kind);
        try (Arena arena = new Arena()) {
            long error = arena.slot();
            int result = function.call(arena.guid(id), error);
            check(function, subject(id), result, strings.take(error));
        }
    }

    /** Opens one for the time of a call. */
    String with(UUID id, Use use) {
        NativeFunction function = library.function("HcnOpen" + kind);
        try (Arena arena = new Arena()) {
            long slot = arena.slot();
            long error = arena.slot();
            int result = function.call(arena.guid(id), slot, error);
            check(function, subject(id), result, strings.take(error));
            long handle = Arena.getLong(slot);
            String answer;
            try {
                answer = use.with(handle);
            } catch (RuntimeException e) {
                try {
                    close(handle);
                } catch (WinapiException onClose) {
                    e.addSuppressed(onClose);
                }
                throw e;
            }
            close(handle);
            return answer;
        }
    }

    void close(long handle) {
        NativeFunction function = library.function("HcnClose" + kind);
        check(function, "", function.call(handle), "");
    }

    private String subject(UUID id) {
        return kind.toLowerCase(Locale.ROOT) + ' ' + id;
    }

    private String answer(NativeFunction function, String subject, int result, long answer, long error) {
        // Both are taken before the result is looked at: whatever is there is ours to free.
        String text = strings.take(answer);
        check(function, subject, result, strings.take(error));
        return text;
    }

    static void check(NativeFunction function, String subject, int result, String errorRecord) {
        if (result < 0) {
            throw new WinapiException(new HResult(result), function.name(), subject, errorRecord);
        }
    }
}
