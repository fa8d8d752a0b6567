package org.felucca.api.process;

import java.util.function.Function;
import java.util.function.IntFunction;

/** How a process ended. A status that is not known stays unknown: no zero is invented. */
public sealed interface ExitStatus {
    /** The process called {@code exit}. */
    record Exited(int code) implements ExitStatus {
        /** Checks the range of an exit status (0 to 255 on Linux, any value on Windows). */
        public Exited {}
    }

    /** A signal ended the process. */
    record Signaled(int signal) implements ExitStatus {
        /** Checks the signal number. */
        public Signaled {
            if (signal < 1 || signal > 64) {
                throw new IllegalArgumentException("signal " + signal + " is not within 1..64");
            }
        }
    }

    /** Nobody saw the end: the host restarted, or the monitor was killed. */
    record Unknown(String reason) implements ExitStatus {}

    /** Returns the result of the function that fits. */
    default <R> R fold(IntFunction<R> exited, IntFunction<R> signaled, Function<String, R> unknown) {
        if (this instanceof Exited e) {
            return exited.apply(e.code());
        }
        if (this instanceof Signaled s) {
            return signaled.apply(s.signal());
        }
        return unknown.apply(((Unknown) this).reason());
    }

    /**
     * Returns the status a shell would show: the exit code, 128 + signal, or 255 for an unknown end (as containerd
     * reports it).
     */
    default int shellStatus() {
        return fold(code -> code, signal -> 128 + signal, reason -> 255);
    }

    /** Returns {@code true} if the process exited with code 0. */
    default boolean success() {
        return this instanceof Exited e && e.code() == 0;
    }
}
