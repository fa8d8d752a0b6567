package org.felucca.runtime.engine.compiler;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The compiler of a running daemon: listens at a socket that only its own user may use, until it is closed.
 *
 * <p>A client that had connected and was not answered when it closes finds its connection ended, and asks the compiler of
 * its own that it starts then.
 */
public final class CompilerListener implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path socket;
    private final ServerSocketChannel listener;
    private final CompilerConnections connections;
    private final Consumer<String> report;
    private final Thread acceptor;

    private CompilerListener(
            Path socket, ServerSocketChannel listener, CompilerConnections connections, Consumer<String> report) {
        this.socket = socket;
        this.listener = listener;
        this.connections = connections;
        this.report = report;
        this.acceptor = new Thread(this::acceptAll, "compiler-accept");
        acceptor.setDaemon(true);
    }

    /**
     * Listens. Whatever has the socket's name is replaced: the directory must be this process's alone.
     *
     * @param report is told what an operator should know
     * @throws IOException if the socket cannot be made
     */
    public static CompilerListener open(Path socket, PlanService service, Consumer<String> report) throws IOException {
        CompilerConnections connections = new CompilerConnections(service, PATIENCE, report);
        Path early = socket.resolveSibling(socket.getFileName() + ".new");
        Files.deleteIfExists(early);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(early));
            Files.setPosixFilePermissions(early, PosixFilePermissions.fromString("rw-------"));
            Files.move(early, socket, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        CompilerListener opened = new CompilerListener(socket, listener, connections, report);
        opened.acceptor.start();
        return opened;
    }

    private void acceptAll() {
        while (true) {
            SocketChannel connection;
            try {
                connection = listener.accept();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                report.accept("no more clients are taken: " + e.getMessage());
                withdraw();
                return;
            }
            connections.accept(connection);
        }
    }

    /** Lets clients see that nobody answers here, upon which they go on to a compiler of their own. */
    private void withdraw() {
        try {
            Files.deleteIfExists(socket);
            listener.close();
        } catch (IOException e) {
            report.accept("clients wait in vain: " + e.getMessage());
        }
    }

    /**
     * Takes no more clients, and answers those that it has. Blocks until then, or until its patience ends.
     *
     * @throws IOException if the socket cannot be removed, or the thread is interrupted
     */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket);
        listener.close();
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.finish();
    }
}
