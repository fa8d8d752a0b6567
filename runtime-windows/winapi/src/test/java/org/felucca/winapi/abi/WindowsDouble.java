package org.felucca.winapi.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.felucca.winapi.result.KnownResult;
import org.felucca.winapi.result.LibraryLocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The ABI double's knobs. As an extension it asserts after each test that nothing is left: no handle, no memory of the
 * double's heaps, no callback, no fault that was not met, and no misuse that Windows would not forgive.
 */
public final class WindowsDouble implements AfterEachCallback {

    /** When a function fails. */
    public enum When {
        /** When it is called. */
        AT_CALL,
        /** When the operation that it started completes. */
        AT_COMPLETION,
        /** The operation never completes. */
        NEVER
    }

    private final LibraryLocator locator = WindowsDouble::locate;
    private final NativeLibrary knobs = NativeLibrary.open(locator, "windouble");
    private final Owned strings = Owned.local(NativeLibrary.open(locator, "kernel32"));

    private static Path locate(String name) {
        String directory = System.getProperty("felucca.winapi.double");
        if (directory == null) {
            throw new IllegalStateException("system property felucca.winapi.double is not set");
        }
        return Path.of(directory, "lib" + name + ".so");
    }

    public LibraryLocator locator() {
        return locator;
    }

    /** Has the next call of a function fail. */
    public void fail(String function, When when, KnownResult result, @Nullable String document) {
        fail(function, when, result.value(), document);
    }

    /** Has the next call of a function fail. */
    public void fail(String function, When when, int result, @Nullable String document) {
        try (Arena arena = new Arena()) {
            knobs.function("DoubleFail").call(arena.wide(function), when.ordinal(), result, arena.wide(document));
        }
    }

    /** What a system was created with, and its modifications. */
    public String system(String id) {
        try (Arena arena = new Arena()) {
            long slot = arena.slot();
            NativeFunction function = NativeLibrary.open(locator, "computecore").function("DoubleSystem");
            Arena.putLong(slot, function.callLong(arena.wide(id)));
            return strings.take(slot);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertEquals("", misuses(), "misuse");
        assertEquals(0, knobs.function("DoubleFaults").call(), "faults that were not met");
        assertEquals(0, knobs.function("DoubleOpen").call(), "handles and memory that were not given back");
        assertEquals(0, Callbacks.registered(), "callbacks");
    }

    /** What was done wrong since the last call, a line each. */
    public String misuses() {
        try (Arena arena = new Arena()) {
            long slot = arena.slot();
            Arena.putLong(slot, knobs.function("DoubleMisuses").callLong());
            return strings.take(slot);
        }
    }
}
