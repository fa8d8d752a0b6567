package org.felucca.runtime.engine.task;

import java.util.Optional;
import java.util.function.Function;
import org.felucca.api.process.Handle;
import org.felucca.api.runtime.TaskIo;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.monitor.Streams;

/** Handles of callers as descriptors. */
public final class Descriptors {
    private Descriptors() {}

    /** Calls with the handle's descriptor, which stays the caller's. */
    public static <T> T borrow(Handle handle, Function<Fd, T> use) {
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

    /**
     * Calls with the streams that a process is to have. The first client of a process that keeps stdin open is the one
     * whose end closes it.
     */
    public static <T> T withStreams(TaskIo io, Function<Streams, T> use) {
        return io.client()
                .map(handle -> borrow(handle, fd -> use.apply(new Streams(io.openStdin(), true, Optional.of(fd)))))
                .orElseGet(() -> use.apply(new Streams(io.openStdin(), false, Optional.empty())));
    }
}
