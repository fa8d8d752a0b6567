package org.felucca.shell.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into frames. Confined to the reading thread. */
final class FrameReader {
    private final ByteBuffer header = ByteBuffer.allocate(FrameType.HEADER).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable ByteBuffer payload;

    /** Takes frames in order. */
    @FunctionalInterface
    interface Sink {
        /** @param payload the receiver's own */
        void frame(int type, int flags, byte[] payload);
    }

    /**
     * Consumes all that remains in the buffer, and hands on each frame that is complete.
     *
     * @throws ProtocolException if a header is malformed
     */
    void feed(ByteBuffer bytes, Sink sink) {
        while (bytes.hasRemaining()) {
            ByteBuffer body = payload;
            if (body == null) {
                transfer(bytes, header);
                if (header.hasRemaining()) {
                    return;
                }
                body = ByteBuffer.allocate(checkHeader());
                payload = body;
            }
            transfer(bytes, body);
            if (!body.hasRemaining()) {
                payload = null;
                int type = header.get(4) & 0xff;
                int flags = header.get(5) & 0xff;
                header.clear();
                sink.frame(type, flags, body.array());
            }
        }
    }

    private int checkHeader() {
        int length = header.getInt(0);
        int flags = header.get(5) & 0xff;
        boolean hello = header.get(4) == FrameType.HELLO;
        if (length < 0 || length > FrameType.PAYLOAD) {
            throw new ProtocolException("a frame has " + Integer.toUnsignedString(length) + " bytes, at most "
                    + FrameType.PAYLOAD + " are allowed");
        }
        if (flags != 0 && !(hello && flags == FrameType.FLAG_MORE) || header.getShort(6) != 0) {
            throw new ProtocolException("a frame has flags or a channel that version 1 does not know");
        }
        return length;
    }

    private static void transfer(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), count);
        to.position(to.position() + count);
        from.position(from.position() + count);
    }
}
