package org.felucca.winapi.handle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;

/**
 * An end of a pipe. The compute service opens its pipes for overlapped input and output, where a transfer without an
 * {@code OVERLAPPED} structure is undefined; so each transfer has one with an event of its own, and waits for it.
 *
 * <p>Any thread may use it; transfers of one direction follow one another. {@link #close} ends the transfers that
 * block and waits until none uses the handle or its buffer any more.
 */
public final class Pipe implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;
    private static final int OVERLAPPED_SIZE = 32;
    private static final int OVERLAPPED_EVENT = 24;
    private static final int TRUE = 1;

    private final Handle handle;
    private final Kernel kernel;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock state = new ReentrantLock();
    private final Condition idle = state.newCondition();
    /** Guarded by {@link #state}: transfers between their start and their end. */
    private int active;
    /** Guarded by {@link #state}. */
    private boolean closed;

    /** Takes over a handle that was opened with {@code FILE_FLAG_OVERLAPPED}. */
    public Pipe(Handle handle) {
        this.handle = handle;
        this.kernel = handle.kernel();
    }

    /**
     * Reads what there is, waiting for the first byte.
     *
     * @return how many bytes, at least one; -1 when the other end is closed and everything is read
     * @throws IOException if the pipe is closed, now or while it waits
     */
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        reading.lock();
        try (Arena arena = new Arena()) {
            int most = Math.min(length, CHUNK);
            long buffer = arena.zeros(most);
            int moved;
            do {
                moved = transfer(arena, "ReadFile", buffer, most);
            } while (moved == 0);
            if (moved > 0) {
                Arena.getBytes(buffer, into, offset, moved);
            }
            return moved;
        } finally {
            reading.unlock();
        }
    }

    /**
     * Writes all of it, waiting for the other end to take it.
     *
     * @throws IOException if the other end is closed, or the pipe is, now or while it waits
     */
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        writing.lock();
        try (Arena arena = new Arena()) {
            long buffer = arena.zeros(Math.min(Math.max(length, 1), CHUNK));
            int done = 0;
            while (done < length) {
                int most = Math.min(length - done, CHUNK);
                Arena.putBytes(buffer, from, offset + done, most);
                int moved = transfer(arena, "WriteFile", buffer, most);
                if (moved < 0) {
                    throw new IOException(handle + ": " + SystemResult.ERROR_BROKEN_PIPE.text());
                }
                done += moved;
            }
        } finally {
            writing.unlock();
        }
    }

    /** The pipe as a stream; closing it closes the pipe. */
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return Pipe.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return Pipe.this.read(into, offset, length);
            }

            @Override
            public void close() {
                Pipe.this.close();
            }
        };
    }

    /** The pipe as a stream, unbuffered; closing it closes the pipe. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                Pipe.this.write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                Pipe.this.write(from, offset, length);
            }

            @Override
            public void close() {
                Pipe.this.close();
            }
        };
    }

    /** Ends what blocks, waits for it, and closes the handle; a second call does nothing. */
    @Override
    public void close() {
        state.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            while (active > 0) {
                // Whatever started before the flag was set is either pending, and is cancelled, or is about to end.
                kernel.function("CancelIoEx").call(handle.value(), 0);
                idle.awaitUninterruptibly();
            }
        } finally {
            state.unlock();
        }
        handle.close();
    }

    /** One transfer: the bytes moved, or -1 when the other end is closed. */
    private int transfer(Arena arena, String name, long buffer, int most) throws IOException {
        NativeFunction createEvent = kernel.function("CreateEventW");
        long eventValue = createEvent.callLong(0, TRUE, 0, 0);
        if (eventValue == 0) {
            throw Kernel.failure(createEvent, handle.what());
        }
        try (Handle event = new Handle(kernel, eventValue, "event of " + handle.what())) {
            long overlapped = arena.zeros(OVERLAPPED_SIZE);
            long moved = arena.slot();
            Arena.putLong(overlapped + OVERLAPPED_EVENT, event.value());
            int error = start(kernel.function(name), buffer, most, overlapped);
            try {
                if (error == 0 || error == win32(SystemResult.ERROR_IO_PENDING)) {
                    // The buffer and the structure are Windows' until this returns, whatever happens meanwhile.
                    NativeFunction wait = kernel.function("GetOverlappedResult");
                    error = wait.call(handle.value(), overlapped, moved, TRUE) == 0 ? NativeFunction.lastError() : 0;
                }
            } finally {
                finish();
            }
            return outcome(name, error, Arena.getInt(moved));
        }
    }

    /** Starts a transfer under the lock, so that closing sees it; returns the Win32 error, 0 for success. */
    private int start(NativeFunction function, long buffer, int most, long overlapped) throws IOException {
        state.lock();
        try {
            if (closed) {
                throw closedException();
            }
            int error =
                    function.call(handle.value(), buffer, most, 0, overlapped) == 0 ? NativeFunction.lastError() : 0;
            active++;
            return error;
        } finally {
            state.unlock();
        }
    }

    private void finish() {
        state.lock();
        try {
            active--;
            idle.signalAll();
        } finally {
            state.unlock();
        }
    }

    private int outcome(String name, int error, int moved) throws IOException {
        if (error == 0) {
            return moved;
        }
        if (error == win32(SystemResult.ERROR_BROKEN_PIPE)
                || error == win32(SystemResult.ERROR_HANDLE_EOF)
                || error == win32(SystemResult.ERROR_NO_DATA)
                || error == win32(SystemResult.ERROR_PIPE_NOT_CONNECTED)) {
            return -1;
        }
        if (error == win32(SystemResult.ERROR_OPERATION_ABORTED)) {
            throw closedException();
        }
        throw new WinapiException(HResult.ofWin32(error), name, handle.what(), "");
    }

    private IOException closedException() {
        return new IOException(handle + " is closed");
    }

    private static int win32(SystemResult result) {
        return result.value() & 0xFFFF;
    }
}
