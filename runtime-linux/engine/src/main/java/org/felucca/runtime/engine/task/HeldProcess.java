package org.felucca.runtime.engine.task;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.net.UnixSocket;
import org.felucca.posix.poll.Epoll;
import org.felucca.runtime.engine.cgroup.Occupant;
import org.felucca.runtime.monitor.SpawnClient;

/** A shell, started by spawn, that tells its pid and then waits until nobody holds the other end of its input. */
public final class HeldProcess implements Occupant {
    private static final List<String> COMMAND = List.of("/bin/sh", "-c", "echo $$ >&0; read end");
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final Duration START = Duration.ofSeconds(30);
    private static final int LINE = 32;

    private final Fd input;
    private final int pid;

    private HeldProcess(Fd input, int pid) {
        this.input = input;
        this.pid = pid;
    }

    /**
     * Starts one.
     *
     * @throws FeluccaException UNAVAILABLE if it does not come up
     */
    public static HeldProcess start(SpawnClient spawn) {
        Fd[] pair = UnixSocket.pair(UnixSocket.Type.STREAM);
        try {
            CompletableFuture<SpawnClient.RunResult> end = begin(spawn, pair[1]);
            return new HeldProcess(pair[0], readPid(pair[0], end));
        } catch (RuntimeException e) {
            pair[0].close();
            throw e;
        }
    }

    private static CompletableFuture<SpawnClient.RunResult> begin(SpawnClient spawn, Fd socket) {
        try (socket) {
            return spawn.begin(COMMAND, List.of(), "/", socket, LIFE, 0);
        }
    }

    private static int readPid(Fd socket, CompletableFuture<SpawnClient.RunResult> end) {
        StringBuilder line = new StringBuilder();
        try (Epoll epoll = Epoll.create()) {
            epoll.add(socket, Epoll.IN, 0);
            ByteBuffer buffer = ByteBuffer.allocateDirect(LINE);
            while (line.indexOf("\n") < 0) {
                if (epoll.await(START) == 0 || Io.read(socket, buffer.clear()) <= 0 || line.length() > LINE) {
                    throw failed(end);
                }
                line.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            }
        }
        return Integer.parseInt(line.toString().strip());
    }

    /** Its end is told a moment after its socket is closed. */
    private static FeluccaException failed(CompletableFuture<SpawnClient.RunResult> end) {
        String reason = end.handle((result, failure) ->
                        failure == null ? "it ended: " + result.status() : String.valueOf(failure.getMessage()))
                .completeOnTimeout("it does not say its pid", 2, TimeUnit.SECONDS)
                .join();
        return new FeluccaException(ErrorCode.UNAVAILABLE, "cannot start " + COMMAND.get(0), reason);
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public void close() {
        input.close();
    }
}
