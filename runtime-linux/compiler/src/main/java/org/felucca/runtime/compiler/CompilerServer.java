package org.felucca.runtime.compiler;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Accepts connections, each of one request and one answer, and leaves when idle.
 *
 * <p>Leaving takes the lock under which clients start compilers: the socket's file is removed while it is held, so that
 * whoever finds no socket starts another one, and who connected before is still served.
 */
final class CompilerServer {
    private static final int MOST_REQUEST = 16 << 20;
    private static final int WORKERS = 4;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

    private final ServerSocketChannel listener;
    private final Path socket;
    private final Path lock;
    private final Duration idle;
    private final PlanService service;
    private final ExecutorService workers;
    private final AtomicInteger busy = new AtomicInteger();
    private final String owner;

    CompilerServer(ServerSocketChannel listener, Path socket, Path lock, Duration idle, PlanService service)
            throws IOException {
        this.listener = listener;
        this.socket = socket;
        this.lock = lock;
        this.idle = idle;
        this.service = service;
        this.owner = Files.getOwner(Path.of("/proc/self")).getName();
        AtomicInteger number = new AtomicInteger();
        this.workers = Executors.newFixedThreadPool(WORKERS, task -> {
            Thread thread = new Thread(task, "request-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Serves until nobody has asked for the idle time, and all who connected have their answer. */
    void serve() throws IOException {
        listener.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                int ready = selector.select(idle.toMillis());
                selector.selectedKeys().clear();
                boolean any = acceptAll();
                if (ready == 0 && !any && busy.get() == 0 && leave()) {
                    finish();
                    return;
                }
            }
        }
    }

    private boolean acceptAll() throws IOException {
        boolean any = false;
        for (SocketChannel peer = listener.accept(); peer != null; peer = listener.accept()) {
            SocketChannel connection = peer;
            any = true;
            busy.incrementAndGet();
            workers.execute(() -> {
                try (connection) {
                    answer(connection);
                } catch (IOException e) {
                    System.err.println("felucca-compiler: a client was lost: " + e.getMessage());
                } finally {
                    busy.decrementAndGet();
                }
            });
        }
        return any;
    }

    /** @return whether nobody came in the last moment */
    private boolean leave() throws IOException {
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            file.lock(); // until the channel is closed
            if (acceptAll()) {
                return false;
            }
            Files.deleteIfExists(socket);
            acceptAll();
        } catch (NoSuchFileException e) {
            // The directory is gone, and the socket with it: nobody can come any more.
            acceptAll();
        }
        listener.close();
        workers.shutdown();
        return true;
    }

    /** Answers those who came while it left; one that asks nothing is not waited for without end. */
    private void finish() throws IOException {
        try {
            if (!workers.awaitTermination(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("felucca-compiler: a client did not ask within " + LAST_ANSWERS.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the last clients were answered");
        }
    }

    private void answer(SocketChannel connection) throws IOException {
        UnixDomainPrincipal peer = connection.getOption(ExtendedSocketOptions.SO_PEERCRED);
        if (!peer.user().getName().equals(owner)) {
            throw new IOException("it is of user " + peer.user().getName());
        }
        ByteBuffer header = read(connection, 4);
        int length = header.getInt();
        if (length < 0 || length > MOST_REQUEST) {
            throw new IOException("its request has " + length + " bytes");
        }
        byte[] answer = service.answer(read(connection, length));
        ByteBuffer out = ByteBuffer.allocate(4 + answer.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(answer.length).put(answer).flip();
        while (out.hasRemaining()) {
            connection.write(out);
        }
    }

    private static ByteBuffer read(SocketChannel connection, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (connection.read(bytes) < 0) {
                throw new EOFException("its request ended early");
            }
        }
        return bytes.flip();
    }
}
