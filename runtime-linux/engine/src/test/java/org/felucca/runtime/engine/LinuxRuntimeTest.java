package org.felucca.runtime.engine;

import static org.felucca.runtime.engine.EngineFixture.exit;
import static org.felucca.runtime.engine.EngineFixture.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompArg;
import org.felucca.oci.runtimespec.linux.SeccompOperator;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.felucca.runtime.testkit.BusyboxRoot;
import org.felucca.runtime.testkit.RuntimeFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a task, against the real applets. */
class LinuxRuntimeTest {
    @TempDir
    static Path directory;

    private static EngineFixture engine;

    @BeforeAll
    static void start() throws IOException {
        engine = new EngineFixture(directory);
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertEquals(List.of(), engine.leftovers());
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
    void create_oneAfterTheOther_eachHasANetworkOfItsOwn() throws IOException {
        Set<Path> networks = new HashSet<>();
        networks.add(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Task task = engine.start("network" + i, "sleep", "600");
            tasks.add(task);
            Path own = Files.readSymbolicLink(Path.of("/proc/" + task.pid().orElseThrow() + "/ns/net"));
            assertTrue(networks.add(own), own + " is another's");
        }
        for (Task task : tasks) {
            task.kill(Signal.KILL, false);
            exit(task);
            task.delete();
        }
    }

    @Test
    void create_oneAfterTheOther_eachHasLoopbackAlone() throws IOException {
        for (int i = 0; i < 4; i++) {
            Task task = engine.start("lo" + i, "sh", "-c", "ls /sys/class/net; cat /sys/class/net/lo/flags");
            assertEquals("lo\n0x9\n", engine.output("lo" + i, task));
        }
    }

    @Test
    void create_thenStart_parksInBetween() {
        Task task = engine.runtime()
                .create(engine.request("parked", spec("sh", "-c", "exit 7")).build());
        assertEquals(TaskState.CREATED, task.state());
        assertTrue(task.pid().isPresent());
        task.start();
        assertEquals(new ExitStatus.Exited(7), exit(task).status());
        FeluccaException again = assertThrows(FeluccaException.class, task::start);
        assertEquals(ErrorCode.FAILED_PRECONDITION, again.code());
        task.delete();
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
        task.kill(Signal.KILL, false);
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
        task.kill(Signal.KILL, true);
        exit(task);
        task.delete();
    }

    @Test
    void create_ofAnAnticipatedTask_runsOnTheRootMountedAhead() throws IOException {
        Path root = BusyboxRoot.make(directory.resolve("ahead"));
        List<SnapshotMount> rootfs = List.of(new SnapshotMount.Bind(root, false));
        engine.runtime().anticipate(RuntimeFixture.id("ahead"), rootfs, false);
        // Only who has mounted it already still reaches it by that name.
        Files.move(root, directory.resolve("moved"));
        Task task = engine.runtime()
                .create(engine.request("ahead", spec("echo", "ahoy"))
                        .rootfs(rootfs)
                        .startImmediately(true)
                        .build());
        assertEquals("ahoy\n", engine.output("ahead", task));
    }

    @Test
    void create_ofAForgottenTask_mountsAnew() throws IOException {
        Path root = BusyboxRoot.make(directory.resolve("forgotten"));
        List<SnapshotMount> rootfs = List.of(new SnapshotMount.Bind(root, false));
        engine.runtime().anticipate(RuntimeFixture.id("forgotten"), rootfs, false);
        engine.runtime().forget(RuntimeFixture.id("forgotten"));
        Files.move(root, directory.resolve("away"));
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> engine.runtime()
                        .create(engine.request("forgotten", spec("true"))
                                .rootfs(rootfs)
                                .build()));
        assertEquals(ErrorCode.FAILED_PRECONDITION, refusal.code());
    }

    @Test
    void create_missingProgram_isNotFoundAndNothingIsLeft() {
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> engine.start("none", "no-such-program"));
        assertEquals(ErrorCode.NOT_FOUND, refusal.code());
        assertEquals(
                "cannot execute no-such-program: not found in $PATH; check the command, and that the image has it",
                refusal.getMessage());
    }

    @Test
    void create_programWithoutPermission_isDenied() {
        FeluccaException refusal =
                assertThrows(FeluccaException.class, () -> engine.start("denied", "/bin/not-executable"));
        assertEquals(ErrorCode.PERMISSION_DENIED, refusal.code());
        assertEquals("cannot execute /bin/not-executable", refusal.subject());
    }

    @Test
    void start_missingProgram_isNotFoundAndTheTaskIsStopped() {
        Task task =
                engine.runtime().create(engine.request("late", spec("/no/such")).build());
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(FeluccaException.class, task::start).code());
        exit(task);
        assertEquals(TaskState.STOPPED, task.state());
        task.delete();
    }

    @Test
    void create_manyAtOnce_allEndAndNoDescriptorIsLeft() throws Exception {
        run(8);
        long before = descriptors(false);
        run(64);
        assertEquals(before, descriptors(false));
        // Those that are kept for the next containers, and one that may just have been taken from the socket.
        assertTrue(descriptors(true) <= 3, descriptors(true) + " network namespaces");
    }

    @Test
    void create_refusedSeccompProfile_leavesNothingOpen() throws Exception {
        Seccomp refused = Seccomp.builder(SeccompAction.ERRNO)
                .syscalls(List.of(new SeccompSyscall(
                        List.of("mseal"),
                        SeccompAction.ALLOW,
                        null,
                        List.of(new SeccompArg(0, 1, null, SeccompOperator.EQUAL)))))
                .build();
        Spec plain = spec("true");
        Spec spec = plain.toBuilder()
                .linux(plain.linux().toBuilder().seccomp(refused).build())
                .build();
        run(4);
        long before = descriptors(false);
        for (int i = 0; i < 20; i++) {
            FeluccaException failure = assertThrows(
                    FeluccaException.class,
                    () -> engine.runtime()
                            .create(engine.request("refused", spec).build()));
            assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code());
        }
        assertEquals(before, descriptors(false));
        assertTrue(descriptors(true) <= 3, descriptors(true) + " network namespaces");
    }

    /** Half of them exit at once, half are killed; by eight threads. */
    private static void run(int count) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String id = "many-" + i;
                boolean killed = i % 2 == 0;
                all.add(threads.submit(() -> {
                    Task task = killed ? engine.start(id, "sleep", "600") : engine.start(id, "sh", "-c", "exit 3");
                    if (killed) {
                        task.kill(Signal.KILL, false);
                    }
                    ExitStatus wanted = killed ? new ExitStatus.Signaled(9) : new ExitStatus.Exited(3);
                    assertEquals(wanted, exit(task).status());
                    task.delete();
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Counts this process's descriptors of network namespaces, or all others. */
    private static long descriptors(boolean networks) throws IOException {
        long count = 0;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : open.toList()) {
                // The one that lists the directory is gone by now.
                String target =
                        Files.isSymbolicLink(fd) ? Files.readSymbolicLink(fd).toString() : "";
                count += !target.isEmpty() && target.startsWith("net:[") == networks ? 1 : 0;
            }
        }
        return count;
    }
}
