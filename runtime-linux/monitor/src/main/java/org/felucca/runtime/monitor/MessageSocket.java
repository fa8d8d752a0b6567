package org.felucca.runtime.monitor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;
import org.felucca.runtime.plan.wire.WireFormatException;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;

/**
 * A SEQPACKET socket that carries messages, non-blocking. What cannot be sent at once is kept until there is room.
 * Thread-safe: its lock covers every use of the descriptor, so that closing never hits a number in use.
 */
final class MessageSocket {
    private static final int MOST_DESCRIPTORS = 8;
    private static final ThreadLocal<ByteBuffer> BUFFER = ThreadLocal.withInitial(
            () -> ByteBuffer.allocateDirect(Protocol.MOST_BYTES).order(ByteOrder.LITTLE_ENDIAN));

    private final Fd fd;
    private final Deque<Unsent> unsent = new ArrayDeque<>(0);
    private boolean closed;

    private record Unsent(byte[] bytes, List<Fd> descriptors) {}

    /** @param socket taken over */
    MessageSocket(Fd socket) {
        this.fd = socket;
        Io.setNonBlocking(socket, true);
    }

    /** For registration with epoll only. */
    Fd fd() {
        return fd;
    }

    static WireWriter message(int type, int id) {
        return new WireWriter(256).u16(type).u16(0).u32(id);
    }

    /**
     * Sends, or keeps for later with duplicates of the descriptors.
     *
     * @return whether everything has been sent; if not, {@link #flush} when the socket is writable
     * @throws PosixException EPIPE if it is closed at either end
     */
    synchronized boolean send(WireWriter message, List<Fd> descriptors) {
        if (closed) {
            throw new PosixException(Errno.EPIPE.value(), "sendmsg", "");
        }
        byte[] bytes = message.toByteArray();
        if (bytes.length > Protocol.MOST_BYTES) {
            throw new PosixException(Errno.EMSGSIZE.value(), "sendmsg", bytes.length + " bytes");
        }
        if (unsent.isEmpty() && transmit(bytes, descriptors)) {
            return true;
        }
        unsent.add(new Unsent(bytes, descriptors.stream().map(Fd::duplicate).toList()));
        return false;
    }

    private boolean transmit(byte[] bytes, List<Fd> descriptors) {
        ByteBuffer buffer = BUFFER.get();
        buffer.clear().put(bytes).flip();
        return UnixSocket.send(fd, buffer, descriptors) != Io.WOULD_BLOCK;
    }

    /** @return whether nothing is left to send */
    synchronized boolean flush() {
        while (!closed && !unsent.isEmpty()) {
            Unsent next = unsent.getFirst();
            if (!transmit(next.bytes(), next.descriptors())) {
                return false;
            }
            next.descriptors().forEach(Fd::close);
            unsent.removeFirst();
        }
        return true;
    }

    /** What {@link #receive} found. */
    enum Outcome {
        MESSAGE,
        NOTHING,
        END
    }

    /**
     * @param outcome whether there is a message
     * @param message the message, with that outcome
     */
    record Received(Outcome outcome, Optional<Message> message) {
        private static final Received NOTHING = new Received(Outcome.NOTHING, Optional.empty());
        private static final Received END = new Received(Outcome.END, Optional.empty());
    }

    /**
     * Takes the next message, without waiting.
     *
     * @throws WireFormatException if it is malformed
     */
    synchronized Received receive() {
        if (closed) {
            return Received.END;
        }
        ByteBuffer buffer = BUFFER.get();
        buffer.clear();
        UnixSocket.Received received;
        try {
            received = UnixSocket.receive(fd, buffer, MOST_DESCRIPTORS);
        } catch (PosixException e) {
            if (e.is(Errno.ECONNRESET)) {
                return Received.END;
            }
            throw e;
        }
        if (received.bytes() == Io.WOULD_BLOCK) {
            return Received.NOTHING;
        }
        if (received.bytes() == 0) {
            return Received.END;
        }
        if (received.bytes() < Protocol.HEADER || received.truncated()) {
            received.discard();
            throw new WireFormatException("a message of " + received.bytes() + " bytes");
        }
        byte[] arguments = new byte[received.bytes() - Protocol.HEADER];
        buffer.flip();
        int type = buffer.getShort() & 0xffff;
        buffer.getShort();
        int id = buffer.getInt();
        buffer.get(arguments);
        Message message = new Message(type, id, new WireReader(arguments), received.descriptors());
        return new Received(Outcome.MESSAGE, Optional.of(message));
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            unsent.forEach(message -> message.descriptors().forEach(Fd::close));
            unsent.clear();
            fd.close();
        }
    }
}
