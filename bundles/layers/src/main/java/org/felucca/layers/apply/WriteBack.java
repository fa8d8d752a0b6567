package org.felucca.layers.apply;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;

/**
 * Has the disk at work while layers are written, so that little is left for the sync before they are committed. The
 * kernel by itself begins when a tenth of the memory is dirty, which is more than most images. Thread-safe.
 */
public final class WriteBack {

    private static final long STEP = 64L << 20;

    private final Executor executor;
    private final AtomicLong written = new AtomicLong();
    private final AtomicBoolean busy = new AtomicBoolean();

    /** @param executor runs one sync at a time */
    public WriteBack(Executor executor) {
        this.executor = executor;
    }

    /** Some bytes were written to the file system of an open directory. */
    void wrote(Fd root, long bytes) {
        if (written.addAndGet(bytes) < STEP || !busy.compareAndSet(false, true)) {
            return;
        }
        written.set(0);
        Fd own = Dir.openDirectory(root, ".");
        try {
            executor.execute(() -> sync(own));
        } catch (RejectedExecutionException e) {
            // The applier is closing; who commits the layer syncs it in any case.
            own.close();
            busy.set(false);
        }
    }

    private void sync(Fd root) {
        try (root) {
            Io.syncFileSystem(root);
        } catch (PosixException e) {
            // The kernel tells every descriptor of the file system once: the sync before the commit fails as well.
        } finally {
            busy.set(false);
        }
    }
}
