package org.felucca.runtime.engine;

import static org.felucca.runtime.engine.EngineFixture.exit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.Rlimit;
import org.felucca.oci.runtimespec.Root;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.IdMapping;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Namespace;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.felucca.runtime.testkit.BusyboxRoot;
import org.felucca.runtime.testkit.TestSpecs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container sees of itself and of the host. */
class ContainerViewTest {
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

    private static Spec shell(String script) {
        return EngineFixture.spec("sh", "-c", script);
    }

    private static Spec with(Spec spec, UnaryOperator<Linux.Builder> change) {
        return spec.toBuilder()
                .linux(change.apply(spec.linux().toBuilder()).build())
                .build();
    }

    private static String run(String id, TaskRequest.Builder request) throws IOException {
        Task task = engine.runtime().create(request.startImmediately(true).build());
        return engine.output(id, task);
    }

    private static String run(String id, Spec spec) throws IOException {
        return run(id, engine.request(id, spec));
    }

    @Test
    void namespaces_areItsOwn() throws IOException {
        String links =
                run("ns", shell("for n in pid net ipc uts mnt cgroup; do readlink /proc/self/ns/$n; done; hostname"));
        for (String name : List.of("pid", "net", "ipc", "uts", "mnt", "cgroup")) {
            String host = Files.readSymbolicLink(Path.of("/proc/self/ns", name)).toString();
            assertFalse(links.contains(host), name);
            assertTrue(links.contains(name + ":["), links);
        }
        assertTrue(links.endsWith("felucca\n"), links);
    }

    @Test
    void root_showsNothingOfTheHost() throws IOException {
        String mounts = run("mounts", shell("cat /proc/self/mountinfo"));
        assertFalse(mounts.contains(directory.toString() + "/state"), mounts);
        assertTrue(mounts.lines().count() < 30, mounts);
    }

    @Test
    void deviceNodesAndLinks_areThere() throws IOException {
        String text = run(
                "dev",
                shell("for d in null zero full random urandom tty; do stat -c '%n %t:%T %a' /dev/$d; done;"
                        + "readlink /dev/fd; readlink /dev/ptmx; echo x > /dev/null; head -c 4 /dev/zero | wc -c"));
        assertTrue(text.contains("/dev/null 1:3 666"), text);
        assertTrue(text.contains("/dev/tty 5:0 666"), text);
        assertTrue(text.contains("/proc/self/fd\npts/ptmx\n4\n"), text);
    }

    @Test
    void deviceThatIsNotAllowed_cannotBeOpened() throws IOException {
        String text = run("kmsg", shell("mknod /tmp/kmsg c 1 11 && echo made; (cat < /tmp/kmsg) 2>&1; rm /tmp/kmsg"));
        assertTrue(text.startsWith("made\n"), text);
        assertTrue(text.contains("Operation not permitted"), text);
    }

    @Test
    void maskedAndReadonlyPaths_areCovered() throws IOException {
        String text = run(
                "mask",
                shell("wc -c < /proc/timer_list; ls /sys/firmware | wc -l; (echo 1 > /proc/sys/kernel/panic) 2>&1;"
                        + "(touch /sys/x) 2>&1"));
        assertTrue(text.startsWith("0\n0\n"), text);
        assertEquals(2, text.split("Read-only file system", -1).length - 1, text);
    }

    @Test
    void readonlyRoot_refusesWriting() throws IOException {
        Spec spec = shell("(touch /x) 2>&1; touch /dev/shm/y && echo fine");
        String text = run("ro", spec.toBuilder().root(new Root("rootfs", true)).build());
        assertTrue(text.contains("Read-only file system"), text);
        assertTrue(text.endsWith("fine\n"), text);
    }

