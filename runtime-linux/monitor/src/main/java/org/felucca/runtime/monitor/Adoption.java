package org.felucca.runtime.monitor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;

/** Finds a task again that an earlier JVM made. */
public final class Adoption {
    private static final Duration ENDING = Duration.ofSeconds(5);

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
        for (int attempt = 0; attempt < 2; attempt++) {
            Optional<Result> live = connect(directory, task, loop, listener);
            if (live.isPresent()) {
                return live.get();
            }
            Optional<ProcessEnd> end = directory.end();
            if (end.isPresent()) {
                awaitEnd(task.monitor(), loop);
                return ended(task, end, "");
            }
            if (!awaitEnd(task.monitor(), loop)) {
                break;
            }
        }
        return ended(task, directory.end(), "its monitor was killed");
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

    /** @return whether the process was alive; it is not any more, or does not come to an end */
    private static boolean awaitEnd(ProcessRef process, MessageLoop loop) {
        Optional<Fd> fd = HostProcesses.open(process);
        if (fd.isEmpty()) {
            return false;
        }
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        loop.onEnd(fd.get(), () -> end.complete(true));
        return Requests.join(
                end.completeOnTimeout(true, ENDING.toMillis(), TimeUnit.MILLISECONDS), "cannot adopt a task");
    }
}
