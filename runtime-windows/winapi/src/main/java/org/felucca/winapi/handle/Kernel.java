package org.felucca.winapi.handle;

import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.abi.NativeLibrary;
import org.felucca.winapi.abi.Owned;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.LibraryLocator;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;

/** What the platform uses of kernel32 and advapi32. Thread-safe. */
public final class Kernel {

    private static final int SDDL_REVISION_1 = 1;

    private final LibraryLocator locator;
    private final NativeLibrary kernel32;
    private final Owned local;

    private Kernel(LibraryLocator locator, NativeLibrary kernel32) {
        this.locator = locator;
        this.kernel32 = kernel32;
        this.local = Owned.local(kernel32);
    }

    /**
     * Loads the library.
     *
     * @throws WinapiException {@link SystemResult#ERROR_MOD_NOT_FOUND} if it is not there
     */
    public static Kernel open(LibraryLocator locator) {
        return new Kernel(locator, NativeLibrary.open(locator, "kernel32"));
    }

    /**
     * A security descriptor from its text, as functions that create objects take it; to be closed.
     *
     * @param sddl in the security descriptor definition language: {@code D:P(A;;GA;;;BA)(A;;GA;;;SY)}
     * @throws WinapiException {@link SystemResult#ERROR_INVALID_ACL}, {@link SystemResult#E_INVALIDARG} and the like,
     *     which are all {@code INVALID_ARGUMENT}, if it is malformed
     */
    public SecurityDescriptor securityDescriptor(String sddl) {
        NativeFunction convert = NativeLibrary.open(locator, "advapi32")
                .function("ConvertStringSecurityDescriptorToSecurityDescriptorW");
        try (Arena arena = new Arena()) {
            long descriptor = arena.slot();
            if (convert.call(arena.wide(sddl), SDDL_REVISION_1, descriptor, 0) == 0) {
                throw failure(convert, sddl);
            }
            return new SecurityDescriptor(local, Arena.getLong(descriptor));
        }
    }

    NativeFunction function(String symbol) {
        return kernel32.function(symbol);
    }

    /** The failure of a function that leaves its reason in the thread's last error. */
    static WinapiException failure(NativeFunction function, String subject) {
        return new WinapiException(HResult.ofWin32(NativeFunction.lastError()), function.name(), subject, "");
    }
}
