package org.felucca.runtime.engine;

import static org.felucca.runtime.engine.EngineFixture.exit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.runtime.TaskStats;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.runtime.engine.task.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cgroups of this host: limits, freezing, usage. */
class LimitsTest {
    private static final long MIB = 1 << 20;

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

    private Task start(String id, ResourceLimits limits, String script) {
        Spec spec = EngineFixture.spec("sh", "-c", script);
        Resources resources = Limits.resources(limits).toBuilder()
                .devices(spec.linux().resources().devices())
                .build();
        Spec limited = spec.toBuilder()
                .linux(spec.linux().toBuilder().resources(resources).build())
                .build();
        return engine.runtime()
                .create(engine.request(id, limited).startImmediately(true).build());
    }

    private static void end(Task task) {
        task.kill(Signal.KILL, true);
        assertEquals(new ExitStatus.Signaled(9), exit(task).status());
        task.delete();
    }

    @Test
    void memoryLimit_exceeded_isReportedAsOutOfMemory() {
        Task task = start(
                "oom",
                ResourceLimits.NONE.memoryBytes(8 * MIB).memorySwapBytes(8 * MIB),
                "dd if=/dev/zero of=/dev/shm/big bs=1M count=64; head -c 64m /dev/zero | grep -c x");
        TaskExit end = exit(task);
        assertTrue(end.outOfMemory(), end.toString());
        task.delete();
    }

    @Test
    void outOfMemory_ofAChild_isToldWhileTheContainerRuns() {
        Task task = start(
                "child-oom",
                ResourceLimits.NONE.memoryBytes(8 * MIB).memorySwapBytes(8 * MIB),
                "head -c 64m /dev/zero | grep -c x; sleep 600");
        CompletableFuture<Void> told = new CompletableFuture<>();
        task.onOutOfMemory(() -> told.complete(null));
        EngineFixture.get(told);
        assertEquals(TaskState.RUNNING, task.state());
        end(task);
    }

    @Test
    void outOfMemory_beforeAnybodyListens_isToldAllTheSame() {
        Task task = start(
                "early-oom",
                ResourceLimits.NONE.memoryBytes(8 * MIB).memorySwapBytes(8 * MIB),
                "exec grep -c x < /dev/zero");
        assertTrue(exit(task).outOfMemory());
        CompletableFuture<Void> told = new CompletableFuture<>();
        task.onOutOfMemory(() -> told.complete(null));
        EngineFixture.get(told);
        task.delete();
    }

    @Test
    void pidsLimit_exceeded_refusesForks() throws IOException {
        Task task = start(
                "pids",
                ResourceLimits.NONE.pids(3),
                "(sleep 9 & sleep 9 & sleep 9 & sleep 9 & sleep 9) 2>&1; kill -9 -1");
        exit(task);
        task.delete();
        assertTrue(engine.log("pids").contains("can't fork"), engine.log("pids"));
    }

    @Test
    void stats_ofLimitedTask_areThoseOfItsCgroups() {
        Task task = start(
                "stats", ResourceLimits.NONE.memoryBytes(64 * MIB).pids(50).nanoCpus(500_000_000L), "sleep 600");
        TaskStats stats = task.stats();
        assertEquals(OptionalLong.of(64 * MIB), stats.memoryLimitBytes());
        assertTrue(stats.memoryBytes() > 0 && stats.memoryBytes() < 64 * MIB, stats.toString());
        assertEquals(1, stats.pids());
        end(task);
    }

    @Test
    void stats_ofUnlimitedTask_areThoseOfItsProcesses() {
        Task task = start("plain", ResourceLimits.NONE, "sleep 600");
        TaskStats stats = task.stats();
        assertEquals(OptionalLong.empty(), stats.memoryLimitBytes());
        assertTrue(stats.memoryBytes() > 0, stats.toString());
        assertEquals(1, stats.pids());
        end(task);
    }

    @Test
    void update_ofLimitedTask_changesTheLimit() {
        Task task = start("update", ResourceLimits.NONE.memoryBytes(64 * MIB), "sleep 600");
        task.update(ResourceLimits.NONE.memoryBytes(96 * MIB));
        assertEquals(OptionalLong.of(96 * MIB), task.stats().memoryLimitBytes());
        end(task);
    }

    @Test
    void pause_stopsAndResumeContinues() throws IOException {
        Task task = start("pause", ResourceLimits.NONE, "read x < /dev/zero; sleep 600");
        task.pause();
        assertEquals(TaskState.PAUSED, task.state());
        long before = task.stats().cpuNanos();
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                assertThrows(
                                FeluccaException.class,
                                () -> task.exec(
                                        ExecRequest.of("x", List.of("true")).build()))
                        .code());
        assertEquals(before, task.stats().cpuNanos());
        task.resume();
        assertEquals(TaskState.RUNNING, task.state());
        end(task);
    }

    @Test
    void kill_ofPausedTask_thawsItIntoItsDeath() {
        Task task = start("frozen", ResourceLimits.NONE, "sleep 600");
        task.pause();
        end(task);
    }
}
