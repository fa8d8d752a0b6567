package org.felucca.runtime.monitor;

import java.time.Duration;
import java.util.Optional;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.poll.Epoll;
import org.felucca.posix.poll.Inotify;

/** Waits for what a monitor that cannot be reached does next: make a file in its directory, or end. Confined to one thread. */
final class MonitorWatch implements AutoCloseable {
    /** A socket's file is there a moment before anybody listens, and nothing tells of that. */
    private static final Duration AT_MOST = Duration.ofMillis(20);

    private static final long FILES = 0;
    private static final long PROCESS = 1;

    private final Epoll epoll = Epoll.create();
    private final Inotify inotify = Inotify.create();
    private final Optional<Fd> process;
    private boolean alive;

    MonitorWatch(TaskDirectory directory, ProcessRef monitor) {
        this.process = HostProcesses.open(monitor);
        this.alive = process.isPresent();
        inotify.watch(directory.path(), Inotify.CREATE | Inotify.MOVED_TO);
        epoll.add(inotify.fd(), Epoll.IN, FILES);
        process.ifPresent(fd -> epoll.add(fd, Epoll.IN, PROCESS));
    }

    /** Whether the monitor was alive when it was looked at last. */
    boolean alive() {
        return alive;
    }

    /** Returns at a change, or after a moment without one. */
    void awaitChange() {
        take(epoll.await(AT_MOST));
    }

    /** Returns at the monitor's end, or at the deadline of {@link System#nanoTime}. */
    void awaitEnd(long deadline) {
        while (alive) {
            long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                return;
            }
            take(epoll.await(Duration.ofNanos(rest)));
        }
    }

    private void take(int ready) {
        for (int i = 0; i < ready; i++) {
            if (epoll.token(i) == PROCESS) {
                alive = false;
            } else {
                inotify.drain();
            }
        }
    }

    @Override
    public void close() {
        epoll.close();
        inotify.close();
        process.ifPresent(Fd::close);
    }
}
