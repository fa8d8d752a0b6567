package org.felucca.runtime.engine.cgroup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.poll.Epoll;
import org.felucca.posix.poll.Inotify;

/** Stops and continues all processes of a cgroup. */
abstract class Freezer {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final String path;

    private Freezer(String path) {
        this.path = path;
    }

    static Freezer of(TaskCgroup cgroup) {
        CgroupDirectory directory = cgroup.freezer()
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.UNSUPPORTED, "cannot freeze the container", "this host's cgroups have no freezer"));
        return directory.version() == 2 ? new V2(directory.path()) : new V1(directory.path());
    }

    abstract void freeze();

    abstract void thaw();

    abstract boolean frozen();

    /** In a cgroup that is gone, nobody is left to be thawed. */
    private static void write(String path, String file, String value) {
        try {
            CgroupFiles.write(path, file, value);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT) && !e.is(Errno.ENODEV)) {
                throw e;
            }
        }
    }

    FeluccaException late() {
        return new FeluccaException(
                ErrorCode.DEADLINE_EXCEEDED,
                "cannot freeze the container",
                "a process in " + path + " is not frozen after " + DEADLINE.toSeconds() + " s");
    }

    /** The kernel reports the end of freezing as a change of {@code cgroup.events}. */
    private static final class V2 extends Freezer {
        private final String path;

        V2(String path) {
            super(path);
            this.path = path;
        }

        @Override
        void freeze() {
            try (Inotify inotify = Inotify.create();
                    Epoll epoll = Epoll.create()) {
                inotify.watch(Path.of(path, "cgroup.events"), Inotify.MODIFY);
                epoll.add(inotify.fd(), Epoll.IN, 0);
                CgroupFiles.write(path, "cgroup.freeze", "1");
                long deadline = System.nanoTime() + DEADLINE.toNanos();
                while (!frozen()) {
                    long rest = deadline - System.nanoTime();
                    if (rest <= 0 || epoll.await(Duration.ofNanos(rest)) == 0) {
                        thaw();
                        throw late();
                    }
                    inotify.drain();
                }
            }
        }

        @Override
        void thaw() {
            write(path, "cgroup.freeze", "0");
        }

        @Override
        boolean frozen() {
            return CgroupFiles.read(path, "cgroup.events")
                    .filter(text -> text.contains("frozen 1"))
                    .isPresent();
        }
    }

    /** Version 1 has no event: the state itself, read again, brings the freezing on. */
    private static final class V1 extends Freezer {
        private static final long PAUSE_NANOS = 500_000;

        private final String path;

        V1(String path) {
            super(path);
            this.path = path;
        }

        @Override
        void freeze() {
            CgroupFiles.write(path, "freezer.state", "FROZEN");
            if (!await(this::frozen)) {
                thaw();
                throw late();
            }
        }

        private static boolean await(BooleanSupplier condition) {
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return true;
        }

        @Override
        void thaw() {
            write(path, "freezer.state", "THAWED");
        }

        @Override
        boolean frozen() {
            return CgroupFiles.read(path, "freezer.state")
                    .filter(state -> state.equals("FROZEN"))
                    .isPresent();
        }
    }
}
