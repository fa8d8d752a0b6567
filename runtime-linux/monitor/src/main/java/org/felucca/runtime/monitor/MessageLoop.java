package org.felucca.runtime.monitor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.felucca.posix.fs.Fd;
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
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong(WAKE);
    private final Thread thread;
    private volatile boolean closing;

    /** What is told about a socket. */
    interface Handler {
        /** A message came. Owns its descriptors. */
        void message(Message message);

        /** The other end is gone, or sent nonsense; the socket is closed. Called once, last. */
        void ended(String reason);
    }

    private record Watched(Watch watch) {}

    private interface Watch {
        void ready(int events);

        void end(String reason);
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
    final class Subscription implements Watch {
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

        @Override
        public void ready(int events) {
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
        @Override
        public void end(String reason) {
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
        watched.put(token, new Watched(subscription));
        epoll.add(socket.fd(), Epoll.IN, token);
        return subscription;
    }

    /** Runs the action on the loop's thread when the process has ended. The descriptor is taken over. */
    void onEnd(Fd process, Runnable action) {
        long token = tokens.incrementAndGet();
        Watch watch = new Watch() {
            @Override
            public void ready(int events) {
                end("");
            }

            @Override
            public void end(String reason) {
                if (watched.remove(token) != null) {
                    process.close();
                    action.run();
                }
            }
        };
        watched.put(token, new Watched(watch));
        epoll.add(process, Epoll.IN, token);
    }

    private void run() {
        while (!closing) {
            int ready = epoll.await(Epoll.FOREVER);
            for (int i = 0; i < ready; i++) {
                dispatch(epoll.token(i), epoll.events(i));
            }
        }
        for (Watched entry : watched.values()) {
            entry.watch().end("the runtime is stopping");
        }
        wake.close();
        epoll.close();
    }

    private void dispatch(long token, int events) {
        if (token == WAKE) {
            wake.drain();
            return;
        }
        Watched entry = watched.get(token);
        if (entry != null) {
            try {
                entry.watch().ready(events);
            } catch (RuntimeException e) {
                LOG.error("a connection could not be read and is closed", e);
                entry.watch().end(String.valueOf(e.getMessage()));
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
