package org.felucca.runtime.monitor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;

/** Finds a task again that an earlier JVM made. */
public final class Adoption {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Adoption() {}

    /** What was found. */
    public sealed interface Result {
        /**
         * The monitor lives and is connected.
         *
         * @param connection to it
         * @param state what it says
         */
        record Live(MonitorConnection connection, MonitorState state) implements Result {}

        /**
         * The monitor is gone.
         *
         * @param process the first process, if the monitor came so far
         * @param end how it ended, as far as anybody knows
         * @param watched whether the monitor saw the end itself
         */
        record Ended(Optional<ProcessRef> process, ProcessEnd end, boolean watched) implements Result {}

        /** The monitor never came so far that there was a task. */
        record Nothing() implements Result {}
    }

    /**
     * Adopts.
     *
     * @param bootId which start of the host this is
     * @param listener told of events from now on
     * @throws FeluccaException UNAVAILABLE if the monitor lives but cannot be reached
     */
    public static Result adopt(TaskDirectory directory, String bootId, MessageLoop loop, MonitorListener listener) {
        Optional<TaskDirectory.Task> found = directory.task();
        if (found.isEmpty()) {
            return new Result.Nothing();
        }
        TaskDirectory.Task task = found.get();
        if (!task.bootId().equals(bootId)) {
            return ended(task, directory.end(), "the host was restarted");
        }
        try (MonitorWatch monitor = new MonitorWatch(directory, task.monitor())) {
            return adopt(directory, task, monitor, loop, listener);
        }
    }

    private static Result adopt(
            TaskDirectory directory,
            TaskDirectory.Task task,
            MonitorWatch monitor,
            MessageLoop loop,
            MonitorListener listener) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            boolean alive = monitor.alive();
            Optional<Result> live = connect(directory, task, loop, listener);
            if (live.isPresent()) {
                return live.get();
            }
            Optional<ProcessEnd> end = directory.end();
            if (end.isPresent()) {
                monitor.awaitEnd(deadline);
                return ended(task, end, "");
            }
            if (!alive) {
                return ended(task, end, "its monitor was killed");
            }
            if (System.nanoTime() > deadline) {
                throw new FeluccaException(
                        ErrorCode.UNAVAILABLE,
                        "cannot adopt " + task.id(),
                        "its monitor, process " + task.monitor().pid() + ", does not answer");
            }
            monitor.awaitChange();
        }
    }

    private static Result ended(TaskDirectory.Task task, Optional<ProcessEnd> end, String reason) {
        ProcessEnd known = end.orElseGet(() -> new ProcessEnd(new ExitStatus.Unknown(reason), Instant.now(), false));
        return new Result.Ended(Optional.of(task.process()), known, end.isPresent());
    }

    private static Optional<Result> connect(
            TaskDirectory directory, TaskDirectory.Task task, MessageLoop loop, MonitorListener listener) {
        Fd socket;
        try {
            socket = connect(directory);
        } catch (PosixException e) {
            return switch (e.errno()) {
                case ECONNREFUSED, ENOENT -> Optional.empty();
                default ->
                    throw new FeluccaException(
                            ErrorCode.UNAVAILABLE,
                            "cannot reach the monitor of " + task.id(),
                            String.valueOf(e.getMessage()),
                            null,
                            e);
            };
        }
        MonitorConnection connection = new MonitorConnection(task.id(), loop, new MessageSocket(socket), listener);
        try {
            return Optional.of(new Result.Live(connection, connection.hello()));
        } catch (FeluccaException e) {
            connection.close();
            if (e.is(ErrorCode.UNAVAILABLE)) {
                return Optional.empty();
            }
            throw e;
        } catch (AppletException e) {
            connection.close();
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot adopt " + task.id(), e.text(), "restart the container", e);
        }
    }

    /** Socket addresses are short, paths need not be: the directory is opened, and named by its descriptor. */
    private static Fd connect(TaskDirectory directory) {
        if (directory.socket().toString().length() <= UnixSocket.LONGEST_PATH) {
            return UnixSocket.connect(directory.socket(), UnixSocket.Type.SEQPACKET);
        }
        try (Fd parent = Dir.open(directory.path())) {
            return UnixSocket.connect(Path.of(parent.procPath(), TaskDirectory.SOCKET), UnixSocket.Type.SEQPACKET);
        }
    }
}
