package org.felucca.runtime.monitor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.net.UnixSocket;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;

/** The other end of a connection, played by a test: blocking, one message at a time. */
final class Peer implements AutoCloseable {
    final Fd theirs;
    private final Fd own;

    /**
     * A message.
     *
     * @param arguments to be read
     */
    record Got(int type, int id, WireReader arguments, List<Fd> descriptors) {}

    Peer() {
        Fd[] pair = UnixSocket.pair(UnixSocket.Type.SEQPACKET);
        theirs = pair[0];
        own = pair[1];
    }

    Got receive() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Protocol.MOST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        UnixSocket.Received received = UnixSocket.receive(own, buffer, 16);
        if (received.bytes() == 0) {
            throw new AssertionError("the connection was closed");
        }
        buffer.flip();
        int type = buffer.getShort();
        buffer.getShort();
        int id = buffer.getInt();
        return new Got(type, id, new WireReader(buffer), received.descriptors());
    }

    void send(WireWriter message, Fd... descriptors) {
        byte[] bytes = message.toByteArray();
        UnixSocket.send(own, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), List.of(descriptors));
    }

    void send(int type, int id) {
        send(MessageSocket.message(type, id));
    }

    @Override
    public void close() {
        own.close();
    }
}
