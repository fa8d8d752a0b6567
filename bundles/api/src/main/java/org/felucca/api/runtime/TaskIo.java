package org.felucca.api.runtime;

import java.nio.file.Path;
import java.util.Optional;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.jspecify.annotations.Nullable;

/**
 * Where the streams of a process go. Immutable; withers return new values.
 *
 * <p>Output goes to the log (if there is one) and to attached clients. The first client, passed here, is lossless: the
 * process waits for it. It is one end of a stream socket and speaks the frames of {@code docs/spec/command-protocol.md};
 * the bytes do not pass through the JVM.
 */
public final class TaskIo {
    /** No terminal, no input, no log, no client. */
    public static final TaskIo NONE = new TaskIo(false, false, new WindowSize(0, 0), null, null);

    private final boolean terminal;
    private final boolean stdin;
    private final WindowSize window;
    private final @Nullable LogFile log;
    private final @Nullable Handle client;

    private TaskIo(boolean terminal, boolean stdin, WindowSize window, @Nullable LogFile log, @Nullable Handle client) {
        this.terminal = terminal;
        this.stdin = stdin;
        this.window = window;
        this.log = log;
        this.client = client;
    }

    /**
     * A log file in the format of CRI ({@code <RFC 3339 time> stdout|stderr F|P <line>}).
     *
     * @param path absolute host path; its directory exists
     * @param maxBytes size at which it is rotated; 0 for never
     * @param maxFiles how many files to keep, the current one included
     */
    public record LogFile(Path path, long maxBytes, int maxFiles) {}

    /** Gives the process a terminal of this initial size. */
    public TaskIo terminal(WindowSize size) {
        return new TaskIo(true, stdin, size, log, client);
    }

    /** Keeps standard input open for clients; otherwise it is at its end from the start. */
    public TaskIo openStdin(boolean open) {
        return new TaskIo(terminal, open, window, log, client);
    }

    /** Logs the output. */
    public TaskIo log(LogFile file) {
        return new TaskIo(terminal, stdin, window, file, client);
    }

    /** Attaches the first client; the backend duplicates the handle within the call it is passed to. */
    public TaskIo client(Handle socket) {
        return new TaskIo(terminal, stdin, window, log, socket);
    }

    /** Returns {@code true} if the process has a terminal. */
    public boolean terminal() {
        return terminal;
    }

    /** Returns {@code true} if standard input stays open for clients. */
    public boolean openStdin() {
        return stdin;
    }

    /** Returns the initial size of the terminal. */
    public WindowSize window() {
        return window;
    }

    /** Returns where the output is logged. */
    public Optional<LogFile> log() {
        return Optional.ofNullable(log);
    }

    /** Returns the first client. */
    public Optional<Handle> client() {
        return Optional.ofNullable(client);
    }
}
