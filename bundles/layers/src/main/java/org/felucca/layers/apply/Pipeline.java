package org.felucca.layers.apply;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.felucca.layers.tar.TarInput;
import org.felucca.posix.inflate.ByteSource;
import org.jspecify.annotations.Nullable;

/**
 * A source read by the calling thread and consumed by another, a few buffers apart. Used once.
 *
 * <pre>
 *   caller:    read, inflate, digest ──full──▶ consumer: parse, write
 *                                   ◀──free──
 * </pre>
 *
 * <p>An end of either side reaches the other as a buffer of no capacity.
 */
final class Pipeline implements TarInput {

    /** What the caller does with each buffer before the consumer gets it. */
    @FunctionalInterface
    interface Tap {
        void pass(ByteBuffer bytes) throws IOException;
    }

    private static final int BUFFERS = 4;
    private static final int SIZE = 512 * 1024;
    private static final ByteBuffer END = ByteBuffer.allocateDirect(0);

    private final LinkedBlockingQueue<ByteBuffer> full = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<ByteBuffer> free = new LinkedBlockingQueue<>();
    /** Set before the end is put into {@link #full}, read after it was taken out. */
    private @Nullable Exception failure;

    private ByteBuffer current = END;
    private boolean ended;

    Pipeline() {
        for (int i = 0; i < BUFFERS; i++) {
            free.add(ByteBuffer.allocateDirect(SIZE));
        }
    }

    /**
     * Runs both sides to their end.
     *
     * @param consumer reads {@link #window}; its failure ends the reading
     * @return the consumer's result
     * @throws InterruptedException if the calling thread was interrupted; both sides have ended
     */
    <R> R run(ByteSource source, Tap tap, Executor executor, Callable<R> consumer)
            throws IOException, InterruptedException {
        FutureTask<R> task = new FutureTask<>(() -> {
            try {
                return consumer.call();
            } finally {
                free.add(END);
            }
        });
        executor.execute(task);
        boolean interrupted = false;
        try {
            fill(source, tap);
        } catch (InterruptedException e) {
            interrupted = true;
            failure = e;
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        full.add(END);
        while (true) {
            try {
                R result = task.get();
                if (interrupted) {
                    throw new InterruptedException();
                }
                return result;
            } catch (InterruptedException e) {
                if (task.isDone()) {
                    throw e;
                }
                interrupted = true;
            } catch (ExecutionException e) {
                if (interrupted) {
                    throw new InterruptedException();
                }
                throw rethrow(e.getCause());
            }
        }
    }

    private static IOException rethrow(@Nullable Throwable cause) throws IOException {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    private void fill(ByteSource source, Tap tap) throws IOException, InterruptedException {
        while (true) {
            ByteBuffer buffer = free.take();
            if (buffer == END) {
                return;
            }
            buffer.clear();
            boolean more = true;
            while (more && buffer.hasRemaining()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                more = source.read(buffer) >= 0;
            }
            buffer.flip();
            tap.pass(buffer.duplicate());
            full.add(buffer);
            if (!more) {
                return;
            }
        }
    }

    @Override
    public @Nullable ByteBuffer window() throws IOException {
        while (!current.hasRemaining()) {
            if (ended) {
                return null;
            }
            if (current != END) {
                free.add(current);
            }
            try {
                current = full.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            if (current == END) {
                ended = true;
                Exception reason = failure;
                if (reason instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                if (reason != null) {
                    throw reason instanceof IOException io ? io : new IOException(reason);
                }
            }
        }
        return current;
    }
}
