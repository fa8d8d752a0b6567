package org.felucca.runtime.engine;

import java.util.function.Function;
import org.felucca.api.process.Handle;
import org.felucca.posix.fs.Fd;

/** Handles of callers as descriptors. */
final class Descriptors {
    private Descriptors() {}

    /** Calls with the handle's descriptor, which stays the caller's. */
    static <T> T borrow(Handle handle, Function<Fd, T> use) {
        if (handle instanceof Fd fd) {
            return use.apply(fd);
        }
        Fd borrowed = Fd.adopt((int) handle.value());
        try {
            return use.apply(borrowed);
        } finally {
            borrowed.release();
        }
    }
}
