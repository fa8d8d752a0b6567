package org.felucca.shell.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;
import org.felucca.posix.poll.Epoll;
import org.felucca.posix.poll.EventFd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients, reads what they send, and runs their commands. One thread does all reading and all closing; a
 * bounded set of others runs commands and writes. Start once.
 */
public final class CommandServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandServer.class);
    private static final long LISTENER = -1;
    private static final long WAKE = -2;
    private static final int BUFFER = 128 * 1024;
    private static final int DESCRIPTORS = 8;
    private static final int WARM_WORKERS = 4;
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final ListeningSocket listener;
    private final PeerPolicy policy;
    private final Session.Command command;
    private final int mostCommands;
    private final Duration patience;
    private final ThreadPoolExecutor workers;
    private final Thread reader = new Thread(this::loop, "felucca-command-reader");
    private final Epoll epoll = Epoll.create();
    private final EventFd wake = EventFd.create();
    private final ConcurrentLinkedQueue<Long> finished = new ConcurrentLinkedQueue<>();
    private volatile boolean closing; // written by the closing thread alone

    // reading thread only
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Map<Long, Client> clients = new HashMap<>();
    private final Queue<Client> lost = new ArrayDeque<>();
    private long lastToken;
    private int commands;

    /** A session with what the reading thread knows about it. */
    private static final class Client {
        private final Session session;
        private boolean running;
        private boolean gone;
        private long overdueAt;

        Client(Session session) {
            this.session = session;
        }
    }

    /**
     * @param listener taken over
     * @param mostCommands how many commands run at once; further ones are refused
     * @param patience how long a command goes on whose client has gone with its container connection: it may have read
     *     what it wanted ({@code run ... | head -1}) before its container counts as started, and a start that has had its
     *     effect is not to be undone
     */
    CommandServer(
            ListeningSocket listener, PeerPolicy policy, Session.Command command, int mostCommands, Duration patience) {
        this.patience = patience;
        this.listener = listener;
        this.policy = policy;
        this.command = command;
        this.mostCommands = mostCommands;
        AtomicInteger number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                Math.min(WARM_WORKERS, mostCommands),
                Integer.MAX_VALUE, // a worker that has just begun or ended takes nothing yet: commands are counted
                60,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "felucca-command-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Starts serving. */
    void start() {
        epoll.add(listener.fd(), Epoll.IN, LISTENER);
        epoll.add(wake.fd(), Epoll.IN, WAKE);
        workers.prestartAllCoreThreads();
        reader.setDaemon(true);
        reader.start();
    }

    private void loop() {
        while (!closing) {
            int ready = epoll.await(untilLostIsDue());
            for (int i = 0; i < ready; i++) {
                long token = epoll.token(i);
                if (token == LISTENER) {
                    acceptAll();
                } else if (token == WAKE) {
                    wake.drain();
                } else {
                    read(token);
                }
            }
            closeFinished();
            stopOverdue();
        }
        epoll.remove(listener.fd());
        farewell();
    }

    private void acceptAll() {
        try {
            Optional<Fd> next = UnixSocket.accept(listener.fd());
            while (next.isPresent()) {
                admit(next.get());
                next = UnixSocket.accept(listener.fd());
            }
        } catch (PosixException e) {
            LOG.error("cannot accept a client", e);
        }
    }

    private void admit(Fd socket) {
        Session session = new Session(socket);
        try {
            Io.setNonBlocking(socket, true);
            UnixSocket.Peer peer = UnixSocket.peer(socket);
            if (!policy.admits(peer)) {
                LOG.warn("refused a command of uid {} gid {} pid {}", peer.uid(), peer.gid(), peer.pid());
                session.refuse("permission denied: uid " + peer.uid()
                        + " may not use the daemon; run as root, or as a member of the group that owns its socket");
                session.close();
                return;
            }
            long token = ++lastToken;
            clients.put(token, new Client(session));
            epoll.add(socket, Epoll.IN, token);
            read(token); // a client sends its HELLO at once: most often it is there already
        } catch (PosixException e) {
            LOG.error("cannot serve a client", e);
            session.close();
        }
    }

    private void read(long token) {
        Client client = clients.get(token);
        if (client == null || client.gone) {
            return;
        }
        try {
            if (!receive(token, client)) {
                lose(token, client);
            }
        } catch (ProtocolException e) {
            LOG.debug("a client breaks the protocol: {}", e.text());
            client.session.refuse(e.text());
            lose(token, client);
        } catch (PosixException e) {
            lose(token, client); // ECONNRESET: it has gone with something unread
        }
    }

    /** @return whether the client is still there */
    private boolean receive(long token, Client client) {
        buffer.clear();
        UnixSocket.Received received = UnixSocket.receive(client.session.socket(), buffer, DESCRIPTORS);
        if (received.bytes() == Io.WOULD_BLOCK) {
            return true;
        }
        buffer.flip();
        if (client.session.received(buffer, received.descriptors())) {
            client.running = true;
            dispatch(token, client);
        }
        return received.bytes() > 0;
    }

    private void dispatch(long token, Client client) {
        if (commands == mostCommands) {
            throw tooMany(client);
        }
        try {
            workers.execute(() -> {
                try {
                    client.session.run(command);
                } catch (RuntimeException | Error e) {
                    LOG.error("a command failed unexpectedly", e);
                    client.session.refuse("internal error: " + e + "; see the daemon's log");
                } finally {
                    finished.add(token);
                    wake.signal();
                }
            });
            commands++;
        } catch (RejectedExecutionException e) {
            throw tooMany(client);
        }
    }

    private ProtocolException tooMany(Client client) {
        client.running = false;
        return new ProtocolException(
                "too many commands run at once: " + mostCommands + " are allowed; wait for some to end");
    }

    private void lose(long token, Client client) {
        client.gone = true;
        epoll.remove(client.session.socket());
        if (client.running && client.session.connected()) {
            client.overdueAt = System.nanoTime() + patience.toNanos();
            lost.add(client);
        } else if (client.running) {
            client.session.stop(0);
        } else {
            clients.remove(token);
            client.session.close();
        }
    }

    private Duration untilLostIsDue() {
        Client first = lost.peek();
        return first == null
                ? Epoll.FOREVER
                : Duration.ofNanos(Math.max(0, first.overdueAt - System.nanoTime()))
                        .plusMillis(1);
    }

    private void stopOverdue() {
        while (!lost.isEmpty() && lost.element().overdueAt - System.nanoTime() <= 0) {
            Client client = lost.remove();
            if (client.running) {
                client.session.stop(0);
            }
        }
    }

    private void closeFinished() {
        for (Long token = finished.poll(); token != null; token = finished.poll()) {
            commands--;
            Client client = clients.remove(token);
            if (client != null) {
                client.running = false;
                if (!client.gone) {
                    epoll.remove(client.session.socket());
                }
                client.session.close();
            }
        }
    }

    /** Interrupts what runs, gives it some time, and closes what is left open. */
    private void farewell() {
        List<Client> running = new ArrayList<>();
        for (Client client : clients.values()) {
            if (client.running) {
                client.session.stop(0);
                running.add(client);
            } else {
                client.session.close();
            }
        }
        clients.values().retainAll(running);
        workers.shutdown();
        try {
            if (!workers.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                // a worker that writes to a client that does not read is woken by this
                running.forEach(client -> UnixSocket.shutdown(client.session.socket(), UnixSocket.Direction.BOTH));
                workers.shutdownNow();
                if (!workers.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("{} commands do not end; they are left behind", workers.getActiveCount());
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("interrupted while waiting for commands to end");
        }
        closeFinished();
    }

    /** Stops accepting, interrupts the commands that run, and waits for them to end, for ten seconds at most. The second time it does nothing. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        wake.signal();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        epoll.close();
        wake.close();
        listener.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
