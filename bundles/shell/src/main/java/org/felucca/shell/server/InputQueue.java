package org.felucca.shell.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * What a client pipes in, on its way from the reading thread to a command. Grants credit once somebody reads, and again
 * what was consumed, so that at most a window is held. One thread offers, one reads; guarded by its monitor.
 */
final class InputQueue extends InputStream {
    private static final int WINDOW = 64 * 1024;

    private final Credit credit;
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private int position;
    private int granted;
    private int consumed;
    private boolean started;
    private boolean ended;
    private boolean aborted;

    /** Tells the client that it may send more. */
    @FunctionalInterface
    interface Credit {
        /** @throws IOException if the client has gone */
        void grant(int bytes) throws IOException;
    }

    InputQueue(Credit credit) {
        this.credit = credit;
    }

    /**
     * Takes what arrived.
     *
     * @throws ProtocolException if it exceeds the credit
     */
    synchronized void offer(byte[] bytes) {
        granted -= bytes.length;
        if (granted < 0) {
            throw new ProtocolException("the client sent more input than it was granted");
        }
        if (bytes.length > 0) {
            chunks.add(bytes);
            notifyAll();
        }
    }

    /** There is no more to come. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The command is to stop: reads fail, so that nothing cut off is taken for whole. */
    synchronized void abort() {
        aborted = true;
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        grant(started ? 0 : WINDOW);
        int count;
        int again = 0;
        synchronized (this) {
            byte[] chunk = next();
            if (chunk.length == 0) {
                return -1;
            }
            count = Math.min(length, chunk.length - position);
            System.arraycopy(chunk, position, bytes, offset, count);
            position += count;
            consumed += count;
            if (position == chunk.length) {
                chunks.remove();
                position = 0;
            }
            if (consumed >= WINDOW / 2 || chunks.isEmpty()) {
                again = consumed;
                consumed = 0;
            }
        }
        grant(again);
        return count;
    }

    /** The first chunk, once there is one; an empty array at the end. Called with the monitor held. */
    private byte[] next() throws InterruptedIOException {
        try {
            while (chunks.isEmpty() && !ended && !aborted) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for input");
        }
        if (aborted) {
            throw new InterruptedIOException("the caller has stopped the command");
        }
        byte[] first = chunks.peek();
        return first == null ? new byte[0] : first;
    }

    /** Never with the monitor held: the client may be slow to take it. */
    private void grant(int bytes) throws IOException {
        synchronized (this) {
            started = true;
            if (bytes == 0 || ended) {
                return;
            }
            granted += bytes;
        }
        credit.grant(bytes);
    }

    @Override
    public synchronized int available() {
        byte[] first = chunks.peek();
        return first == null ? 0 : first.length - position;
    }
}
