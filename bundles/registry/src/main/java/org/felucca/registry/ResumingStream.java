package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob from some offset to its end or another, over as many connections as it takes. A connection that breaks off,
 * stalls or ends early is replaced by one that starts where the last byte was read; tries without progress are limited.
 * Confined to one thread.
 */
final class ResumingStream extends InputStream {
    private final RegistryClient client;
    private final String subject;
    private final Opener opener;
    private final long end;
    private long position;
    private int failures;
    private @Nullable InputStream body;

    /** Opens a connection that delivers from an offset on. */
    @FunctionalInterface
    interface Opener {
        InputStream open(long offset) throws IOException;
    }

    /**
     * @param offset the first byte wanted
     * @param end where to stop
     */
    ResumingStream(RegistryClient client, String subject, Opener opener, long offset, long end) {
        this.client = client;
        this.subject = subject;
        this.opener = opener;
        this.position = offset;
        this.end = end;
    }

    /** Opens the first connection now, so that a refusal is thrown by the call and not by the first read. */
    void connect() throws IOException {
        if (position < end && body == null) {
            body = opener.open(position);
        }
    }

    /** Takes a connection that delivers from the first byte wanted on. */
    ResumingStream startingWith(InputStream first) {
        body = first;
        return this;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position < end) {
            try {
                connect();
                InputStream current = body;
                int count = current == null ? -1 : current.read(target, offset, (int) Math.min(length, end - position));
                if (count > 0) {
                    position += count;
                    failures = 0;
                    return count;
                }
                broken(new IOException("the connection ended at byte " + position + " of " + end));
            } catch (InterruptedIOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw wrapped(Refusals.cancelled(subject, e));
                }
                broken(e);
            } catch (IOException e) {
                broken(e);
            } catch (FeluccaException e) {
                throw wrapped(e);
            }
        }
        return -1;
    }

    /** Drops the connection; waits, or gives up. */
    private void broken(IOException e) throws IOException {
        close();
        failures++;
        if (failures >= client.attempts()) {
            throw wrapped(new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    subject,
                    "the transfer broke off at byte " + position + " of " + end + " and could not be resumed",
                    "try again later",
                    e));
        }
        try {
            client.waitAfter(failures, subject);
        } catch (FeluccaException cancelled) {
            throw wrapped(cancelled);
        }
    }

    private static IOException wrapped(FeluccaException e) {
        return new IOException(e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        InputStream current = body;
        body = null;
        if (current != null) {
            current.close();
        }
    }
}
