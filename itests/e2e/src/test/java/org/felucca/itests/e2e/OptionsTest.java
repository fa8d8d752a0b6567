package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each option of {@code run} does to the process, seen by the process. */
class OptionsTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
    }

    /** Runs a shell line in busybox with options. */
    private Finished sh(String line, String... options) {
        List<String> command = new ArrayList<>(List.of("run", "--rm"));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of(FIXTURE.images().busybox(), "sh", "-c", line));
        return daemon.felucca(command.toArray(String[]::new));
    }

    @Test
    void environment_isTheImagesAndTheOptions() {
        Map<String, String> environment = new TreeMap<>();
        for (String line : daemon.client()
                .environment("FROM_CLIENT", "inherited")
                .run(
                        "run",
                        "--rm",
                        "-e",
                        "A=1 2",
                        "-e",
                        "FROM_CLIENT",
                        "-e",
                        "FROM_IMAGE=no",
                        FIXTURE.images().busybox(),
                        "env")
                .ok()
                .lines()) {
            environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        assertEquals("1 2", environment.get("A"));
        assertEquals("inherited", environment.get("FROM_CLIENT"));
        assertEquals("no", environment.get("FROM_IMAGE"));
        assertEquals("/root", environment.get("HOME"));
        assertTrue(environment.containsKey("PATH"));
    }

    @Test
    void envFile_isReadByTheClient() throws IOException {
        Path file = Files.writeString(daemon.base().resolve("env"), "# comment\nONE=1\n\nTWO=two words\n");
        assertEquals(
                "1 two words",
                sh("echo $ONE $TWO", "--env-file", file.toString()).ok().word());
    }

    @Test
    void volume_isTheHostsDirectory_readOnlyIfAsked() throws IOException {
        Path directory = Files.createDirectory(daemon.base().resolve("volume"));
        Files.writeString(directory.resolve("in"), "from host");
        assertEquals(
                "from host",
                sh("cat /v/in; echo back > /v/out", "-v", directory + ":/v")
                        .ok()
                        .word());
        assertEquals("back\n", Files.readString(directory.resolve("out")));
        assertNotEquals(0, sh("echo x > /v/not", "-v", directory + ":/v:ro").status());
        assertEquals(
                "from host",
                sh("cat /m/in", "--mount", "type=bind,source=" + directory + ",target=/m,readonly")
                        .ok()
                        .word());
        assertTrue(Files.notExists(directory.resolve("not")));
        sh("true", "-v", daemon.base().resolve("made") + ":/v").ok();
        assertTrue(Files.isDirectory(daemon.base().resolve("made")), "-v makes the host's directory");
    }

    @Test
    void tmpfs_isOneOfTheSizeAsked() {
        String line = sh("grep ' /scratch ' /proc/mounts", "--tmpfs", "/scratch:size=1m")
                .ok()
                .word();
        assertTrue(line.contains("tmpfs") && line.contains("size=1024k"), line);
    }

    @Test
    void workdirAndUser_areAsAsked() {
        assertEquals("/home/worker", sh("pwd", "-w", "/home/worker").ok().word());
        assertEquals("/made/up", sh("pwd", "-w", "/made/up").ok().word());
        assertEquals(
                "1000 1000 1000 2000",
                sh("echo $(id -u) $(id -g) $(id -G)", "-u", "worker").ok().word());
        assertEquals("5 6", sh("echo $(id -u) $(id -g)", "-u", "5:6").ok().word());
        assertEquals("/home/worker", sh("echo $HOME", "-u", "worker").ok().word());
    }

    @Test
    void entrypoint_replacesTheImages() {
        assertEquals(
                "x y",
                daemon.felucca(
                                "run",
                                "--rm",
                                "--entrypoint",
                                "/bin/echo",
                                FIXTURE.images().busybox(),
                                "x",
                                "y")
                        .ok()
                        .word());
    }

    @Test
    void init_isProcessOneAndReapsAndPassesStatus() {
        Finished run = sh(
                "cat /proc/1/comm; (sleep 0.1 &) ; sleep 0.4; cat /proc/[0-9]*/stat | grep -c ') Z '; exit 9",
                "--init");
        assertEquals(9, run.status(), run.errors());
        assertNotEquals("sh", run.lines().get(0));
        assertEquals("0", run.lines().get(1));
    }

    @Test
    void readOnly_rootCannotBeWritten() {
        assertNotEquals(0, sh("echo x > /file", "--read-only").status());
        sh("echo x > /tmp/file", "--read-only", "--tmpfs", "/tmp").ok();
    }

    @Test
    void memory_isTheGroupsLimitAndKills() {
        String limit = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max";
        assertEquals(String.valueOf(64 << 20), sh(limit, "--memory", "64m").ok().word());
        sh("a=$(head -c 100000000 /dev/zero | tr '\\0' x); echo survived", "--memory", "32m")
                .status(137);
    }

    @Test
    void cpus_areTheGroupsQuota() {
        String quota = "if [ -e /sys/fs/cgroup/cpu.max ]; then cat /sys/fs/cgroup/cpu.max; "
                + "else d=/sys/fs/cgroup/cpu; echo $(cat $d/cpu.cfs_quota_us) $(cat $d/cpu.cfs_period_us); fi";
        assertEquals("50000 100000", sh(quota, "--cpus", "0.5").ok().word());
    }

    @Test
    void pidsLimit_stopsAForkBomb() {
        Finished run = sh("for i in $(seq 50); do sleep 5 & done; echo all", "--pids-limit", "10");
        assertTrue(!run.text().contains("all") || run.errors().contains("fork"), run.text() + run.errors());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 00000000a80425fb",
        "--cap-drop=ALL, 0000000000000000",
        "--cap-add=NET_ADMIN, 00000000a80435fb",
        "--cap-drop=ALL --cap-add=CAP_CHOWN, 0000000000000001"
    })
    void capabilities_areDockersDefaultChangedAsAsked(String options, String expected) {
        String[] all = options.isEmpty() ? new String[0] : options.split(" ");
        assertEquals(
                "CapEff:\t" + expected,
                sh("grep CapEff /proc/self/status", all).ok().word());
    }

    @Test
    void securityOptions_changeSeccompAndNewPrivileges() {
        assertEquals("Seccomp:\t2", sh("grep Seccomp: /proc/self/status").ok().word());
        assertEquals(
                "Seccomp:\t0",
                sh("grep Seccomp: /proc/self/status", "--security-opt", "seccomp=unconfined")
                        .ok()
                        .word());
        assertEquals(
                "NoNewPrivs:\t1",
                sh("grep NoNewPrivs /proc/self/status", "--security-opt", "no-new-privileges")
                        .ok()
                        .word());
    }

    @Test
    void ulimit_isSet() {
        assertEquals(
                "64 128",
                sh("echo $(ulimit -Sn) $(ulimit -Hn)", "--ulimit", "nofile=64:128")
                        .ok()
                        .word());
    }

    @Test
    void stopSignal_isWhatStopSends() {
        daemon.felucca(
                        "run",
                        "-d",
                        "--name",
                        "stopper",
                        "--stop-signal",
                        "USR1",
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "trap 'exit 21' USR1; echo up; while :; do sleep 0.1; done")
                .ok();
        Commands.await(
                "the container says that it is up",
                Duration.ofSeconds(30),
                () -> daemon.felucca("logs", "stopper").ok().text().equals("up\n"));
        daemon.felucca("stop", "stopper").ok();
        assertEquals("21", daemon.felucca("wait", "stopper").ok().word());
    }

    @Test
    void network_noneHasLoopbackOnly_hostHasTheHosts() {
        assertEquals("lo", sh("ls /sys/class/net", "--network", "none").ok().word());
        assertEquals(
                Commands.run("ls", "/sys/class/net").ok().text(),
                sh("ls /sys/class/net", "--network", "host").ok().text());
    }

    @Test
    void namespaces_areNotTheHosts() throws IOException {
        for (String namespace : List.of("mnt", "pid", "uts", "ipc", "net", "cgroup")) {
            assertNotEquals(
                    Files.readSymbolicLink(Path.of("/proc/self/ns", namespace)).toString(),
                    sh("readlink /proc/self/ns/" + namespace).ok().word());
        }
        assertEquals("1", sh("echo $$").ok().word());
    }

    @Test
    void hostname_isTheContainersId() {
        String name = sh("hostname").ok().word();
        assertTrue(name.matches("[0-9a-f]{12}"), name);
        assertEquals("chosen", sh("hostname", "--hostname", "chosen").ok().word());
    }

    @Test
    void masked_pathsAreEmptyAndSysctlsCannotBeWritten() {
        assertEquals(
                "",
                sh("cat /proc/kcore /proc/timer_list 2>/dev/null | head -c 10")
                        .ok()
                        .word());
        assertNotEquals(0, sh("echo 1 > /proc/sys/kernel/panic").status());
        assertNotEquals(0, sh("echo b > /proc/sysrq-trigger").status());
    }

    @Test
    void hostFile_outsideTheRoot_cannotBeReachedThroughALink() throws IOException {
        Path secret = Files.writeString(daemon.base().resolve("secret"), "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        assertNotEquals(0, sh("cat " + secret).status());
        assertNotEquals(0, sh("ln -s /proc/1/root/" + secret + " /l; cat /l").status());
    }

    @Test
    void sockets_andDescriptorsOfTheDaemon_areNotInherited() {
        assertEquals("0\n1\n2\n3", sh("ls /proc/self/fd").ok().word());
    }
}
