package org.felucca.runtime.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;

/**
 * The control connection to the monitor of one task. Thread-safe. Every request throws AppletException if the monitor
 * refuses, FeluccaException UNAVAILABLE if it is gone and CANCELLED on interrupt.
 */
public final class MonitorConnection implements AutoCloseable {
    private static final int OOM = 1;

    private final String id;
    private final MonitorListener listener;
    private final Requests requests;

    MonitorConnection(String id, MessageLoop loop, MessageSocket socket, MonitorListener listener) {
        this.id = id;
        this.listener = listener;
        this.requests = new Requests(loop, socket, "the monitor of " + id, this::event, listener::disconnected);
    }

    void await(int requestId, CompletableFuture<Message> reply) {
        requests.await(requestId, reply);
    }

    private void event(Message message) {
        WireReader in = message.arguments();
        switch (message.type()) {
            case Protocol.EXIT -> {
                int kind = in.u32();
                int value = in.u32();
                long time = in.u64();
                int flags = in.u32();
                listener.exited(ProcessEnd.of(kind, value, time, (flags & OOM) != 0, in.string()));
            }
            case Protocol.DRAINED -> listener.drained();
            case Protocol.EXEC_EXIT -> {
                String execId = in.string();
                int kind = in.u32();
                int value = in.u32();
                long time = in.u64();
                listener.execExited(execId, ProcessEnd.of(kind, value, time, false, in.string()));
            }
            case Protocol.OOM -> listener.outOfMemory(in.u32());
            case Protocol.WARNING -> listener.warning(AppletException.read(in));
            default -> message.discard();
        }
    }

    private Message call(Requests.Request request, List<Fd> descriptors, String what) {
        return Requests.join(requests.send(request, descriptors), "cannot " + what + " " + id);
    }

    private Message call(Requests.Request request, String what) {
        return call(request, List.of(), what);
    }

    /** Introduces this side; the monitor answers with its state, and sends events here from now on. */
    MonitorState hello() {
        Requests.Request request = requests.begin(Protocol.HELLO);
        request.arguments().u32(Protocol.VERSION);
        Message reply = call(request, "adopt");
        int version = reply.arguments().u32();
        if (version != Protocol.VERSION) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED, "cannot adopt " + id, "its monitor speaks version " + version);
        }
        return state();
    }

    /** Asks for the state. */
    public MonitorState state() {
        return MonitorState.read(
                call(requests.begin(Protocol.STATE), "ask for the state of").arguments());
    }

    /** Lets the parked process go; returns when it has executed its program. */
    public ProcessRef start() {
        WireReader reply = call(requests.begin(Protocol.START), "start").arguments();
        return new ProcessRef(reply.u32(), reply.u64());
    }

    /** Sends a signal. @param execId which process; empty for the first */
    public void kill(String execId, int signal, boolean all) {
        Requests.Request request = requests.begin(Protocol.KILL);
        request.arguments().string(execId).u32(signal).u32(all ? Protocol.KILL_ALL : 0);
        call(request, "signal");
    }

    /** Runs another process; returns when it has executed its program. @param slots descriptors of the plan */
    public ProcessRef exec(String execId, byte[] plan, Streams streams, List<Fd> slots) {
        try (PlanCarrier carrier = new PlanCarrier(plan)) {
            Requests.Request request = requests.begin(Protocol.EXEC);
            WireWriter arguments = request.arguments();
            arguments.u32(streams.flags() | carrier.flags()).string(execId);
            carrier.write(arguments);
            List<Fd> descriptors = new ArrayList<>();
            carrier.addTo(descriptors);
            streams.client().ifPresent(descriptors::add);
            descriptors.addAll(slots);
            WireReader reply = call(request, descriptors, "run a process in").arguments();
            reply.string();
            return new ProcessRef(reply.u32(), reply.u64());
        }
    }

    /** Attaches another client. @param client one end of a stream socket; stays the caller's */
    public void attach(String execId, Fd client, boolean stdin) {
        Requests.Request request = requests.begin(Protocol.ATTACH);
        request.arguments().string(execId).u32(Protocol.ATTACH_OUTPUT | (stdin ? Protocol.ATTACH_STDIN : 0));
        call(request, List.of(client), "attach to");
    }

    /** Tells the terminal a new size. */
    public void resize(String execId, int rows, int columns) {
        Requests.Request request = requests.begin(Protocol.RESIZE);
        request.arguments().string(execId).u32(rows).u32(columns);
        call(request, "resize");
    }

    /** Opens the log file again by its name. */
    public void reopenLog() {
        call(requests.begin(Protocol.REOPEN_LOG), "reopen the log of");
    }

    /** Ends the monitor. @param force whether to kill everything first */
    public void delete(boolean force) {
        beginDelete(force).await();
    }

    /** Asks the monitor to end; the caller may do other things meanwhile, and then awaits its answer. */
    public Pending beginDelete(boolean force) {
        Requests.Request request = requests.begin(Protocol.DELETE);
        request.arguments().u32(force ? Protocol.DELETE_FORCE : 0);
        CompletableFuture<Message> reply = requests.send(request, List.of());
        return () -> Requests.join(reply, "cannot delete " + id);
    }

    /** A request that was sent. */
    @FunctionalInterface
    public interface Pending {
        /** Waits for the answer; throws as every request does. */
        void await();
    }

    /** Kills everything and ends the monitor, whatever the caller's interrupt flag; a failure is added to the reason. */
    public void takeBack(RuntimeException reason) {
        Requests.Request request = requests.begin(Protocol.DELETE);
        request.arguments().u32(Protocol.DELETE_FORCE);
        try {
            Requests.joinUninterruptibly(requests.send(request, List.of()), "cannot take back " + id);
        } catch (AppletException | FeluccaException e) {
            reason.addSuppressed(e);
        }
    }

    /** Returns the root's mount, owned by the caller. */
    public Fd root() {
        Message reply = call(requests.begin(Protocol.ROOT), "borrow the root of");
        if (reply.descriptors().size() != 1) {
            reply.discard();
            throw new FeluccaException(ErrorCode.INTERNAL, "cannot borrow the root of " + id, "no descriptor came");
        }
        return reply.descriptors().get(0);
    }

    /** Ends the connection; the monitor goes on. */
    @Override
    public void close() {
        requests.close();
    }
}
