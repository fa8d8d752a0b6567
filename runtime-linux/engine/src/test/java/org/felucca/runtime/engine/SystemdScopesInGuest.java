package org.felucca.runtime.engine;

import static org.felucca.runtime.engine.EngineFixture.exit;
import static org.felucca.runtime.engine.EngineFixture.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskState;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.BlockIo;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.HugepageLimit;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Pids;
import org.felucca.oci.runtimespec.linux.Resources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers in scopes of systemd. Run by {@code itests/guest} where it is process 1 and version 2 has all controllers. */
class SystemdScopesInGuest {
    private static final long MIB = 1 << 20;
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    @TempDir
    Path directory;

    private EngineFixture engine;

    @BeforeEach
    void start() throws IOException {
        engine = EngineFixture.withSystemd(directory);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        assertEquals("", systemctl("list-units", "--all", "--no-legend", "--plain", "felucca*.scope", "own*.scope"));
        assertEquals(List.of(), engine.leftovers());
        engine.close();
    }

    private static String systemctl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("systemctl", "--no-pager"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    private static String property(String unit, String name) throws IOException, InterruptedException {
        return systemctl("show", "--value", "--property", name, unit);
    }

    private static String file(String unit, String name) throws IOException, InterruptedException {
        return Files.readString(Path.of(CGROUPS + property(unit, "ControlGroup"), name))
                .strip();
    }

    private static Path place(String slice, String scope) {
        return CGROUPS.resolve(slice).resolve(scope);
    }

    private Task start(String id, String cgroupsPath, UnaryOperator<Resources.Builder> limits) {
        Spec plain = spec("sleep", "600");
        Spec limited = plain.toBuilder()
                .linux(plain.linux().toBuilder()
                        .cgroupsPath(cgroupsPath)
                        .resources(limits.apply(plain.linux().resources().toBuilder())
                                .build())
                        .build())
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
    void create_withLimits_unitAndFilesHaveThem() throws IOException, InterruptedException {
        Task task = start(
                "limited",
                null,
                resources -> resources
                        .memory(Memory.builder()
                                .limit(64 * MIB)
                                .swap(64 * MIB)
                                .reservation(16 * MIB)
                                .build())
                        .cpu(Cpu.builder()
                                .shares(2048L)
                                .quota(12_345L)
                                .period(50_000L)
                                .cpus("1")
                                .mems("0")
                                .build())
                        .pids(new Pids(50L))
                        .blockIo(BlockIo.builder().weight(500).build())
                        .hugepageLimits(List.of(new HugepageLimit("2MB", 4 * MIB)))
                        .unified(Map.of("memory.high", Long.toString(48 * MIB), "memory.oom.group", "1")));
        String unit = "felucca-default-limited.scope";
        assertEquals("active", property(unit, "ActiveState"));
        assertEquals("/system.slice/" + unit, property(unit, "ControlGroup"));
        assertEquals("yes", property(unit, "Delegate"));
        assertEquals(Long.toString(64 * MIB), property(unit, "MemoryMax"));
        assertEquals(Long.toString(48 * MIB), property(unit, "MemoryHigh"));
        assertEquals(Long.toString(16 * MIB), property(unit, "MemoryLow"));
        assertEquals("0", property(unit, "MemorySwapMax"));
        assertEquals("50", property(unit, "TasksMax"));
        assertEquals("174", property(unit, "CPUWeight"));
        assertEquals("250ms", property(unit, "CPUQuotaPerSecUSec"));
        assertEquals("50ms", property(unit, "CPUQuotaPeriodUSec"));
        assertEquals("1", property(unit, "AllowedCPUs"));
        assertEquals("0", property(unit, "AllowedMemoryNodes"));
        assertEquals("4950", property(unit, "IOWeight"));
        assertEquals("strict", property(unit, "DevicePolicy"));
        assertTrue(property(unit, "DeviceAllow").contains("/dev/char/1:3 rwm"), property(unit, "DeviceAllow"));

        assertEquals(Long.toString(64 * MIB), file(unit, "memory.max"));
        assertEquals("12345 50000", file(unit, "cpu.max"));
        assertEquals("1", file(unit, "cpuset.cpus.effective"));
        assertEquals("1", file(unit, "memory.oom.group"));
        assertEquals(Long.toString(4 * MIB), file(unit, "hugetlb.2MB.max"));
        assertEquals(Long.toString(task.pid().getAsLong()), file(unit, "cgroup.procs"), "the occupant has left");
        end(task);
    }

    @Test
    void update_changesUnitAndFiles() throws IOException, InterruptedException {
        Task task = start(
                "changed",
                null,
                resources -> resources.memory(Memory.builder().limit(64 * MIB).build()));
        String unit = "felucca-default-changed.scope";
        task.update(ResourceLimits.NONE.memoryBytes(96 * MIB).pids(7).nanoCpus(300_000_000L));
        assertEquals(Long.toString(96 * MIB), property(unit, "MemoryMax"));
        assertEquals("7", property(unit, "TasksMax"));
        assertEquals("300ms", property(unit, "CPUQuotaPerSecUSec"));
        assertEquals(Long.toString(96 * MIB), file(unit, "memory.max"));
        assertEquals("30000 100000", file(unit, "cpu.max"));
        systemctl("daemon-reload");
        assertEquals(Long.toString(96 * MIB), file(unit, "memory.max"));
        assertEquals("7", file(unit, "pids.max"));
        end(task);
    }

    @Test
    void create_inASliceOfItsOwn_isThere() throws IOException, InterruptedException {
        Task task = start("placed", "pods-one.slice:own:placed", resources -> resources);
        assertEquals("/pods.slice/pods-one.slice/own-placed.scope", property("own-placed.scope", "ControlGroup"));
        end(task);
        task = start("named", "plain", resources -> resources);
        assertEquals("active", property("felucca-plain.scope", "ActiveState"));
        end(task);
        task = start("bare", "pods-one.slice::own", resources -> resources);
        assertEquals("/pods.slice/pods-one.slice/own.scope", property("own.scope", "ControlGroup"));
        end(task);
        systemctl("stop", "pods.slice");
    }

    @Test
    void end_byItself_leavesNothingToStop() {
        Task task = engine.start("brief", "sh", "-c", "exit 3");
        assertEquals(new ExitStatus.Exited(3), exit(task).status());
        task.delete();
        assertFalse(Files.exists(place("system.slice", "felucca-default-brief.scope")));
    }

    @Test
    void pausedTask_isFrozenAndDiesOfItsKill() throws IOException, InterruptedException {
        Task task = start("frozen", null, resources -> resources);
        task.pause();
        assertEquals("1", file("felucca-default-frozen.scope", "cgroup.freeze"));
        task.resume();
        assertEquals(TaskState.RUNNING, task.state());
        task.pause();
        end(task);
    }

    @Test
    void parkedTask_deleted_takesItsScopeAlong() {
        Task task = engine.runtime()
                .create(engine.request("parked", spec("sleep", "600")).build());
        assertEquals(TaskState.CREATED, task.state());
        assertTrue(Files.isDirectory(place("system.slice", "felucca-default-parked.scope")));
        task.delete();
        assertFalse(Files.exists(place("system.slice", "felucca-default-parked.scope")));
    }

    @Test
    void recover_afterARestart_knowsItsScope() throws IOException, InterruptedException {
        start("kept", null, resources -> resources);
        engine.restartJava();
        Task task = engine.runtime().recover(EngineFixture.id("kept")).orElseThrow();
        task.update(ResourceLimits.NONE.pids(9));
        assertEquals("9", property("felucca-default-kept.scope", "TasksMax"));
        end(task);
    }

    @Test
    void create_whoseScopeIsInUse_isRefusedAndTheOtherStays() throws IOException, InterruptedException {
        Task task = start("first", ":own:same", resources -> resources);
        FeluccaException refusal =
                assertThrows(FeluccaException.class, () -> start("second", ":own:same", resources -> resources));
        assertEquals(ErrorCode.ALREADY_EXISTS, refusal.code());
        assertEquals("active", property("own-same.scope", "ActiveState"));
        end(task);
    }

    @Test
    void create_limitThatCannotBe_isRefusedByNameAndLeavesNoScope() {
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> start("wrong", null, resources -> resources.unified(Map.of("memory.nonsense", "1"))));
        assertTrue(refusal.subject().endsWith("/linux/resources/unified/memory.nonsense"), refusal.getMessage());
        assertFalse(Files.exists(place("system.slice", "felucca-default-wrong.scope")));
    }

    @Test
    void create_pathOfAnotherDriver_isRefused() {
        FeluccaException refusal =
                assertThrows(FeluccaException.class, () -> start("path", "/felucca/x", resources -> resources));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
    }
}
