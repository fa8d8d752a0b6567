package org.felucca.posix.libc;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Optional;

/**
 * A shared library of the host that may be missing. Its functions take up to six integers or addresses; a function
 * that returns an {@code int} leaves the upper half of the result undefined, so callers cast.
 */
public final class NativeLibrary {

    private static final Invoker INVOKER = Invoker.getInstance();
    private static final CallContext CONTEXT = CallContext.getCallContext(
            Type.SINT64,
            new Type[] {Type.SINT64, Type.SINT64, Type.SINT64, Type.SINT64, Type.SINT64, Type.SINT64},
            CallingConvention.DEFAULT,
            false);

    private final String name;
    private final Library library;

    private NativeLibrary(String name, Library library) {
        this.name = name;
        this.library = library;
    }

    /** @param name as the dynamic linker finds it: {@code libseccomp.so.2} */
    public static Optional<NativeLibrary> open(String name) {
        Library library = Library.getCachedInstance(name, Library.LAZY | Library.LOCAL);
        return library == null ? Optional.empty() : Optional.of(new NativeLibrary(name, library));
    }

    /**
     * The address of a function.
     *
     * @throws UnsatisfiedLinkError if the library has none of that name
     */
    public long function(String symbol) {
        long address = library.getSymbolAddress(symbol);
        if (address == 0) {
            throw new UnsatisfiedLinkError(name + " has no symbol " + symbol);
        }
        return address;
    }

    /** Calls a function with up to six arguments; those it does not take are ignored by it. */
    public static long call(long function, long a, long b, long c, long d, long e, long f) {
        return INVOKER.invokeN6(CONTEXT, function, a, b, c, d, e, f);
    }

    public static long call(long function, long a) {
        return INVOKER.invokeN6(CONTEXT, function, a, 0, 0, 0, 0, 0);
    }
}
