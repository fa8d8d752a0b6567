package org.felucca.verbs.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.command.StreamMode;
import org.felucca.api.container.ContainerMount;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerService.Streams;
import org.felucca.api.container.ContainerState;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.container.Ulimit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.PullPolicy;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.WindowSize;
import org.felucca.verbs.CommandLine;
import org.felucca.verbs.FakeContainers;
import org.felucca.verbs.FakeImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunVerbTest {
    private final FakeContainers containers = new FakeContainers();
    private final RunVerb verb = new RunVerb(containers);
    private final CommandLine shell = new CommandLine();

    private ContainerRequest request(String words) {
        assertEquals(0, shell.run(verb, words));
        return containers.request();
    }

    @Test
    void run_plain_attachesOutputAndEndsWithTheProcess() {
        containers.ends(new ExitStatus.Exited(7));
        assertEquals(7, shell.run(verb, "alpine false"));
        assertEquals(List.of(new StreamMode(false, false, true, false, "ctrl-p,ctrl-q")), shell.modes());
        Streams streams = containers.streams();
        assertEquals(42, streams.client().orElseThrow().value());
        assertEquals(new WindowSize(0, 0), streams.window());
        assertEquals("progress layer\n", shell.err());
        assertEquals("", shell.out());
    }

    @Test
    void run_killedProcess_endsWith128AndTheSignal() {
        containers.ends(new ExitStatus.Signaled(9));
        assertEquals(137, shell.run(verb, "alpine"));
    }

    @Test
    void run_interactiveTerminal_passesItsSize() {
        shell.atTerminal();
        ContainerRequest request = request("-it --detach-keys ctrl-a --sig-proxy=false alpine sh");
        assertTrue(request.terminal() && request.openStdin());
        assertEquals(
                new StreamMode(true, true, false, false, "ctrl-a"),
                shell.modes().get(0));
        assertEquals(new WindowSize(24, 80), containers.streams().window());
    }

    @Test
    void run_interactiveTerminalWithoutOne_isRefusedBeforeAnythingIsMade() {
        FeluccaException refused = assertThrows(FeluccaException.class, () -> shell.run(verb, "-it alpine"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        assertEquals(
                "cannot attach standard input to the container's terminal: it is not a terminal; "
                        + "leave --tty out, or call it from a terminal",
                refused.getMessage());
        assertThrows(AssertionError.class, containers::request);
    }

    @Test
    void run_detached_printsTheIdAndGivesNoStreams() {
        assertEquals(0, shell.run(verb, "-d alpine sleep 5"));
        assertEquals("c".repeat(64) + "\n", shell.out());
        assertSame(Streams.DETACHED, containers.streams());
        assertEquals(List.of(), shell.modes());
    }

    @Test
    void run_fromConsole_needsDetach() {
        shell.atConsole();
        assertEquals(
                ErrorCode.UNSUPPORTED,
                assertThrows(FeluccaException.class, () -> shell.run(verb, "alpine"))
                        .code());
    }

    @Test
    void run_quiet_showsNoProgress() {
        request("-q alpine");
        assertEquals("", shell.err());
    }

    @Test
    void request_ofPlainCommandLine_leavesEverythingToTheImage() {
        ContainerRequest request = request("alpine");
        assertEquals("alpine", request.image());
        assertEquals(List.of(), request.command());
        assertEquals(Optional.empty(), request.entrypoint());
        assertEquals("", request.name());
        assertEquals(NetworkMode.NONE, request.network());
        assertEquals(PullPolicy.MISSING, request.pullPolicy());
        assertEquals(Duration.ofSeconds(10), request.stopTimeout());
        assertEquals(OptionalLong.empty(), request.resources().memoryBytes());
    }

    @Test
    void request_ofEveryOption_carriesIt() {
        ContainerRequest request = request("--rm --name web --init --read-only --privileged -w /srv -u 1:2 -h box "
                + "--entrypoint /bin/x -l a=1 --label b --sysctl net.x=1 --cap-add NET_ADMIN --cap-drop ALL "
                + "--security-opt no-new-privileges --security-opt seccomp=unconfined --ulimit nofile=10:20 "
                + "-m 64m --memory-swap -1 --cpus 1.5 -c 512 --pids-limit 10 --stop-signal int --stop-timeout 3 "
                + "--pull never --platform linux/arm64 --snapshotter native --runtime crun --network host alpine -x");
        assertTrue(request.autoRemove() && request.reaper() && request.readOnly() && request.privileged());
        assertEquals("web", request.name());
        assertEquals("/srv", request.workingDirectory());
        assertEquals("1:2", request.user());
        assertEquals("box", request.hostname());
        assertEquals(Optional.of(List.of("/bin/x")), request.entrypoint());
        assertEquals(List.of("-x"), request.command());
        assertEquals(Map.of("a", "1", "b", ""), request.labels());
        assertEquals(Map.of("net.x", "1"), request.sysctls());
        assertEquals(List.of("NET_ADMIN"), request.capAdd());
        assertEquals(List.of("ALL"), request.capDrop());
        assertEquals(List.of("no-new-privileges", "seccomp=unconfined"), request.securityOptions());
        assertEquals(List.of(new Ulimit("nofile", 10, 20)), request.ulimits());
        assertEquals(OptionalLong.of(64 << 20), request.resources().memoryBytes());
        assertEquals(OptionalLong.of(-1), request.resources().memorySwapBytes());
        assertEquals(OptionalLong.of(1_500_000_000), request.resources().nanoCpus());
        assertEquals(OptionalLong.of(512), request.resources().cpuShares());
        assertEquals(OptionalLong.of(10), request.resources().pids());
        assertEquals("SIGINT", request.stopSignal());
        assertEquals(Duration.ofSeconds(3), request.stopTimeout());
        assertEquals(PullPolicy.NEVER, request.pullPolicy());
        assertEquals("linux/arm64", request.platform().orElseThrow().toString());
        assertEquals("native", request.snapshotter());
        assertEquals("crun", request.runtime());
        assertEquals(NetworkMode.HOST, request.network());
    }

    @Test
    void request_withEmptyEntrypoint_removesTheImages() {
        shell.run(verb, List.of("--entrypoint", "", "alpine", "sh"));
        assertEquals(Optional.of(List.of()), containers.request().entrypoint());
    }

    @Test
    void environment_ofFilesAndOptions_isInDockersOrder() {
        shell.file("vars", "\ufeff# comment\nA=1\n  B= two words \nHOME\nMISSING\r\n\nC=#no comment\r\n")
                .environment("HOME", "/home/me")
                .environment("TERM", "xterm");
        ContainerRequest request = request("-e A=2 -e TERM -e NOTHING --env-file vars alpine");
        assertEquals(
                List.of("A=1", "B= two words ", "HOME=/home/me", "C=#no comment", "A=2", "TERM=xterm"),
                request.environment());
    }

    @Test
    void environment_fileWithBadName_namesTheLine() {
        shell.file("vars", "A=1\nB C=2\n");
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> shell.run(verb, "--env-file vars alpine"));
        assertEquals(
                "invalid value 'vars' for option --env-file: line 2 has a name with white space: 'B C'; write NAME=VALUE",
                refused.getMessage());
    }

    @Test
    void seccompProfile_isReadFromTheCallersFile() {
        shell.file("p.json", "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }");
        assertEquals(
                List.of("seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}"),
                request("--security-opt seccomp=p.json alpine").securityOptions());
    }

    @Test
    void mounts_inEveryNotation_areRead() {
        ContainerRequest request = request("-v /a:/b -v ./rel:/c:ro,rslave "
                + "--mount type=bind,src=/d,dst=/e,readonly,bind-propagation=rshared --tmpfs /run:size=1m,mode=755 "
                + "--tmpfs /x --mount type=tmpfs,destination=/f,tmpfs-size=64m,tmpfs-mode=1770 alpine");
        assertEquals(
                List.of(
                        new ContainerMount.Bind("/a", "/b", false, true, List.of()),
                        new ContainerMount.Bind("/home/me/rel", "/c", true, true, List.of("rslave")),
                        new ContainerMount.Bind("/d", "/e", true, false, List.of("rshared")),
                        new ContainerMount.Tmpfs("/f", List.of("size=64m", "mode=1770")),
                        new ContainerMount.Tmpfs("/run", List.of("size=1m", "mode=755")),
                        new ContainerMount.Tmpfs("/x", List.of())),
                request.mounts());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-v data:/x|'data' is a named volume",
                "-v /only|it is not SOURCE:TARGET",
                "-v /a:rel|the target 'rel' is not absolute",
                "-v /a:/|the target is the root",
                "-v /a:/b:zz|'zz' is no mount option",
                "--mount type=bind,target=/x|the source is not an absolute path",
                "--mount type=bind,source=/a|the target is missing",
                "--mount type=bind,source=/a,target=/b,tmpfs-size=1|'tmpfs-size' does not go with type=bind",
                "--mount source=v,target=/b|type=volume needs a volume provider",
                "--mount type=npipe,target=/b|type 'npipe' is unknown",
                "--mount type=bind,source=/a,target=/b,target=/c|'target' is there twice",
                "--mount type=bind,source=/a,target=/b,readonly=x|readonly is neither true nor false",
                "--mount type=tmpfs,target=/t,tmpfs-mode=9|tmpfs-mode '9' is no octal number",
                "-v /a:/b --tmpfs /b|two mounts have this target",
                "--ulimit nofile|it is not NAME=SOFT[:HARD]",
                "--ulimit nothing=1|there is no limit 'nothing'",
                "--ulimit nofile=5:4|the soft limit is above the hard one",
                "--ulimit nofile=-1:4|the soft limit is above the hard one",
                "-m 1m|less than 6 MiB",
                "--memory-swap 1g|--memory is missing",
                "-m 64m --memory-swap 32m|less than --memory",
                "--cpus 0.001|less than 0.01",
                "--cpu-shares 1|not within 2..262144",
                "-w rel|it is not absolute",
                "--security-opt magic|'magic' is unknown",
                "--security-opt no-new-privileges=maybe|'maybe' is neither true nor false",
                "--security-opt seccomp=missing|no such file or directory",
                "--sysctl x|it is not KEY=VALUE",
                "--label =x|it is not KEY=VALUE",
                "-e =x|it has no name",
                "--stop-signal NOPE|no signal has that name",
                "--stop-timeout -2|it is negative",
                "--platform a/b/c/d|it has 4 parts",
                "--env-file missing|no such file or directory",
            })
    void option_thatIsWrong_isRefusedByName(String options, String reason) {
        FeluccaException refused = assertThrows(FeluccaException.class, () -> shell.run(verb, options + " alpine"));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertThrows(AssertionError.class, containers::request);
    }

    @Test
    void create_printsTheIdOfWhatItMade() {
        assertEquals(0, shell.run(new CreateVerb(containers), "--name x alpine"));
        assertEquals("c".repeat(64) + "\n", shell.out());
        assertEquals("x", containers.request().name());
    }

    @Test
    void explain_showsWhoWouldServe() {
        assertEquals(
                0,
                shell.run(new ExplainVerb(containers, new FakeImages().add("alpine")), "--snapshotter overlay alpine"));
        assertEquals("""
                ROLE          PICKED    BECAUSE                NOT PICKED
                snapshotter   overlay   highest ranking of 2   native: ranked lower
                runtime       linux     the only one
                """, shell.out());
        assertEquals("overlay", containers.request().snapshotter());
    }

    @Test
    void explain_ofContainer_showsWhoServesIt() {
        containers.add('a', "web", ContainerState.RUNNING);
        assertEquals(0, shell.run(new ExplainVerb(containers, new FakeImages()), "--container --format json web"));
        assertTrue(shell.out().startsWith("{\"role\":\"snapshotter\",\"id\":\"overlay\""));
    }

    @Test
    void explain_nameThatOnlyAContainerHas_showsWhoServesIt() {
        containers.add('a', "web", ContainerState.RUNNING);
        assertEquals(0, shell.run(new ExplainVerb(containers, new FakeImages()), "--format json web"));
        assertTrue(shell.out().startsWith("{\"role\":\"snapshotter\",\"id\":\"overlay\""));
    }

    @Test
    void explain_nameOfNothing_isRefusedNamingIt() {
        FeluccaException refused = assertThrows(
                FeluccaException.class, () -> shell.run(new ExplainVerb(containers, new FakeImages()), "web"));
        assertEquals(ErrorCode.NOT_FOUND, refused.code());
        assertEquals("cannot explain web", refused.subject());
    }
}
