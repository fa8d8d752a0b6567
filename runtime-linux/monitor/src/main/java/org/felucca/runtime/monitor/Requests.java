package org.felucca.runtime.monitor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.runtime.plan.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/** Requests over one socket and the replies that are awaited. Thread-safe. */
final class Requests implements MessageLoop.Handler {
    private final Map<Integer, CompletableFuture<Message>> awaited = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final String peer;
    private final Consumer<Message> events;
    private final Consumer<String> ended;
    private final MessageLoop.Subscription subscription;
    private volatile @Nullable String endReason;
    private volatile boolean closedHere;

    /**
     * @param peer who is at the other end, for messages: {@code the monitor of web-1}
     * @param events takes what answers no request
     * @param ended told why, when the connection is over without {@link #close}; after every awaited reply has failed
     */
    Requests(MessageLoop loop, MessageSocket socket, String peer, Consumer<Message> events, Consumer<String> ended) {
        this.peer = peer;
        this.events = events;
        this.ended = ended;
        this.subscription = loop.subscribe(socket, this);
    }

    /**
     * A request to be written.
     *
     * @param id its id, which is never 0
     * @param arguments takes the arguments
     */
    record Request(int id, WireWriter arguments) {}

    Request begin(int type) {
        int id = ids.updateAndGet(last -> last == -1 ? 1 : last + 1);
        return new Request(id, MessageSocket.message(type, id));
    }

    /**
     * Sends a request.
     *
     * @return completes with the reply; exceptionally with AppletException if it is ERROR, with a FeluccaException
     *     UNAVAILABLE if the connection ends first
     */
    CompletableFuture<Message> send(Request request, List<Fd> descriptors) {
        int id = request.id();
        CompletableFuture<Message> reply = new CompletableFuture<>();
        awaited.put(id, reply);
        try {
            if (!subscription.socket().send(request.arguments(), descriptors)) {
                subscription.writeLater();
            }
        } catch (PosixException e) {
            awaited.remove(id);
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot reach " + peer, String.valueOf(e.getMessage()), null, e);
        }
        String over = endReason;
        if (over != null && awaited.remove(id) != null) {
            reply.completeExceptionally(unavailable(over));
        }
        return reply;
    }

    /** Expects an answer to a request of this id that is sent over another socket. */
    void await(int id, CompletableFuture<Message> reply) {
        awaited.put(id, reply);
    }

    /** Expects no answer any more. */
    void forget(int id) {
        awaited.remove(id);
    }

    @Override
    public void message(Message message) {
        if (message.id() == 0) {
            events.accept(message);
            return;
        }
        CompletableFuture<Message> reply = awaited.remove(message.id());
        if (reply == null) {
            message.discard();
        } else if (message.type() == Protocol.ERROR) {
            reply.completeExceptionally(AppletException.read(message.arguments()));
        } else if (!reply.complete(message)) {
            message.discard();
        }
    }

    @Override
    public void ended(String reason) {
        endReason = reason;
        failAll(reason);
        if (!closedHere) {
            ended.accept(reason);
        }
    }

    /** Fails everything that is awaited. */
    void failAll(String reason) {
        for (Integer id : List.copyOf(awaited.keySet())) {
            CompletableFuture<Message> reply = awaited.remove(id);
            if (reply != null) {
                reply.completeExceptionally(unavailable(reason));
            }
        }
    }

    private FeluccaException unavailable(String reason) {
        return new FeluccaException(ErrorCode.UNAVAILABLE, "cannot reach " + peer, reason);
    }

    /** Ends the connection; who asked for it is not told of it. */
    void close() {
        closedHere = true;
        subscription.end("it was closed here");
    }

    /**
     * Waits for a reply.
     *
     * @throws AppletException if it is ERROR
     * @throws FeluccaException UNAVAILABLE if the connection ended; CANCELLED on interrupt, with the flag restored
     */
    static <T> T join(CompletableFuture<T> reply, String subject) {
        try {
            return reply.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, subject, "interrupted", null, e);
        } catch (ExecutionException e) {
            throw failure(e.getCause(), subject);
        }
    }

    /** As {@link #join}, but an interrupt only leaves the flag set. */
    static <T> T joinUninterruptibly(CompletableFuture<T> reply, String subject) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return reply.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw failure(e.getCause(), subject);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause, String subject) {
        if (cause instanceof AppletException a) {
            return new AppletException(a);
        }
        if (cause instanceof FeluccaException f) {
            return new FeluccaException(
                    f.code(), f.subject(), f.reason(), f.fix().orElse(null), f);
        }
        return new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(cause), null, cause);
    }
}
