package org.felucca.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import org.felucca.registry.Call.Payload;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request: closes what was opened for it, however the request ends. The HTTP client itself closes a
 * stream at its end only, so that one of a broken request would stay open; and it may ask for the stream again when it
 * has to take another connection. Thread-safe, since the client reads on threads of its own.
 */
final class SentBody implements AutoCloseable {
    private final @Nullable Payload payload;
    private @Nullable Once current;
    private boolean closed;

    /** @param payload what to send; null for nothing */
    SentBody(@Nullable Payload payload) {
        this.payload = payload;
    }

    HttpRequest.BodyPublisher publisher() {
        Payload sent = payload;
        return sent == null || sent.length() == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofInputStream(() -> open(sent)), sent.length());
    }

    private synchronized InputStream open(Payload sent) {
        closeCurrent();
        if (closed) {
            // The request has failed, and a thread of the client has not heard of it yet.
            return InputStream.nullInputStream();
        }
        Once opened = new Once(sent.content().get());
        current = opened;
        return opened;
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeCurrent();
    }

    private void closeCurrent() {
        Once opened = current;
        current = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                // It was only read: nothing is lost, and how the request ended is what counts.
                return;
            }
        }
    }

    /** Closes its stream once, whoever of the client and the body comes first. */
    private static final class Once extends FilterInputStream {
        private boolean closed;

        Once(InputStream in) {
            super(in);
        }

        @Override
        public void close() throws IOException {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            super.close();
        }
    }
}
