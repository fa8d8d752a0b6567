package org.felucca.runtime.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.felucca.runtime.engine.compiler.CompilerConnections;
import org.felucca.runtime.engine.compiler.PlanService;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerServerTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private CompletableFuture<Void> serve(Path socket, Duration idle) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        CompilerServer server = new CompilerServer(
                listener,
                socket,
                directory.resolve("lock"),
                idle,
                new CompilerConnections(new PlanService(), LONGEST, System.err::println));
        return CompletableFuture.runAsync(() -> {
            try {
                server.serve();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static WireReader ask(Path socket, byte[] request) throws IOException {
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer out = ByteBuffer.allocate(4 + request.length).order(ByteOrder.LITTLE_ENDIAN);
            connection.write(out.putInt(request.length).put(request).flip());
            ByteBuffer head = read(connection, 4);
            return new WireReader(read(connection, head.getInt()));
        }
    }

    private static ByteBuffer read(SocketChannel connection, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            assertFalse(connection.read(bytes) < 0, "the answer ended early");
        }
        return bytes.flip();
    }

    @Test
    void serve_ofRequest_answersAndLeavesWhenIdle() throws IOException {
        Path socket = directory.resolve("socket");
        CompletableFuture<Void> done = serve(socket, Duration.ofMillis(300));
        WireReader answer = ask(socket, new WireWriter(8).u32(1).u32(4).toByteArray());
        assertEquals(0, answer.u32());
        assertTimeoutPreemptively(LONGEST, done::join);
        assertFalse(Files.exists(socket), "the socket is left");
        assertThrows(IOException.class, () -> ask(socket, new byte[8]));
    }

    @Test
    void serve_ofClientThatSendsNoEnd_servesOthers() throws IOException {
        Path socket = directory.resolve("socket");
        CompletableFuture<Void> done = serve(socket, Duration.ofMillis(300));
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            silent.write(ByteBuffer.wrap(new byte[] {8, 0, 0, 0}));
            WireReader answer = ask(socket, new WireWriter(8).u32(1).u32(4).toByteArray());
            assertEquals(0, answer.u32());
        }
        assertTimeoutPreemptively(LONGEST, done::join);
    }
}
