package org.felucca.runtime.compiler;

import java.io.IOException;
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
import org.felucca.runtime.engine.compiler.CompilerConnections;

/**
 * Accepts connections, and leaves when idle.
 *
 * <p>Leaving takes the lock under which clients start compilers: the socket's file is removed while it is held, so that
 * whoever finds no socket starts another one, and who connected before is still served.
 */
final class CompilerServer {
    private final ServerSocketChannel listener;
    private final Path socket;
    private final Path lock;
    private final Duration idle;
    private final CompilerConnections connections;

    CompilerServer(
            ServerSocketChannel listener, Path socket, Path lock, Duration idle, CompilerConnections connections) {
        this.listener = listener;
        this.socket = socket;
        this.lock = lock;
        this.idle = idle;
        this.connections = connections;
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
                if (ready == 0 && !any && connections.isIdle() && leave()) {
                    connections.finish();
                    return;
                }
            }
        }
    }

    private boolean acceptAll() throws IOException {
        boolean any = false;
        for (SocketChannel peer = listener.accept(); peer != null; peer = listener.accept()) {
            any = true;
            connections.accept(peer);
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
        return true;
    }
}
