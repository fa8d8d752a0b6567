package org.felucca.winapi.abi;

import com.kenai.jffi.Library;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.LibraryLocator;
import org.felucca.winapi.result.WinapiException;

/**
 * A loaded library. A function is looked up when it is first asked for: older builds of Windows lack the newest ones,
 * and only who needs such a one is refused. Never unloaded. Any thread may use it.
 */
public final class NativeLibrary {

    private static final int ERROR_MOD_NOT_FOUND = 126;
    private static final int ERROR_PROC_NOT_FOUND = 127;

    private final String name;
    private final Library library;
    private final ConcurrentHashMap<String, NativeFunction> functions = new ConcurrentHashMap<>();

    private NativeLibrary(String name, Library library) {
        this.name = name;
        this.library = library;
    }

    /**
     * Loads a library.
     *
     * @param name without extension: {@code computecore}
     * @throws WinapiException with {@code ERROR_MOD_NOT_FOUND} if the host has none of that name
     */
    public static NativeLibrary open(LibraryLocator locator, String name) {
        Path file = locator.locate(name);
        Library library = Library.getCachedInstance(file.toString(), Library.NOW | Library.LOCAL);
        if (library == null) {
            String detail = Library.getLastError();
            throw new WinapiException(
                    HResult.ofWin32(ERROR_MOD_NOT_FOUND), "LoadLibrary", file.toString(), detail == null ? "" : detail);
        }
        return new NativeLibrary(name, library);
    }

    /**
     * A function of the library.
     *
     * @throws WinapiException with {@code ERROR_PROC_NOT_FOUND} if this build of Windows lacks it
     */
    public NativeFunction function(String symbol) {
        return functions.computeIfAbsent(symbol, this::find);
    }

    private NativeFunction find(String symbol) {
        long address = library.getSymbolAddress(symbol);
        if (address == 0) {
            throw new WinapiException(HResult.ofWin32(ERROR_PROC_NOT_FOUND), "GetProcAddress", name + '!' + symbol, "");
        }
        return new NativeFunction(symbol, address);
    }
}
