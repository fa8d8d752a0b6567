package org.felucca.runtime.monitor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.poll.Epoll;
import org.felucca.posix.poll.EventFd;
import org.felucca.runtime.plan.wire.WireFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that reads every socket to spawn and monitors. What it calls runs on that thread and must not wait.
 * Thread-safe.
 */
public final class MessageLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MessageLoop.class);
    private static final long WAKE = 0;

    private final Epoll epoll = Epoll.create();
    private final EventFd wake = EventFd.create();
    private final Map<Long, Subscription> watched = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong(WAKE);
    private final Thread thread;
    private volatile boolean closing;
    /** Guarded by {@link #epoll}. */
    private boolean stopped;

    /** What is told about a socket. */
    interface Handler {
        /** A message came. Owns its descriptors. */
        void message(Message message);

        /** The other end is gone, or sent nonsense; the socket is closed. Called once, last. */
        void ended(String reason);
    }

    private MessageLoop(String name) {
        epoll.add(wake.fd(), Epoll.IN, WAKE);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public static MessageLoop start(String threadName) {
        MessageLoop loop = new MessageLoop(threadName);
        loop.thread.start();
        return loop;
    }

    /** A socket that the loop reads. */
    final class Subscription {
        private final MessageSocket socket;
        private final Handler handler;
        private final long token;

        private Subscription(MessageSocket socket, Handler handler, long token) {
            this.socket = socket;
            this.handler = handler;
            this.token = token;
        }

        MessageSocket socket() {
            return socket;
        }

        /** Has what is left unsent written when there is room. */
        void writeLater() {
            epoll.modify(socket.fd(), Epoll.IN | Epoll.OUT, token);
        }

        private void ready(int events) {
            try {
                if ((events & Epoll.OUT) != 0 && socket.flush()) {
                    epoll.modify(socket.fd(), Epoll.IN, token);
                }
                read();
            } catch (PosixException | WireFormatException e) {
                end(String.valueOf(e.getMessage()));
            }
        }

        private void read() {
            while (true) {
                MessageSocket.Received received = socket.receive();
                switch (received.outcome()) {
                    case MESSAGE -> received.message().ifPresent(this::deliver);
                    case NOTHING -> {
                        return;
                    }
                    case END -> {
                        end("the other end closed the connection");
                        return;
                    }
                }
            }
        }

        private void deliver(Message message) {
            try {
                handler.message(message);
            } catch (WireFormatException e) {
                message.discard();
                throw e;
            } catch (RuntimeException e) {
                LOG.error("a message of type {} could not be handled", message.type(), e);
            }
        }

        /** Stops reading and closes the socket; {@link Handler#ended} is called once, by whoever was first. */
        void end(String reason) {
            if (watched.remove(token) != null) {
                socket.close();
                handler.ended(reason);
            }
        }
    }

    /** Reads the socket from now on. */
    Subscription subscribe(MessageSocket socket, Handler handler) {
        long token = tokens.incrementAndGet();
        Subscription subscription = new Subscription(socket, handler, token);
        watch(token, subscription);
        return subscription;
    }

    /** Under one lock with the end of the thread, so that nothing is added to what is closed. */
    private void watch(long token, Subscription subscription) {
        synchronized (epoll) {
            if (stopped) {
                throw new FeluccaException(ErrorCode.UNAVAILABLE, "cannot reach containers", "the runtime is stopping");
            }
            watched.put(token, subscription);
            epoll.add(subscription.socket().fd(), Epoll.IN, token);
        }
    }

    private void run() {
        while (!closing) {
            int ready = epoll.await(Epoll.FOREVER);
            for (int i = 0; i < ready; i++) {
                dispatch(epoll.token(i), epoll.events(i));
            }
        }
        synchronized (epoll) {
            stopped = true;
        }
        for (Subscription entry : watched.values()) {
            entry.end("the runtime is stopping");
        }
        wake.close();
        epoll.close();
    }

    private void dispatch(long token, int events) {
        if (token == WAKE) {
            wake.drain();
            return;
        }
        Subscription entry = watched.get(token);
        if (entry != null) {
            try {
                entry.ready(events);
            } catch (RuntimeException e) {
                LOG.error("a connection could not be read and is closed", e);
                entry.end(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Ends the thread and every connection, and waits for it. Monitors go on. */
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            wake.signal();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
