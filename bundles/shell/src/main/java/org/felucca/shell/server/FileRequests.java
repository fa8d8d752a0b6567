package org.felucca.shell.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Io;
import org.jspecify.annotations.Nullable;

/** The files a command asks its client for. The worker asks, the reading thread answers; guarded by its monitor. */
final class FileRequests {
    private final FrameSender sender;
    private final Map<Integer, Request> waiting = new HashMap<>();
    private final List<PassedFile> open = new ArrayList<>();
    private final List<PassedOutput> written = new ArrayList<>();
    private int lastId;
    private boolean cancelled;

    private static final class Request {
        private boolean answered;
        private @Nullable Fd file;
        private int errno;
    }

    FileRequests(FrameSender sender) {
        this.sender = sender;
    }

    /**
     * Has the client open a file.
     *
     * @throws FeluccaException as the client met it; CANCELLED on interrupt
     */
    InputStream open(String path) {
        return stream(path, ask(FrameType.OPEN_FILE, path));
    }

    /**
     * Has the client make a file; it gives it its name when the command has succeeded.
     *
     * @throws FeluccaException as the client met it; CANCELLED on interrupt
     */
    OutputStream create(String path) {
        Request answer = ask(FrameType.CREATE_FILE, path);
        Fd file = answer.file;
        if (file == null) {
            Errno errno = Errno.of(answer.errno);
            throw new FeluccaException(
                    code(errno), "cannot write " + path, errno.text(), "give a name in a directory you can write to");
        }
        PassedOutput stream = new PassedOutput(file);
        synchronized (this) {
            written.add(stream);
        }
        return stream;
    }

    private Request ask(int question, String path) {
        Request request = new Request();
        int id;
        synchronized (this) {
            id = ++lastId;
            waiting.put(id, request);
        }
        try {
            byte[] name = path.getBytes(StandardCharsets.UTF_8);
            ByteBuffer payload = ByteBuffer.allocate(4 + name.length).order(ByteOrder.LITTLE_ENDIAN);
            payload.putInt(id).put(name);
            sender.send(question, payload.array());
            await(id, request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, "cannot open " + path, "interrupted", null, e);
        }
        return request;
    }

    private static ErrorCode code(Errno errno) {
        return switch (errno) {
            case ENOENT, ENOTDIR -> ErrorCode.NOT_FOUND;
            case EACCES, EPERM -> ErrorCode.PERMISSION_DENIED;
            default -> ErrorCode.INVALID_ARGUMENT;
        };
    }

    private synchronized void await(int id, Request request) throws InterruptedException {
        try {
            while (!request.answered) {
                wait();
            }
        } finally {
            waiting.remove(id); // what is answered later is nobody's, and closed
        }
    }

    private InputStream stream(String path, Request answer) {
        Fd file = answer.file;
        if (file == null) {
            Errno errno = Errno.of(answer.errno);
            throw new FeluccaException(code(errno), "cannot open " + path, errno.text(), "give a file you can read");
        }
        if (Io.stat(file).type() == FileType.DIRECTORY) {
            file.close();
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "cannot read " + path, "it is a directory", "give a file");
        }
        PassedFile stream = new PassedFile(file);
        synchronized (this) {
            open.add(stream);
            if (cancelled) {
                stream.cancel();
            }
        }
        return stream;
    }

    /** The client has answered; a descriptor is taken over. */
    synchronized void answered(int id, @Nullable Fd file, int errno) {
        Request request = waiting.get(id);
        if (request == null || request.answered) {
            if (file != null) {
                file.close();
            }
            return;
        }
        request.file = file;
        request.errno = errno;
        request.answered = true;
        notifyAll();
    }

    /** Ends reads that wait. */
    synchronized void cancel() {
        cancelled = true;
        open.forEach(PassedFile::cancel);
    }

    /** Closes every file. */
    synchronized void close() {
        open.forEach(PassedFile::close);
        open.clear();
        written.forEach(PassedOutput::close);
        written.clear();
    }
}
