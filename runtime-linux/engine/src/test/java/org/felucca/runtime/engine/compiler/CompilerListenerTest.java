package org.felucca.runtime.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerListenerTest {
    private static final byte[] FEATURES = new WireWriter(8).u32(1).u32(4).toByteArray();

    @TempDir
    Path directory;

    private final Queue<String> reports = new ConcurrentLinkedQueue<>();

    private CompilerListener open() throws IOException {
        return CompilerListener.open(directory.resolve("socket"), new PlanService(), reports::add);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("socket")));
    }

    private static void send(SocketChannel connection, byte[] request) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(4 + request.length).order(ByteOrder.LITTLE_ENDIAN);
        connection.write(out.putInt(request.length).put(request).flip());
    }

    private static WireReader answer(SocketChannel connection) throws IOException {
        ByteBuffer head = read(connection, 4);
        return new WireReader(read(connection, head.getInt()));
    }

    private static ByteBuffer read(SocketChannel connection, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            assertFalse(connection.read(bytes) < 0, "the answer ended early");
        }
        return bytes.flip();
    }

    @Test
    void open_whereASocketIsLeft_answersAndIsItsUsersAlone() throws IOException {
        Files.createFile(directory.resolve("socket"));
        Files.createFile(directory.resolve("socket.new"));
        try (CompilerListener listener = open();
                SocketChannel connection = connect()) {
            send(connection, FEATURES);
            assertEquals(0, answer(connection).u32());
            assertEquals(
                    PosixFilePermissions.fromString("rw-------"),
                    Files.getPosixFilePermissions(directory.resolve("socket")));
        }
        assertEquals(0, reports.size(), reports::toString);
    }

    @Test
    void close_withAClientThatAsks_answersItAndRemovesTheSocket() throws IOException {
        CompilerListener listener = open();
        try (SocketChannel first = connect();
                SocketChannel second = connect()) {
            // Connections are taken in turn: when the second has its answer, the first was taken before.
            send(second, FEATURES);
            answer(second);
            send(first, FEATURES);
            listener.close();
            assertEquals(0, answer(first).u32());
        }
        assertFalse(Files.exists(directory.resolve("socket")), "the socket is left");
        assertThrows(IOException.class, this::connect);
    }

    @Test
    void accept_ofClientsThatDoNotAsk_letsThemGoAndAnswersOthers() throws IOException {
        CompilerConnections connections =
                new CompilerConnections(new PlanService(), Duration.ofMillis(200), reports::add);
        Path socket = directory.resolve("impatient");
        try (var listener = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            SocketChannel[] silent = new SocketChannel[8];
            for (int i = 0; i < silent.length; i++) {
                silent[i] = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                connections.accept(listener.accept());
            }
            for (SocketChannel connection : silent) {
                assertEquals(-1, connection.read(ByteBuffer.allocate(1)));
                connection.close();
            }
            connections.finish();
            assertTrue(connections.isIdle());
        }
        assertEquals(8, reports.size(), reports::toString);
        assertEquals("a client was lost: it took too long", reports.peek());
    }
}
