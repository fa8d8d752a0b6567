package org.felucca.runtime.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskDirectoryTest {
    @TempDir
    Path path;

    @Test
    void task_written_isReadBack() throws IOException {
        Files.writeString(
                path.resolve("task"), "version=1\nid=a\nboot_id=b\nmonitor_pid=3\nmonitor_start=4\npid=5\nstart=6\n");
        assertEquals(
                Optional.of(new TaskDirectory.Task("a", "b", new ProcessRef(3, 4), new ProcessRef(5, 6))),
                new TaskDirectory(path).task());
    }

    @Test
    void files_missing_areEmpty() {
        assertEquals(Optional.empty(), new TaskDirectory(path).task());
        assertEquals(Optional.empty(), new TaskDirectory(path).end());
    }

    @Test
    void end_ofEachKind_isReadBack() throws IOException {
        assertEquals(
                new ExitStatus.Exited(3),
                end("kind=exited\nvalue=3\ntime=1000000000\noom=0\nreason=\n").status());
        ProcessEnd killed = end("kind=signaled\nvalue=9\ntime=2000000001\noom=1\nreason=\n");
        assertEquals(new ProcessEnd(new ExitStatus.Signaled(9), Instant.ofEpochSecond(2, 1), true), killed);
        assertEquals(
                new ExitStatus.Unknown("it fell = off"),
                end("kind=unknown\nvalue=0\ntime=0\noom=0\nreason=it fell = off\n")
                        .status());
    }

    private ProcessEnd end(String text) throws IOException {
        Files.writeString(path.resolve("exit"), text);
        return new TaskDirectory(path).end().orElseThrow();
    }

    @Test
    void task_damaged_isDataLoss() throws IOException {
        Files.writeString(path.resolve("task"), "version=1\nid=a\nboot_id=b\nmonitor_pid=x\n");
        FeluccaException failure = assertThrows(FeluccaException.class, () -> new TaskDirectory(path).task());
        assertEquals(ErrorCode.DATA_LOSS, failure.code());
    }
}
