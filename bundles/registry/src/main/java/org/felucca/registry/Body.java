package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A response body as a stream that fails when nothing arrives for a while; the JDK's own would wait for ever. The HTTP
 * client's threads put pieces in, one thread reads; at most two pieces wait. Closing it early closes the connection.
 */
final class Body extends InputStream implements BodySubscriber<InputStream> {
    private static final List<ByteBuffer> END = List.of();
    private static final Runnable NOTHING = () -> {};

    private final Duration stallTimeout;
    private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final Deque<ByteBuffer> current = new ArrayDeque<>();
    private volatile @Nullable Throwable failure;
    private final AtomicReference<Runnable> whenClosed = new AtomicReference<>(NOTHING);
    private volatile boolean closed;
    private boolean ended;

    Body(Duration stallTimeout) {
        this.stallTimeout = stallTimeout;
    }

    /** Runs something once when it is closed; at once if it is. */
    void whenClosed(Runnable action) {
        whenClosed.set(action);
        if (closed) {
            whenClosed.getAndSet(NOTHING).run();
        }
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        if (!subscription.complete(source) || closed) {
            source.cancel();
            return;
        }
        source.request(2);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        arrived.add(pieces);
    }

    @Override
    public void onError(Throwable throwable) {
        if (failure == null) {
            failure = throwable;
        }
        arrived.add(END);
    }

    @Override
    public void onComplete() {
        arrived.add(END);
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
        ByteBuffer piece = piece();
        if (piece == null) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(target, offset, count);
        return count;
    }

    /** A piece with bytes left; null at the end. */
    private @Nullable ByteBuffer piece() throws IOException {
        while (true) {
            ByteBuffer first = current.peek();
            if (first != null && first.hasRemaining()) {
                return first;
            }
            if (first != null) {
                current.remove();
                continue;
            }
            if (ended) {
                return end();
            }
            List<ByteBuffer> next = await();
            if (next == END) {
                ended = true;
                continue;
            }
            current.addAll(next);
            subscription.join().request(1);
        }
    }

    private @Nullable ByteBuffer end() throws IOException {
        Throwable cause = failure;
        if (cause != null) {
            throw new IOException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
        return null;
    }

    private List<ByteBuffer> await() throws IOException {
        if (closed) {
            throw new IOException("the body was closed");
        }
        try {
            List<ByteBuffer> next = arrived.poll(stallTimeout.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                close();
                throw new HttpTimeoutException("nothing arrived for " + stallTimeout.toMillis() + " ms");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw (IOException) new InterruptedIOException("the download was interrupted").initCause(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        subscription.thenAccept(Flow.Subscription::cancel);
        whenClosed.getAndSet(NOTHING).run();
    }
}