    @Test
    void user_isLookedUpInTheImage() throws IOException {
        String text =
                run("user", engine.request("user", shell("id; echo $HOME")).user("ada"));
        assertEquals("uid=1000(ada) gid=1001(ada) groups=1001(ada),10(wheel),77(ships)\n/home/ada\n", order(text));
        String numbers = run(
                "numbers",
                engine.request("numbers", shell("id -u; id -g; id -G; echo $HOME"))
                        .user("4242:77"));
        assertEquals("4242\n77\n77\n/\n", numbers);
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(
                                FeluccaException.class,
                                () -> run(
                                        "nobody",
                                        engine.request("nobody", shell("id")).user("bob")))
                        .code());
    }

    /** busybox prints the primary group wherever it stands. */
    private static String order(String text) {
        return text.replace("groups=10(wheel),77(ships),1001(ada)", "groups=1001(ada),10(wheel),77(ships)")
                .replace("groups=10(wheel),77(ships)\n", "groups=1001(ada),10(wheel),77(ships)\n");
    }

    @Test
    void userLookup_linksOutOfTheRoot_stayInside() throws IOException {
        Path root = BusyboxRoot.make(directory.resolve("hostile"));
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/../../../../etc/passwd"));
        TaskRequest.Builder request = engine.request("hostile", shell("id"))
                .rootfs(List.of(new SnapshotMount.Bind(root, false)))
                .user("daemon");
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                assertThrows(FeluccaException.class, () -> run("hostile", request))
                        .code());
    }

    @Test
    void workingDirectory_isMadeAndMayBeOneThatTheUserCannotEnter() throws IOException {
        Spec made = shell("pwd");
        assertEquals(
                "/a/b\n",
                run(
                        "cwd",
                        made.toBuilder()
                                .process(made.process().toBuilder().cwd("/a/b").build())
                                .build()));
        Files.createDirectories(engine.root.resolve("closed"));
        Files.setPosixFilePermissions(
                engine.root.resolve("closed"), java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        Spec closed = shell("id -u");
        Spec there = closed.toBuilder()
                .process(closed.process().toBuilder()
                        .cwd("/closed")
                        .capabilities(TestSpecs.capabilities())
                        .build())
                .build();
        assertEquals("1000\n", run("closed", engine.request("closed", there).user("ada")));
    }

    @Test
    void limitsOfTheProcess_areSet() throws IOException {
        Spec spec = EngineFixture.spec(
                "sh", "-c", "ulimit -n; ulimit -Hn; umask; grep -E 'NoNewPrivs|CapBnd' /proc/self/status");
        Spec limited = spec.toBuilder()
                .process(spec.process().toBuilder()
                        .rlimits(List.of(new Rlimit("RLIMIT_NOFILE", 200, 100)))
                        .user(spec.process().user().toBuilder().umask(077L).build())
                        .build())
                .build();
        String text = run("limits", limited);
        assertTrue(text.startsWith("100\n200\n0077\n"), text);
        assertTrue(text.contains("NoNewPrivs:\t1"), text);
        assertTrue(text.contains("CapBnd:\t00000000080420eb"), text);
    }

    @Test
    void limitAboveTheHosts_isClampedNotRefused() throws IOException {
        Spec spec = shell("ulimit -Hn");
        Spec greedy = spec.toBuilder()
                .process(spec.process().toBuilder()
                        .rlimits(List.of(new Rlimit("RLIMIT_NOFILE", 1L << 40, 64)))
                        .build())
                .build();
        assertFalse(run("greedy", greedy).isBlank());
    }

    @Test
    void seccomp_deniedCall_failsAndNewerCallsDoNotExist() throws IOException {
        Seccomp profile = Seccomp.builder(SeccompAction.ALLOW)
                .syscalls(List.of(new SeccompSyscall(List.of("mkdir", "mkdirat"), SeccompAction.ERRNO, 13L, List.of())))
                .build();
        Spec spec =
                with(shell("(mkdir /tmp/d) 2>&1; grep Seccomp: /proc/self/status"), linux -> linux.seccomp(profile));
        String text = run("seccomp", spec);
        assertTrue(text.contains("Permission denied"), text);
        assertTrue(text.contains("Seccomp:\t2"), text);
        Spec without = spec.toBuilder()
                .process(spec.process().toBuilder().noNewPrivileges(false).build())
                .build();
        assertTrue(run("seccomp-nnp", without).contains("Permission denied"));
    }

    @Test
    void bindMounts_ofDirectoriesAndFiles_obeyTheirOptions() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("f"), "content\n");
        List<Mount> mounts = new ArrayList<>(TestSpecs.standard().mounts());
        mounts.add(TestSpecs.mount("/data", "bind", data.toString(), "rbind", "ro"));
        mounts.add(TestSpecs.mount("/etc/one-file", "bind", data.resolve("f").toString(), "bind"));
        mounts.add(TestSpecs.mount("/scratch", "tmpfs", "tmpfs", "size=1m", "noexec"));
        Spec spec = shell("cat /data/f; (touch /data/g) 2>&1; cat /etc/one-file; echo more >> /etc/one-file;"
                        + "grep -c ' /scratch .*noexec' /proc/self/mountinfo")
                .toBuilder()
                .mounts(mounts)
                .build();
        String text = run("binds", spec);
        assertTrue(text.startsWith("content\n"), text);
        assertTrue(text.contains("Read-only file system"), text);
        assertTrue(text.endsWith("content\n1\n"), text);
        assertEquals("content\nmore\n", Files.readString(data.resolve("f")));
    }

    @Test
    void bindMount_missingSource_namesPropertyAndPath() {
        List<Mount> mounts = List.of(TestSpecs.mount("/data", "bind", "/no/such/source", "bind"));
        Spec spec = shell("true").toBuilder().mounts(mounts).build();
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> run("missing", spec));
        assertEquals(ErrorCode.FAILED_PRECONDITION, refusal.code());
        assertTrue(refusal.getMessage().contains("/no/such/source"), refusal.getMessage());
        assertTrue(refusal.getMessage().endsWith("(/mounts/0)"), refusal.getMessage());
    }

    @Test
    void sysctl_ofItsNetwork_isSetAndTheHostsUntouched() throws IOException {
        String host = Files.readString(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
        Spec spec = with(
                shell("cat /proc/sys/net/ipv4/ip_unprivileged_port_start"),
                linux -> linux.sysctl(Map.of("net.ipv4.ip_unprivileged_port_start", "77")));
        assertEquals("77\n", run("sysctl", spec));
        assertEquals(host, Files.readString(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start")));
    }

    @Test
    void userNamespace_mapsIds() throws IOException {
        Path root = BusyboxRoot.make(directory.resolve("mapped"));
        List<IdMapping> ids = List.of(new IdMapping(0, 100000, 65536));
        List<Namespace> namespaces = new ArrayList<>(TestSpecs.linux().build().namespaces());
        namespaces.add(new Namespace(NamespaceType.USER, null));
        Spec spec = with(
                shell("id -u; cat /proc/self/uid_map; stat -c %u /bin/busybox; echo x > /dev/null && echo null works"),
                linux -> linux.namespaces(namespaces).uidMappings(ids).gidMappings(ids));
        for (Path path :
                List.of(root, root.resolve("bin"), root.resolve("dev"), root.resolve("proc"), root.resolve("sys"))) {
            Files.setAttribute(path, "unix:uid", 100000);
        }
        Files.setAttribute(root.resolve("bin/busybox"), "unix:uid", 100000);
        String text =
                run("userns", engine.request("userns", spec).rootfs(List.of(new SnapshotMount.Bind(root, false))));
        assertTrue(text.matches("0\n\\s+0\\s+100000\\s+65536\n0\nnull works\n"), text);
    }

    @Test
    void hostNamespaces_areShared() throws IOException {
        List<Namespace> namespaces = TestSpecs.linux().build().namespaces().stream()
                .filter(entry -> entry.type() != NamespaceType.NETWORK && entry.type() != NamespaceType.PID)
                .toList();
        Spec spec = with(
                shell("readlink /proc/self/ns/net; readlink /proc/self/ns/pid"), linux -> linux.namespaces(namespaces));
        assertEquals(
                Files.readSymbolicLink(Path.of("/proc/self/ns/net")) + "\n"
                        + Files.readSymbolicLink(Path.of("/proc/self/ns/pid")) + "\n",
                run("shared", spec));
    }

    @Test
    void sharedPidNamespace_whatIsLeftBehindIsKilled() throws IOException {
        List<Namespace> namespaces = TestSpecs.linux().build().namespaces().stream()
                .filter(entry -> entry.type() != NamespaceType.PID)
                .toList();
        Spec spec = with(shell("sleep 4711 & echo $!"), linux -> linux.namespaces(namespaces));
        String pid = run("orphans", spec).strip();
        assertFalse(Files.exists(Path.of("/proc", pid))
                && Files.readString(Path.of("/proc", pid, "cmdline")).contains("4711"));
    }

    @Test
    void reaper_isPidOneAndPassesTheStatusOn() throws IOException {
        Task task = engine.runtime()
                .create(engine.request("reaper", shell("echo $$; exit 9"))
                        .reaper(true)
                        .startImmediately(true)
                        .build());
        assertEquals(new ExitStatus.Exited(9), exit(task).status());
        task.delete();
        assertFalse(engine.log("reaper").equals("1\n"));
    }

    @Test
    void overlayRoot_isDetachedAndWritable() throws IOException {
        Path upper = Files.createDirectories(directory.resolve("o/upper"));
        Path work = Files.createDirectories(directory.resolve("o/work"));
        SnapshotMount overlay = new SnapshotMount.Overlay(
                List.of(engine.root), java.util.Optional.of(upper), java.util.Optional.of(work), List.of());
        run("overlay", engine.request("overlay", shell("echo w > /written")).rootfs(List.of(overlay)));
        assertEquals("w\n", Files.readString(upper.resolve("written")));
        assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(upper.toString()));
    }
}
