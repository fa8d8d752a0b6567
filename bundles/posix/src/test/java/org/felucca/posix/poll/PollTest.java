package org.felucca.posix.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PollTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path temporary;

    private Fd.Leaks leaks;
    private Epoll epoll;

    @BeforeEach
    void create() {
        leaks = Fd.trackLeaks();
        epoll = Epoll.create();
    }

    @AfterEach
    void everythingIsClosed() {
        epoll.close();
        leaks.assertNone();
        leaks.close();
    }

    @Test
    void await_readyPipe_reportsItsTokenAndEvents() {
        Fd[] pipe = Io.pipe();
        epoll.add(pipe[0], Epoll.IN, 0x1234_5678_9ABC_DEF0L);
        assertEquals(0, epoll.await(Duration.ZERO));
        Io.writeFully(pipe[1], ByteBuffer.allocateDirect(1));
        assertEquals(1, epoll.await(SOON));
        assertEquals(0x1234_5678_9ABC_DEF0L, epoll.token(0));
        assertEquals(Epoll.IN, epoll.events(0));
        epoll.modify(pipe[0], 0, 7);
        pipe[1].close();
        assertEquals(1, epoll.await(Epoll.FOREVER));
        assertEquals(7, epoll.token(0));
        assertEquals(Epoll.HUP, epoll.events(0));
        epoll.remove(pipe[0]);
        assertEquals(0, epoll.await(Duration.ofMillis(1)));
        pipe[0].close();
    }

    @Test
    void eventFd_signalled_isReadableUntilDrained() {
        try (EventFd event = EventFd.create()) {
            epoll.add(event.fd(), Epoll.IN, 1);
            event.signal();
            event.signal();
            assertEquals(1, epoll.await(SOON));
            assertEquals(2, event.drain());
            assertEquals(0, event.drain());
            assertEquals(0, epoll.await(Duration.ZERO));
        }
    }

    @Test
    void timer_fired_isReadable() {
        try (TimerFd timer = TimerFd.create()) {
            epoll.add(timer.fd(), Epoll.IN, 1);
            timer.fireAfter(Duration.ofHours(1));
            assertFalse(timer.drain());
            timer.fireAfter(Duration.ofMillis(1));
            assertEquals(1, epoll.await(SOON));
            assertTrue(timer.drain());
            timer.disarm();
        }
    }

    @Test
    void pidFd_ofAProcess_isReadableAtItsEnd() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        try (Fd fd = PidFd.open((int) process.pid())) {
            epoll.add(fd, Epoll.IN, 1);
            assertEquals(0, epoll.await(Duration.ZERO));
            assertEquals(java.util.Optional.empty(), PidFd.reap(fd));
            assertTrue(PidFd.signal(fd, 9));
            assertEquals(1, epoll.await(SOON));
            assertEquals(137, process.waitFor());
            assertFalse(PidFd.signal(fd, 9));
        }
        PosixException e = assertThrows(PosixException.class, () -> PidFd.open((int) process.pid()));
        assertTrue(e.is(Errno.ESRCH));
    }

    @Test
    void inotify_watchedDirectory_tellsNamesAndChanges() throws Exception {
        try (Inotify inotify = Inotify.create()) {
            int watch = inotify.watch(temporary, Inotify.CREATE | Inotify.DELETE);
            assertEquals(List.of(), inotify.drain());
            epoll.add(inotify.fd(), Epoll.IN, 1);
            Path file = Files.createFile(temporary.resolve("fäh"));
            Files.delete(file);
            assertEquals(1, epoll.await(SOON));
            assertEquals(
                    List.of(
                            new Inotify.Event(watch, Inotify.CREATE, "fäh"),
                            new Inotify.Event(watch, Inotify.DELETE, "fäh")),
                    inotify.drain());
            inotify.unwatch(watch);
            assertTrue(inotify.drain().get(0).is(Inotify.IGNORED));
            inotify.unwatch(watch);
        }
    }
}
