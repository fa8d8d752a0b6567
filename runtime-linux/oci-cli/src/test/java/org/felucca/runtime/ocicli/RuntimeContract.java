package org.felucca.runtime.ocicli;

import static org.felucca.runtime.ocicli.OciCliFixture.exit;
import static org.felucca.runtime.ocicli.OciCliFixture.get;
import static org.felucca.runtime.ocicli.OciCliFixture.id;
import static org.felucca.runtime.ocicli.OciCliFixture.process;
import static org.felucca.runtime.ocicli.OciCliFixture.spec;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.RuntimeFeatures.Capability;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskIo;
import org.felucca.api.runtime.TaskState;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.oci.runtimespec.linux.TimeOffset;
import org.felucca.runtime.monitor.HostProcesses;
import org.felucca.runtime.monitor.TaskDirectory;
import org.felucca.runtime.testkit.ClientFrames;
import org.felucca.runtime.testkit.TestSpecs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The life of tasks whose processes another runtime's program makes; a subclass says which. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RuntimeContract {
    @TempDir
    static Path directory;

    private OciCliFixture engine;

    abstract RuntimeSettings settings();

    @BeforeAll
    void start() throws IOException {
        engine = new OciCliFixture(directory, settings());
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertEquals(List.of(), engine.leftovers());
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            assertEquals(
                    List.of(),
                    mounts.filter(line -> line.contains(directory.toString())).toList());
        }
    }

    private static void end(Task task) {
        task.kill(Signal.KILL, false);
        assertEquals(new ExitStatus.Signaled(9), exit(task).status());
        task.delete();
    }

    @Test
    void features_sayWhatTheProgramCan() {
        assertEquals(
                java.util.Set.of(Capability.PAUSE, Capability.UPDATE, Capability.STATS),
                engine.runtime().features().capabilities());
        assertEquals("1.0.2", engine.runtime().features().ociVersion());
    }

    @Test
    void create_startImmediately_runsToTheEndAndLogs() throws IOException {
        Task task = engine.start("echo", "echo", "ahoy");
        assertEquals(new ExitStatus.Exited(0), exit(task).status());
        assertEquals(TaskState.STOPPED, task.state());
        assertEquals(OptionalLong.empty(), task.pid());
        task.delete();
        task.delete();
        assertEquals("ahoy\n", engine.log("echo"));
    }

    @Test
    void create_thenStart_parksInBetween() throws IOException {
        Task task = engine.runtime()
                .create(engine.request("parked", spec("sh", "-c", "cat /proc/1/comm; exit 7"))
                        .build());
        assertEquals(TaskState.CREATED, task.state());
        assertTrue(task.pid().isPresent());
        assertEquals("", engine.log("parked"));
        task.start();
        assertEquals(new ExitStatus.Exited(7), exit(task).status());
        FeluccaException again = assertThrows(FeluccaException.class, task::start);
        assertEquals(ErrorCode.FAILED_PRECONDITION, again.code());
        task.delete();
        assertEquals("cat\n", engine.log("parked").replace("sh\n", "cat\n"));
    }

    @Test
    void delete_parkedTask_killsIt() {
        Task task = engine.runtime()
                .create(engine.request("unstarted", spec("true")).build());
        task.delete();
        assertEquals(new ExitStatus.Signaled(9), exit(task).status());
    }

    @Test
    void delete_runningTask_isRefused() {
        Task task = engine.start("busy", "sleep", "600");
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                assertThrows(FeluccaException.class, task::delete).code());
        task.kill(Signal.KILL, true);
        assertEquals(new ExitStatus.Signaled(9), exit(task).status());
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                assertThrows(FeluccaException.class, () -> task.kill(Signal.KILL, false))
                        .code());
        task.delete();
    }

    @Test
    void create_idInUse_isRefusedAndTheFirstLives() {
        Task task = engine.start("twice", "sleep", "600");
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> engine.start("twice", "true"));
        assertEquals(ErrorCode.ALREADY_EXISTS, refusal.code());
        assertEquals(TaskState.RUNNING, task.state());
        end(task);
    }

    @Test
    void create_programMissing_isNotFoundAndNoClientHearsOfIt() {
        try (ClientFrames client = new ClientFrames()) {
            FeluccaException missing = assertThrows(
                    FeluccaException.class,
                    () -> engine.runtime()
                            .create(engine.request("missing", spec("no-such-program"))
                                    .io(TaskIo.NONE.client(client.monitorEnd()))
                                    .startImmediately(true)
                                    .build()));
            assertEquals(ErrorCode.NOT_FOUND, missing.code(), missing.getMessage());
            assertTrue(missing.getMessage().contains("cannot execute no-such-program"), missing.getMessage());
            client.handedOver();
            assertNull(client.readToExit());
            assertEquals("", client.stderr().toString());
        }
    }

    @Test
    void create_programNotExecutable_isPermissionDenied() {
        FeluccaException refusal =
                assertThrows(FeluccaException.class, () -> engine.start("plain", "/bin/not-executable"));
        assertEquals(ErrorCode.PERMISSION_DENIED, refusal.code(), refusal.getMessage());
    }

    @Test
    void create_whatTheProgramRefuses_isSaidInItsWords() {
        Spec spec = spec("true");
        Spec wrong = spec.toBuilder()
                .mounts(List.of(TestSpecs.mount("/mnt", "no-such-file-system", "none")))
                .build();
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> engine.runtime()
                        .create(engine.request("refused", wrong)
                                .startImmediately(true)
                                .build()));
        assertEquals(ErrorCode.FAILED_PRECONDITION, refusal.code());
        assertTrue(refusal.getMessage().contains(settings().id() + ": "), refusal.getMessage());
    }

    @Test
    void create_propertyNewerThanTheProgram_isRefusedByName() {
        Spec spec = spec("true");
        Linux linux = spec.linux().toBuilder()
                .timeOffsets(java.util.Map.of("boottime", new TimeOffset(1L, 0L)))
                .build();
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> engine.runtime()
                        .create(engine.request(
                                        "newer", spec.toBuilder().linux(linux).build())
                                .build()));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.getMessage().contains("/linux/timeOffsets"), refusal.getMessage());
    }

    @Test
    void create_withReaper_isRefused() {
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> engine.runtime()
                        .create(engine.request("init", spec("true"))
                                .reaper(true)
                                .build()));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
    }

    @Test
    void create_userByName_isLookedUpInTheImage() throws IOException {
        Task task = engine.runtime()
                .create(engine.request("ada", spec("sh", "-c", "id -u; id -G; echo $HOME"))
                        .user("ada")
                        .startImmediately(true)
                        .build());
        assertEquals("1000\n1001 10 77\n/home/ada\n", engine.output("ada", task));
    }

    @Test
    void stdin_ofTheClient_reachesTheProcess() {
        try (ClientFrames client = new ClientFrames()) {
            Task task = engine.runtime()
                    .create(engine.request("cat", spec("head", "-n", "1"))
                            .io(TaskIo.NONE.openStdin(true).client(client.monitorEnd()))
                            .startImmediately(true)
                            .build());
            client.handedOver();
            client.send("ahoy\n");
            assertArrayEquals(new int[] {0, 0}, client.readToExit());
            assertEquals("ahoy\n", client.stdout().toString());
            exit(task);
            task.delete();
        }
    }

    @Test
    void terminal_isTheProcesses() {
        try (ClientFrames client = new ClientFrames()) {
            Spec spec = spec("true").toBuilder()
                    .process(process("sh", "-c", "tty; stty size; read x; echo got $x; exit 5")
                            .terminal(true)
                            .build())
                    .build();
            Task task = engine.runtime()
                    .create(engine.request("tty", spec)
                            .io(TaskIo.NONE.terminal(new WindowSize(33, 44)).client(client.monitorEnd()))
                            .startImmediately(true)
                            .build());
            client.handedOver();
            client.readUntil("33 44");
            client.send("it\n");
            assertArrayEquals(new int[] {0, 5}, client.readToExit());
            String text = client.stdout().toString();
            assertTrue(text.contains("/dev/pts/0") && text.contains("got it"), text);
            exit(task);
            task.delete();
        }
    }

    @Test
    void exec_exitStatusStreamsAndTerminal_areItsOwn() {
        Task task = engine.start("host", "sleep", "600");
        try (ClientFrames client = new ClientFrames()) {
            ExecProcess exec = task.exec(ExecRequest.of("x", List.of("sh", "-c", "hostname; id -u; pwd; exit 3"))
                    .workingDirectory("/tmp")
                    .user("ada")
                    .io(TaskIo.NONE.client(client.monitorEnd()))
                    .build());
            client.handedOver();
            assertArrayEquals(new int[] {0, 3}, client.readToExit());
            assertEquals("felucca\n1000\n/tmp\n", client.stdout().toString());
            assertEquals(new ExitStatus.Exited(3), get(exec.exited()).status());
        }
        try (ClientFrames client = new ClientFrames()) {
            task.exec(ExecRequest.of(
                            "t",
                            List.of(
                                    "sh",
                                    "-c",
                                    "i=0; until stty size 2>/dev/null | grep 34 || [ $i = 500 ]; do "
                                            + "i=$((i+1)); sleep 0.01; done"))
                    .io(TaskIo.NONE.terminal(new WindowSize(12, 34)).client(client.monitorEnd()))
                    .build());
            client.handedOver();
            assertArrayEquals(new int[] {0, 0}, client.readToExit());
            assertTrue(
                    client.stdout().toString().contains("12 34"),
                    client.stdout().toString());
        }
        ExecProcess sleeping =
                task.exec(ExecRequest.of("s", List.of("sleep", "600")).build());
        assertEquals(List.of(sleeping), task.execs());
        sleeping.kill(Signal.TERM);
        assertEquals(new ExitStatus.Signaled(15), get(sleeping.exited()).status());
        FeluccaException missing = assertThrows(
                FeluccaException.class,
                () -> task.exec(ExecRequest.of("m", List.of("no-such-program")).build()));
        assertEquals(ErrorCode.NOT_FOUND, missing.code(), missing.getMessage());
        end(task);
    }

    @Test
    void pause_untilResume_stopsIt_andKillEndsIt() {
        Task task = engine.start("pausing", "sleep", "600");
        task.pause();
        assertEquals(TaskState.PAUSED, task.state());
        task.resume();
        assertEquals(TaskState.RUNNING, task.state());
        task.pause();
        end(task);
    }

    @Test
    void update_setsALimit_thatStatsShow() {
        Spec spec = spec("sleep", "600");
        Linux limited = spec.linux().toBuilder()
                .resources(Resources.builder()
                        .devices(spec.linux().resources().devices())
                        .memory(Memory.builder().limit(64L << 20).build())
                        .build())
                .build();
        Task task = engine.runtime()
                .create(engine.request(
                                "limited", spec.toBuilder().linux(limited).build())
                        .startImmediately(true)
                        .build());
        assertEquals(OptionalLong.of(64L << 20), task.stats().memoryLimitBytes());
        assertTrue(task.stats().memoryBytes() > 0);
        task.update(ResourceLimits.NONE.memoryBytes(32L << 20));
        assertEquals(OptionalLong.of(32L << 20), task.stats().memoryLimitBytes());
        end(task);
    }

    @Test
    void exit_ofAProcessThatEatsItsMemory_saysSo() {
        Spec spec = spec("sh", "-c", "x=$(dd if=/dev/zero bs=1M count=64 | tr '\\0' a); sleep 1");
        Linux limited = spec.linux().toBuilder()
                .resources(Resources.builder()
                        .devices(spec.linux().resources().devices())
                        .memory(Memory.builder().limit(8L << 20).swap(8L << 20).build())
                        .build())
                .build();
        Task task = engine.runtime()
                .create(engine.request("eater", spec.toBuilder().linux(limited).build())
                        .startImmediately(true)
                        .build());
        assertTrue(exit(task).outOfMemory());
        task.delete();
    }

    @Test
    void firstProcess_ofASharedPidNamespace_takesTheRestWithIt() throws IOException {
        Spec spec = spec("sh", "-c", "sleep 600 & echo $!");
        Linux shared = spec.linux().toBuilder()
                .namespaces(spec.linux().namespaces().stream()
                        .filter(namespace -> namespace.type() != NamespaceType.PID)
                        .toList())
                .build();
        Task task = engine.runtime()
                .create(engine.request("shared", spec.toBuilder().linux(shared).build())
                        .startImmediately(true)
                        .build());
        long left = Long.parseLong(engine.output("shared", task).strip());
        assertFalse(runs(left), "process " + left);
    }

    /** A process that was killed may wait to be reaped by the host's first process. */
    private static boolean runs(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (java.nio.file.NoSuchFileException e) {
            return false;
        }
    }

    @Test
    void recover_runningTask_isTheSameAndCanBeUsed() {
        Task before = engine.start("run", "sleep", "600");
        long pid = before.pid().getAsLong();
        engine.restartJava();
        Task task = engine.runtime().recover(id("run")).orElseThrow();
        assertEquals(TaskState.RUNNING, task.state());
        assertEquals(pid, task.pid().getAsLong());
        ExecProcess exec =
                task.exec(ExecRequest.of("x", List.of("sh", "-c", "exit 4")).build());
        assertEquals(new ExitStatus.Exited(4), get(exec.exited()).status());
        task.pause();
        engine.restartJava();
        Task paused = engine.runtime().recover(id("run")).orElseThrow();
        assertEquals(TaskState.PAUSED, paused.state());
        paused.resume();
        end(paused);
    }

    @Test
    void recover_taskThatEndedMeanwhile_knowsItsStatus() throws IOException {
        engine.start("ending", "sh", "-c", "sleep 0.2; echo out; exit 9");
        engine.restartJava();
        Task task = engine.runtime().recover(id("ending")).orElseThrow();
        assertEquals(new ExitStatus.Exited(9), exit(task).status());
        task.delete();
        assertEquals("out\n", engine.log("ending"));
    }

    @Test
    void recover_monitorKilled_endsTheContainerWithAnUnknownStatus() {
        Task before = engine.start("orphan", "sleep", "600");
        TaskDirectory.Task record = new TaskDirectory(engine.state.resolve("tasks/default/orphan"))
                .task()
                .orElseThrow();
        ProcessHandle monitor = ProcessHandle.of(record.monitor().pid()).orElseThrow();
        monitor.destroyForcibly();
        assertInstanceOf(ExitStatus.Unknown.class, exit(before).status());
        assertEquals(TaskState.STOPPED, before.state());
        assertEquals(Optional.empty(), HostProcesses.open(record.process()));
        before.delete();
        assertEquals(Optional.empty(), engine.runtime().recover(id("orphan")));
    }

    @Test
    void recover_halfMadeTask_isRemoved() throws IOException {
        Files.createDirectories(engine.state.resolve("tasks/default/half/rootfs"));
        Files.write(
                engine.state.resolve("tasks/default/half/config.json"),
                spec("true").toBytes());
        assertEquals(List.of(id("half")), engine.runtime().tasks());
        assertEquals(Optional.empty(), engine.runtime().recover(id("half")));
        assertEquals(List.of(), engine.runtime().tasks());
    }
}
