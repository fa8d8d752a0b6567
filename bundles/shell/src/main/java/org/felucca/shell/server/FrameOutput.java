package org.felucca.shell.server;

import java.io.IOException;
import java.io.OutputStream;

/** One of a client's output streams: every write is a frame. Thread-safe as its sender is. */
final class FrameOutput extends OutputStream {
    private final FrameSender sender;
    private final int type;

    FrameOutput(FrameSender sender, int type) {
        this.sender = sender;
        this.type = type;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            sender.send(type, bytes, offset, length);
        }
    }
}
