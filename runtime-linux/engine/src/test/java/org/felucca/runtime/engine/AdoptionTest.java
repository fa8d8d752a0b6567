package org.felucca.runtime.engine;

import static org.felucca.runtime.engine.EngineFixture.exit;
import static org.felucca.runtime.engine.EngineFixture.get;
import static org.felucca.runtime.engine.EngineFixture.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskState;
import org.felucca.runtime.monitor.HostProcesses;
import org.felucca.runtime.monitor.TaskDirectory;
import org.felucca.runtime.testkit.Awaiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks outlive the JVM. */
class AdoptionTest {
    @TempDir
    Path directory;

    private EngineFixture engine;

    @BeforeEach
    void start() throws IOException {
        engine = new EngineFixture(directory);
    }

    @AfterEach
    void stop() throws IOException {
        assertEquals(List.of(), engine.leftovers());
        engine.close();
    }

    private Task recovered(String name) {
        assertTrue(engine.runtime().tasks().contains(id(name)));
        return engine.runtime().recover(id(name)).orElseThrow();
    }

    private static void end(Task task) {
        task.kill(Signal.KILL, false);
        assertEquals(new ExitStatus.Signaled(9), exit(task).status());
        task.delete();
    }

    @Test
    void recover_runningTask_isTheSameAndCanBeUsed() {
        Task before = engine.start("run", "sleep", "600");
        long pid = before.pid().getAsLong();
        engine.restartJava();
        Task task = recovered("run");
        assertEquals(TaskState.RUNNING, task.state());
        assertEquals(pid, task.pid().getAsLong());
        ExecProcess exec =
                task.exec(ExecRequest.of("x", List.of("sh", "-c", "exit 4")).build());
        assertEquals(new ExitStatus.Exited(4), get(exec.exited()).status());
        end(task);
    }

    @Test
    void recover_parkedTask_canBeStarted() {
        engine.runtime()
                .create(engine.request("parked", EngineFixture.spec("sh", "-c", "exit 5"))
                        .build());
        engine.restartJava();
        Task task = recovered("parked");
        assertEquals(TaskState.CREATED, task.state());
        task.start();
        assertEquals(new ExitStatus.Exited(5), exit(task).status());
        task.delete();
    }

    @Test
    void recover_pausedTask_isPaused() {
        engine.start("paused", "sleep", "600").pause();
        engine.restartJava();
        Task task = recovered("paused");
        assertEquals(TaskState.PAUSED, task.state());
        end(task);
    }

    @Test
    void recover_runningExec_isKnown() {
        Task before = engine.start("execs", "sleep", "600");
        ExecProcess exec =
                before.exec(ExecRequest.of("e1", List.of("sleep", "600")).build());
        engine.restartJava();
        Task task = recovered("execs");
        ExecProcess found = task.execs().get(0);
        assertEquals("e1", found.execId());
        assertEquals(exec.pid(), found.pid());
        found.kill(Signal.TERM);
        assertEquals(new ExitStatus.Signaled(15), get(found.exited()).status());
        end(task);
    }

    @Test
    void recover_taskThatEndedMeanwhile_hasItsStatusAndItsLog() throws IOException {
        engine.start("ended", "sh", "-c", "read x < /tmp/gate; echo last words; exit 6");
        // no fifo is there: the read fails at once, the end comes whether or not anybody listens
        engine.restartJava();
        Awaiting.path(engine.state.resolve("tasks/default/ended/exit"));
        Task task = recovered("ended");
        assertEquals(new ExitStatus.Exited(6), exit(task).status());
        assertEquals(TaskState.STOPPED, task.state());
        task.delete();
        assertTrue(engine.log("ended").endsWith("last words\n"));
    }

    @Test
    void monitorKilled_taskIsStoppedWithUnknownStatusAndNothingRunsOn() throws IOException {
        Task task = engine.start("orphan", "sleep", "600");
        TaskDirectory.Task found = new TaskDirectory(engine.state.resolve("tasks/default/orphan"))
                .task()
                .orElseThrow();
        ProcessHandle.of(found.monitor().pid()).orElseThrow().destroyForcibly();
        TaskExit end = exit(task);
        assertInstanceOf(ExitStatus.Unknown.class, end.status());
        assertEquals(TaskState.STOPPED, task.state());
        task.delete();
        assertEquals(Optional.empty(), HostProcesses.open(found.process()));
    }

    @Test
    void recover_afterMonitorWasKilled_isStoppedWithUnknownStatus() throws IOException {
        engine.start("lost", "sleep", "600");
        TaskDirectory.Task found = new TaskDirectory(engine.state.resolve("tasks/default/lost"))
                .task()
                .orElseThrow();
        ProcessHandle monitor = ProcessHandle.of(found.monitor().pid()).orElseThrow();
        engine.runtime().close();
        monitor.destroyForcibly();
        engine.restartJava();
        Task task = recovered("lost");
        assertInstanceOf(ExitStatus.Unknown.class, exit(task).status());
        task.delete();
    }

    @Test
    void recover_otherBootId_isGoneWithUnknownStatus() throws IOException {
        Path task = Files.createDirectories(engine.state.resolve("tasks/default/old"));
        Files.writeString(
                task.resolve("task"),
                "version=1\nid=old\nboot_id=another\nmonitor_pid=1\nmonitor_start=1\npid=1\nstart=1\n");
        Files.write(task.resolve("config.json"), EngineFixture.spec("true").toBytes());
        Task found = recovered("old");
        assertEquals(
                new ExitStatus.Unknown("the host was restarted"), exit(found).status());
        found.delete();
    }

    @Test
    void recover_nothingThere_isEmpty() {
        assertEquals(Optional.empty(), engine.runtime().recover(id("never")));
    }

    @Test
    void recover_taskWithoutRecords_isKilledAndRemoved() throws IOException {
        Task before = engine.start("half", "sleep", "600");
        TaskDirectory.Task found = new TaskDirectory(engine.state.resolve("tasks/default/half"))
                .task()
                .orElseThrow();
        for (String file : List.of("config.json", "cgroups", "task")) {
            Files.delete(engine.state.resolve("tasks/default/half").resolve(file));
        }
        engine.restartJava();
        assertEquals(Optional.empty(), engine.runtime().recover(before.id()));
        assertEquals(Optional.empty(), HostProcesses.open(found.process()));
    }

    @Test
    void recover_halfMadeTask_isRemoved() throws IOException {
        Files.createDirectories(engine.state.resolve("tasks/default/half"));
        assertEquals(Optional.empty(), engine.runtime().recover(id("half")));
    }
}
