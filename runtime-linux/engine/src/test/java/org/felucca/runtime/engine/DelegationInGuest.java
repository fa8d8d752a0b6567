package org.felucca.runtime.engine;

import static org.felucca.runtime.engine.EngineFixture.exit;
import static org.felucca.runtime.engine.EngineFixture.get;
import static org.felucca.runtime.engine.EngineFixture.process;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.Pressure;
import org.felucca.api.runtime.Task;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.runtime.testkit.Awaiting;
import org.felucca.runtime.testkit.TestSpecs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that use their cgroup of version 2 themselves. Run by {@code itests/guest}. */
class DelegationInGuest {
    private static final String MAKE_INNER = """
            cd /sys/fs/cgroup
            mkdir inner
            echo $$ > inner/cgroup.procs
            echo +pids > cgroup.subtree_control
            echo 9 > inner/pids.max
            """;

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

    private Task start(String id, String script, Resources.Builder limits) {
        Spec plain = TestSpecs.standard();
        List<Mount> mounts = new ArrayList<>(plain.mounts());
        mounts.removeIf(mount -> mount.destination().equals("/sys/fs/cgroup"));
        mounts.add(TestSpecs.mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "rw"));
        Spec spec = plain.toBuilder()
                .mounts(mounts)
                .process(process("sh", "-c", script).build())
                .linux(plain.linux().toBuilder()
                        .resources(limits.devices(plain.linux().resources().devices())
                                .build())
                        .build())
                .build();
        return engine.runtime()
                .create(engine.request(id, spec).startImmediately(true).build());
    }

    @Test
    void container_makesItsOwnCgroups_andIsFrozenCountedAndKilledInThem() throws IOException {
        Task task = start(
                "nested",
                MAKE_INNER + "cat /proc/self/cgroup inner/pids.max; touch /nested; exec sleep 600",
                Resources.builder());
        Awaiting.path(engine.root.resolve("nested"));
        assertEquals(1, task.stats().pids());
        task.pause();
        task.resume();
        task.kill(Signal.KILL, true);
        assertEquals(new ExitStatus.Signaled(9), exit(task).status());
        task.delete();
        assertEquals("0::/inner\n9\n", engine.log("nested"));
    }

    /** No process may be in a cgroup that hands controllers down: what joins goes where the first process is. */
    @Test
    void exec_intoAContainerWhoseProcessesAreInInnerCgroups_works() throws IOException {
        Task task = start("joined", MAKE_INNER + "touch /joined; exec sleep 600", Resources.builder());
        Awaiting.path(engine.root.resolve("joined"));
        assertEquals(
                new ExitStatus.Exited(0),
                get(task.exec(ExecRequest.of("x", List.of("true")).build()).exited())
                        .status());
        task.kill(Signal.KILL, true);
        exit(task);
        task.delete();
    }

    @Test
    void cpuset_isWhereTheContainerRuns() throws IOException {
        Task task = start(
                "pinned",
                "grep Cpus_allowed_list /proc/self/status",
                Resources.builder().cpu(Cpu.builder().cpus("1").build()));
        assertEquals("Cpus_allowed_list:\t1\n", engine.output("pinned", task));
    }

    @Test
    void stats_havePressure() {
        Task task = start("busy", "while :; do :; done", Resources.builder());
        Map<Pressure.Resource, Pressure> pressure = task.stats().pressure();
        assertEquals(Set.of(Pressure.Resource.values()), pressure.keySet());
        assertTrue(pressure.get(Pressure.Resource.CPU).full().isPresent(), pressure.toString());
        task.kill(Signal.KILL, true);
        exit(task);
        task.delete();
    }
}
