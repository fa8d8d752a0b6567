package org.felucca.posix.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket.Received;
import org.felucca.posix.net.UnixSocket.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {

    @TempDir
    Path temporary;

    private Fd.Leaks leaks;

    @BeforeEach
    void track() {
        leaks = Fd.trackLeaks();
    }

    @AfterEach
    void everythingIsClosed() {
        leaks.assertNone();
        leaks.close();
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Test
    void send_withDescriptors_deliversCopiesOfThem() {
        Fd[] pair = UnixSocket.pair(Type.SEQPACKET);
        Fd[] pipe = Io.pipe();
        assertEquals(2, UnixSocket.send(pair[0], direct("hi"), List.of(pipe[1], pair[0])));
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        Received received = UnixSocket.receive(pair[1], buffer, 4);
        assertEquals(2, received.bytes());
        assertEquals(2, received.descriptors().size());
        Io.writeFully(received.descriptors().get(0), direct("through"));
        assertEquals(7, Io.read(pipe[0], ByteBuffer.allocateDirect(100)));
        received.discard();
        List.of(pair[0], pair[1], pipe[0], pipe[1]).forEach(Fd::close);
    }

    @Test
    void receive_moreDescriptorsThanAccepted_isRefusedAndLeaksNone() {
        Fd[] pair = UnixSocket.pair(Type.SEQPACKET);
        UnixSocket.send(pair[0], direct("x"), List.of(pair[0], pair[0], pair[0], pair[0]));
        PosixException e =
                assertThrows(PosixException.class, () -> UnixSocket.receive(pair[1], ByteBuffer.allocateDirect(10), 1));
        assertTrue(e.is(Errno.EMSGSIZE));
        List.of(pair).forEach(Fd::close);
    }

    @Test
    void receive_messageLongerThanTheBuffer_isMarked() {
        Fd[] pair = UnixSocket.pair(Type.SEQPACKET);
        UnixSocket.send(pair[0], direct("long message"));
        Received received = UnixSocket.receive(pair[1], ByteBuffer.allocateDirect(4), 0);
        assertEquals(4, received.bytes());
        assertTrue(received.truncated());
        List.of(pair).forEach(Fd::close);
    }

    @Test
    void listen_thenConnect_tellsWhoThePeerIs() {
        Path path = temporary.resolve("s");
        Fd listener = UnixSocket.listen(path, Type.STREAM, 5);
        Io.setNonBlocking(listener, true);
        assertEquals(Optional.empty(), UnixSocket.accept(listener));
        Fd client = UnixSocket.connect(path, Type.STREAM);
        Fd server = UnixSocket.accept(listener).orElseThrow();
        UnixSocket.Peer peer = UnixSocket.peer(server);
        assertEquals(ProcessHandle.current().pid(), peer.pid());
        assertEquals(0, peer.uid());
        UnixSocket.shutdown(client, UnixSocket.Direction.WRITE);
        assertEquals(
                0, UnixSocket.receive(server, ByteBuffer.allocateDirect(1), 0).bytes());
        client.close();
        PosixException e = assertThrows(PosixException.class, () -> UnixSocket.send(server, direct("x")));
        assertTrue(e.is(Errno.EPIPE));
        server.close();
        listener.close();
    }

    @Test
    void connect_whereNobodyListens_isRefused() {
        PosixException e =
                assertThrows(PosixException.class, () -> UnixSocket.connect(temporary.resolve("absent"), Type.STREAM));
        assertTrue(e.is(Errno.ENOENT));
        PosixException tooLong = assertThrows(
                PosixException.class, () -> UnixSocket.connect(temporary.resolve("x".repeat(120)), Type.STREAM));
        assertTrue(tooLong.is(Errno.ENAMETOOLONG));
    }
}
