package org.felucca.runtime.monitor;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.net.UnixSocket;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to spawn, the process that forks monitors and runs helpers. Many requests may be under way. Thread-safe.
 *
 * <p>When spawn itself is restarted the socket stays; what was under way then fails with UNAVAILABLE.
 */
public final class SpawnClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpawnClient.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final String PEER = "the process service";

    private final MessageLoop loop;
    private final Requests requests;
    private volatile int generation = -1;

    private SpawnClient(MessageLoop loop, Fd socket) {
        this.loop = loop;
        this.requests = new Requests(loop, new MessageSocket(socket), PEER, this::event, this::ended);
    }

    /**
     * Takes over a connected socket and makes sure that spawn is there.
     *
     * @throws FeluccaException UNAVAILABLE if it does not answer
     */
    public static SpawnClient connect(Fd socket, MessageLoop loop) {
        SpawnClient client = new SpawnClient(loop, socket);
        try {
            Requests.Request hello = client.requests.begin(Protocol.SPAWN_HELLO);
            hello.arguments().u32(Protocol.VERSION);
            Message reply = Requests.join(client.requests.send(hello, List.of()), "cannot reach " + PEER);
            int version = reply.arguments().u32();
            if (version != Protocol.VERSION) {
                throw new FeluccaException(ErrorCode.UNSUPPORTED, "cannot use " + PEER, "it speaks version " + version);
            }
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private void event(Message message) {
        switch (message.type()) {
            case Protocol.READY -> {
                message.arguments().u32();
                message.arguments().u32();
                int now = message.arguments().u32();
                if (generation != -1 && generation != now) {
                    LOG.warn("the process service was restarted (generation {})", now);
                    requests.failAll("the process service was restarted");
                }
                generation = now;
            }
            case Protocol.MONITOR_ENDED -> {
                if (LOG.isDebugEnabled()) {
                    int pid = message.arguments().u32();
                    int kind = message.arguments().u32();
                    LOG.debug(
                            "monitor {} ended: {} {}",
                            pid,
                            kind == 0 ? "exit" : "signal",
                            message.arguments().u32());
                }
            }
            default -> message.discard();
        }
    }

    private void ended(String reason) {
        LOG.info("the connection to the process service is over: {}", reason);
    }

    /**
     * A task that was made.
     *
     * @param connection to its monitor
     * @param process its first process
     * @param running whether it executes its program; otherwise it is parked
     */
    public record Spawned(MonitorConnection connection, ProcessRef process, boolean running) {}

    /**
     * Makes a container.
     *
     * <p>Is not cut short by an interrupt: what is being made has to be known before it can be taken back.
     *
     * @param listener told of events from the start on, even before this returns
     * @param meanwhile done while the container is being made; if it throws, the container is made nevertheless, taken
     *     back, and the exception thrown
     * @throws AppletException if an operation of the plan failed; nothing is left then
     * @throws FeluccaException UNAVAILABLE if spawn or the monitor died
     */
    public Spawned spawn(SpawnRequest request, MonitorListener listener, Runnable meanwhile) {
        Fd[] pair = UnixSocket.pair(UnixSocket.Type.SEQPACKET);
        MonitorConnection connection;
        try {
            connection = new MonitorConnection(request.id(), loop, new MessageSocket(pair[0]), listener);
        } catch (RuntimeException e) {
            pair[0].close();
            pair[1].close();
            throw e;
        }
        try {
            Message reply = send(request, pair[1], connection, meanwhile);
            ProcessRef process =
                    new ProcessRef(reply.arguments().u32(), reply.arguments().u64());
            return new Spawned(connection, process, reply.type() == Protocol.STARTED);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        } finally {
            pair[1].close();
        }
    }

    /** The answer comes over the new connection; a refusal may come over spawn's own. */
    private Message send(SpawnRequest spawn, Fd theirEnd, MonitorConnection connection, Runnable meanwhile) {
        String subject = "cannot make container " + spawn.id();
        Requests.Request request = requests.begin(Protocol.SPAWN);
        CompletableFuture<Message> made = new CompletableFuture<>();
        connection.await(request.id(), made);
        CompletableFuture<Message> refused;
        try (PlanCarrier carrier = new PlanCarrier(spawn.plan())) {
            List<Fd> descriptors = write(request.arguments(), spawn, theirEnd, carrier);
            refused = requests.send(request, descriptors);
        }
        theirEnd.close();
        try {
            refused.whenComplete((message, failure) -> {
                if (failure instanceof AppletException) {
                    made.completeExceptionally(failure);
                }
            });
            Optional<RuntimeException> failed = attempt(meanwhile);
            Message reply = Requests.joinUninterruptibly(made, subject);
            if (failed.isPresent()) {
                connection.takeBack(failed.get());
                throw failed.get();
            }
            return reply;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.UNAVAILABLE)) {
                lastWords(refused);
            }
            throw e;
        } finally {
            requests.forget(request.id());
        }
    }

    private static Optional<RuntimeException> attempt(Runnable meanwhile) {
        try {
            meanwhile.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    /** A monitor that could not even begin is gone before spawn has said why. */
    private static void lastWords(CompletableFuture<Message> refused) {
        CompletableFuture<Message> bounded =
                refused.copy().completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        Requests.joinUninterruptibly(bounded, "cannot reach " + PEER);
    }

    private static List<Fd> write(WireWriter arguments, SpawnRequest spawn, Fd theirEnd, PlanCarrier carrier) {
        int flags = (spawn.autostart() ? Protocol.AUTOSTART : 0)
                | spawn.streams().flags()
                | (spawn.log().isPresent() ? Protocol.LOG : 0)
                | carrier.flags();
        arguments
                .u32(flags)
                .u32(0)
                .string(spawn.id())
                .string(spawn.log().map(SpawnRequest.Log::name).orElse(""))
                .u64(spawn.log().map(SpawnRequest.Log::maxBytes).orElse(0L))
                .u32(spawn.log().map(SpawnRequest.Log::maxFiles).orElse(1));
        carrier.write(arguments);
        List<Fd> descriptors = new ArrayList<>(6 + spawn.slots().size());
        descriptors.add(theirEnd);
        descriptors.add(spawn.taskDirectory());
        carrier.addTo(descriptors);
        spawn.streams().client().ifPresent(descriptors::add);
        spawn.log().ifPresent(log -> descriptors.add(log.directory()));
        descriptors.addAll(spawn.slots());
        return descriptors;
    }

    /**
     * A helper program that ended.
     *
     * @param status how
     * @param timedOut whether it was killed at its deadline
     * @param stdoutTruncated whether it wrote more than the limit
     * @param stderrTruncated whether it wrote more than the limit
     * @param stdout what it wrote
     * @param stderr what it wrote
     */
    public record RunResult(
            ExitStatus status,
            boolean timedOut,
            boolean stdoutTruncated,
            boolean stderrTruncated,
            byte[] stdout,
            byte[] stderr) {}

    /**
     * Runs a helper program of the host.
     *
     * @param stdin what it reads; stays the caller's
     * @throws AppletException if it cannot be executed
     * @throws FeluccaException UNAVAILABLE if spawn died; CANCELLED on interrupt, when the program was killed
     */
    public RunResult run(
            List<String> argv, List<String> environment, String directory, Fd stdin, Duration deadline, int limit) {
        Requests.Request request = runRequest(argv, environment, directory, deadline, limit);
        CompletableFuture<Message> reply = requests.send(request, List.of(stdin));
        try {
            return read(Requests.join(reply, "cannot run " + argv.get(0)));
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.CANCELLED)) {
                cancel(request.id());
            }
            throw e;
        }
    }

    /**
     * Starts a helper program of the host, and does not wait for its end; parameters as for {@link #run}.
     *
     * @return completes at its end; exceptionally with {@link AppletException} if it cannot be executed
     */
    public CompletableFuture<RunResult> begin(
            List<String> argv, List<String> environment, String directory, Fd stdin, Duration deadline, int limit) {
        Requests.Request request = runRequest(argv, environment, directory, deadline, limit);
        return requests.send(request, List.of(stdin)).thenApply(SpawnClient::read);
    }

    private Requests.Request runRequest(
            List<String> argv, List<String> environment, String directory, Duration deadline, int limit) {
        Requests.Request request = requests.begin(Protocol.RUN);
        request.arguments()
                .u32(Protocol.RUN_STDIN)
                .u32((int) Math.min(Math.max(deadline.toMillis(), 1), Integer.MAX_VALUE))
                .u32(limit)
                .u32(limit)
                .string(directory)
                .strings(argv)
                .strings(environment);
        return request;
    }

    private void cancel(int id) {
        Requests.Request request = requests.begin(Protocol.CANCEL);
        request.arguments().u32(id);
        requests.send(request, List.of());
        requests.forget(request.id());
    }

    private static RunResult read(Message message) {
        try {
            WireReader in = message.arguments();
            int kind = in.u32();
            int value = in.u32();
            int flags = in.u32();
            byte[] stdout = in.bytes();
            byte[] stderr = in.bytes();
            if (message.descriptors().size() == 2) {
                stdout = contents(message.descriptors().get(0));
                stderr = contents(message.descriptors().get(1));
            }
            return new RunResult(
                    ProcessEnd.status(kind, value, ""),
                    (flags & 1) != 0,
                    (flags & 2) != 0,
                    (flags & 4) != 0,
                    stdout,
                    stderr);
        } finally {
            message.discard();
        }
    }

    private static byte[] contents(Fd file) {
        int size = (int) Io.stat(file).size();
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        while (buffer.hasRemaining() && Io.read(file, buffer, buffer.position()) > 0) {
            continue;
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /**
     * Mounts with {@code mount(2)} in a private namespace.
     *
     * @param flags {@code MS_*}
     * @param data options, at most 4095 bytes
     * @param base absolute host path that relative paths in the data start from
     * @return the detached mount, owned by the caller
     */
    public Fd mount(String type, String source, long flags, String data, String base) {
        Requests.Request request = requests.begin(Protocol.MOUNT);
        request.arguments().string(type).string(source).u64(flags).string(data).string(base);
        return descriptor(request, List.of(), "cannot mount " + type + " " + source);
    }

    /**
     * Makes a network namespace with its loopback device up; the descriptor is owned by the caller.
     *
     * @param ahead whether nobody waits for it, so that it may take the time that others leave
     */
    public Fd newNetworkNamespace(boolean ahead) {
        Requests.Request request = requests.begin(Protocol.NEW_NETNS);
        request.arguments().u32(ahead ? Protocol.LOOPBACK_UP | Protocol.AHEAD : Protocol.LOOPBACK_UP);
        return descriptor(request, List.of(), "cannot make a network namespace");
    }

    /** Makes a socket in a network namespace; the descriptor is owned by the caller. */
    public Fd socketIn(Fd namespace, int domain, int type, int protocol) {
        Requests.Request request = requests.begin(Protocol.SOCKET_IN_NETNS);
        request.arguments().u32(domain).u32(type).u32(protocol);
        return descriptor(request, List.of(namespace), "cannot make a socket in a network namespace");
    }

    private Fd descriptor(Requests.Request request, List<Fd> descriptors, String subject) {
        Message reply = Requests.join(requests.send(request, descriptors), subject);
        if (reply.descriptors().size() != 1) {
            reply.discard();
            throw new FeluccaException(ErrorCode.INTERNAL, subject, "no descriptor came");
        }
        return reply.descriptors().get(0);
    }

    /** Ends the connection. */
    @Override
    public void close() {
        requests.close();
    }
}
