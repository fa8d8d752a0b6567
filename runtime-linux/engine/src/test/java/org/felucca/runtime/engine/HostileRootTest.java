package org.felucca.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskIo;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.runtime.testkit.BusyboxRoot;
import org.felucca.runtime.testkit.TestSpecs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images made to lead the runtime out of them. A container may be refused or run, as long as the host's canary stays
 * what it is: the directory that every link points to.
 */
class HostileRootTest {
    @TempDir
    static Path directory;

    private static EngineFixture engine;
    private static int roots;

    private Path canary;
    private Path root;
    private String mountsBefore;

    @BeforeAll
    static void start() throws IOException {
        engine = new EngineFixture(directory);
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @BeforeEach
    void plant() throws IOException {
        roots++;
        canary = Files.createDirectories(directory.resolve("canary-" + roots));
        Files.writeString(canary.resolve("file"), "untouched");
        root = BusyboxRoot.make(directory.resolve("hostile-" + roots));
        mountsBefore = Files.readString(Path.of("/proc/self/mountinfo"));
    }

    @AfterEach
    void canaryLivesAndNothingIsLeft() throws IOException {
        try (Stream<Path> found = Files.walk(canary)) {
            assertEquals(List.of(canary, canary.resolve("file")), found.sorted().toList());
        }
        assertEquals("untouched", Files.readString(canary.resolve("file")));
        assertEquals(mountsBefore, Files.readString(Path.of("/proc/self/mountinfo")));
        assertEquals(List.of(), engine.leftovers());
    }

    /** Climbs further than the root is deep: what resolves links on the host ends in the canary. */
    private Path out(String name) {
        return Path.of("../../../../../../../../../../../.." + canary.resolve(name));
    }

    private void replace(String place, Path target) throws IOException {
        Path link = root.resolve(place.substring(1));
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> found = Files.walk(link)) {
                for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, target);
    }

    /** Returns what it wrote, or why it was refused. */
    private String outcome(Spec spec, TaskIo io) throws IOException {
        String id = "hostile-" + roots;
        TaskRequest.Builder request = engine.request(id, spec)
                .rootfs(List.of(new SnapshotMount.Bind(root, false)))
                .io(io.log(new TaskIo.LogFile(engine.logs.resolve(id), 0, 1)))
                .startImmediately(true);
        try {
            Task task = engine.runtime().create(request.build());
            return engine.output(id, task);
        } catch (FeluccaException e) {
            return "refused: " + e.getMessage();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc", "/sys", "/dev", "/etc/one", "/data", "/scratch", "/etc"})
    void mountTargets_thatAreLinks_leadNowhere(String target) throws IOException {
        replace(target, out(target.equals("/etc/one") ? "file" : "."));
        Path source = Files.createDirectories(directory.resolve("source-" + roots));
        List<Mount> mounts = new ArrayList<>(TestSpecs.standard().mounts());
        mounts.add(TestSpecs.mount("/data", "bind", source.toString(), "rbind"));
        mounts.add(TestSpecs.mount("/data/deep/er", "bind", source.toString(), "rbind"));
        mounts.add(TestSpecs.mount("/etc/one", "bind", "/etc/hostname", "bind"));
        mounts.add(TestSpecs.mount("/scratch", "tmpfs", "tmpfs", "size=1m", "tmpcopyup"));
        mounts.add(TestSpecs.mount("/scratch/below", "tmpfs", "tmpfs", "size=1m"));
        String text = outcome(
                EngineFixture.spec("sh", "-c", "echo ran").toBuilder()
                        .mounts(mounts)
                        .build(),
                TaskIo.NONE);
        assertTrue(text.equals("ran\n") || text.startsWith("refused: "), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc", "/sys", "/dev"})
    void trustedTargets_thatAreLinks_areRefused(String target) throws IOException {
        Files.createDirectories(root.resolve("elsewhere"));
        replace(target, Path.of("/elsewhere"));
        String text = outcome(EngineFixture.spec("sh", "-c", "echo ran"), TaskIo.NONE);
        assertTrue(text.startsWith("refused: ") && text.contains(target + ": it is a symbolic link"), text);
    }

    /** A directory that looks like procfs gets what was meant for the kernel, labels and parameters (CVE-2025-52881). */
    @Test
    void proc_thatIsNoProcfs_getsNoWrites() throws IOException {
        Path sysctl = Files.createDirectories(root.resolve("proc/sys/kernel")).resolve("msgmax");
        Files.writeString(sysctl, "forged");
        Path self = Files.createDirectories(root.resolve("proc/self/attr")).resolve("exec");
        Files.writeString(self, "forged");
        Path score = Files.createDirectories(root.resolve("proc/1")).resolve("oom_score_adj");
        Files.writeString(score, "forged");
        Spec spec = EngineFixture.spec("sh", "-c", "cat /proc/sys/kernel/msgmax");
        String text = outcome(
                spec.toBuilder()
                        .mounts(List.of())
                        .process(spec.process().toBuilder().oomScoreAdj(7).build())
                        .linux(spec.linux().toBuilder()
                                .sysctl(Map.of("kernel.msgmax", "4242"))
                                .readonlyPaths(List.of())
                                .maskedPaths(List.of())
                                .build())
                        .build(),
                TaskIo.NONE);
        assertEquals("forged", text.strip());
        for (Path file : List.of(sysctl, self, score)) {
            assertEquals("forged", Files.readString(file));
        }
    }

    @Test
    void maskedPaths_thatAreLinks_coverNothingOfTheHost() throws IOException {
        replace("/secret", out("file"));
        replace("/secrets", out("."));
        Spec spec = EngineFixture.spec("sh", "-c", "cat /secret; ls /secrets");
        String text = outcome(
                spec.toBuilder()
                        .linux(spec.linux().toBuilder()
                                .maskedPaths(List.of("/secret", "/secrets", "/proc/kcore"))
                                .readonlyPaths(List.of("/secret", "/secrets"))
                                .build())
                        .build(),
                TaskIo.NONE);
        assertFalse(text.contains("untouched"), text);
    }

    /** Without a /dev of its own the container gets nodes and console in that of the image (CVE-2025-31133, 52565). */
    @ParameterizedTest
    @ValueSource(strings = {"/dev", "/dev/console", "/dev/null", "/dev/pts", "/dev/ptmx", "/dev/stdin"})
    void devOfTheImage_thatIsALink_leadsNowhere(String target) throws IOException {
        replace(target, out(target.equals("/dev") || target.equals("/dev/pts") ? "." : "file"));
        List<Mount> mounts = TestSpecs.standard().mounts().stream()
                .filter(mount -> !mount.destination().startsWith("/dev")
                        || mount.destination().equals("/dev/pts"))
                .toList();
        String text = outcome(
                EngineFixture.spec("sh", "-c", "echo ran").toBuilder()
                        .mounts(mounts)
                        .build(),
                TaskIo.NONE.terminal(new WindowSize(24, 80)));
        assertTrue(text.strip().equals("ran") || text.startsWith("refused: "), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cwd", "/proc/self/cwd", "/proc/1/root", "/proc/self/fd/3"})
    void workingDirectory_thatIsALink_staysInTheRoot(String cwd) throws IOException {
        replace("/cwd", out("made"));
        Spec spec = EngineFixture.spec("sh", "-c", "pwd -P; ls file made 2>/dev/null; true");
        String text = outcome(
                spec.toBuilder()
                        .process(spec.process().toBuilder().cwd(cwd).build())
                        .build(),
                TaskIo.NONE);
        assertFalse(text.contains("file") && !text.startsWith("refused: "), text);
    }
}
