package org.felucca.verbs.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.felucca.api.command.StreamMode;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerState;
import org.felucca.api.container.LogRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.verbs.CommandLine;
import org.felucca.verbs.FakeContainers;
import org.felucca.verbs.FakeImages;
import org.junit.jupiter.api.Test;

class ContainerVerbsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(CommandLine.NOW);

    private final FakeContainers containers = new FakeContainers();
    private final FakeImages images = new FakeImages();
    private final CommandLine shell = new CommandLine();

    private void some() {
        containers
                .ends(new ExitStatus.Exited(3))
                .add('a', "web", ContainerState.RUNNING)
                .add('b', "db", ContainerState.EXITED)
                .add('d', "new", ContainerState.CREATED)
                .add('e', "ice", ContainerState.PAUSED)
                .add('f', "lost", ContainerState.ORPHANED);
    }

    private ErrorCode refusal(Runnable action) {
        return assertThrows(FeluccaException.class, action::run).code();
    }

    @Test
    void ps_ofContainerThatRunsTheImagesCommand_showsIt() {
        containers.add(
                'a',
                "web",
                ContainerState.RUNNING,
                ContainerRequest.of(NamespaceName.DEFAULT, "alpine").build());
        assertEquals(0, shell.run(new PsVerb(containers, CLOCK), ""));
        assertTrue(shell.out().contains("alpine   /entry serve   2 hours ago"), shell.out());
    }

    @Test
    void ps_showsWhatIsAlive() {
        some();
        assertEquals(0, shell.run(new PsVerb(containers, CLOCK), ""));
        assertEquals("""
                CONTAINER ID   IMAGE    COMMAND   CREATED       STATUS                                 NAMES
                aaaaaaaaaaaa   alpine   sh        2 hours ago   Up 3 minutes                           web
                eeeeeeeeeeee   alpine   sh        2 hours ago   Up 3 minutes (Paused)                  ice
                ffffffffffff   alpine   sh        2 hours ago   Orphaned (runtime=linux unavailable)   lost
                """, shell.out());
    }

    @Test
    void ps_all_showsTheOthersToo() {
        some();
        assertEquals(0, shell.run(new PsVerb(containers, CLOCK), "-a --filter status=exited --filter status=created"));
        assertEquals("""
                CONTAINER ID   IMAGE    COMMAND   CREATED       STATUS                     NAMES
                bbbbbbbbbbbb   alpine   sh        2 hours ago   Exited (3) 5 seconds ago   db
                dddddddddddd   alpine   sh        2 hours ago   Created                    new
                """, shell.out());
    }

    @Test
    void ps_quiet_showsIds() {
        some();
        assertEquals(0, shell.run(new PsVerb(containers, CLOCK), "-aq --no-trunc -f name=web -f name=db -f exited=3"));
        assertEquals("b".repeat(64) + "\n", shell.out());
        assertEquals(0, shell.run(new PsVerb(containers, CLOCK), "-ql"));
        assertEquals("aaaaaaaaaaaa\n", shell.out());
    }

    @Test
    void ps_forPrograms_isOneObjectALine() {
        containers.add('a', "web", ContainerState.RUNNING);
        assertEquals(0, shell.run(new PsVerb(containers, CLOCK), "--format json"));
        String line = shell.out();
        assertTrue(line.startsWith("{\"id\":\"" + "a".repeat(64) + "\",\"name\":\"web\",\"image\":\"alpine\""), line);
        assertTrue(line.contains("\"state\":\"running\"") && line.contains("\"pid\":4711"), line);
    }

    @Test
    void ps_longCommand_isShortenedForPeopleOnly() {
        ContainerRequest wordy = ContainerRequest.of(NamespaceName.DEFAULT, "alpine")
                .command(List.of("sh", "-c", "while true; do echo hello; done"))
                .build();
        containers.add('a', "web", ContainerState.RUNNING, wordy);
        shell.run(new PsVerb(containers, CLOCK), "");
        assertTrue(shell.out().contains("   sh -c while true; do ec…   2 hours ago"));
        shell.run(new PsVerb(containers, CLOCK), "--no-trunc");
        assertTrue(shell.out().contains("   sh -c while true; do echo hello; done   2 hours ago"));
        shell.run(new PsVerb(containers, CLOCK), "--format json");
        assertTrue(shell.out().contains("\"command\":\"sh -c while true; do echo hello; done\""));
    }

    @Test
    void ps_labelFilters_areAllNeeded() {
        ContainerRequest labelled = ContainerRequest.of(NamespaceName.DEFAULT, "alpine")
                .labels(java.util.Map.of("a", "1", "b", "2"))
                .build();
        containers.add('a', "web", ContainerState.RUNNING, labelled).add('b', "db", ContainerState.RUNNING);
        shell.run(new PsVerb(containers, CLOCK), "-q -f label=a -f label=b=2");
        assertEquals("aaaaaaaaaaaa\n", shell.out());
        shell.run(new PsVerb(containers, CLOCK), "-q -f label=a -f label=b=3");
        assertEquals("", shell.out());
    }

    @Test
    void ps_unknownFilter_isRefused() {
        assertEquals(
                ErrorCode.INVALID_ARGUMENT, refusal(() -> shell.run(new PsVerb(containers, CLOCK), "-f colour=red")));
        assertEquals(
                ErrorCode.INVALID_ARGUMENT, refusal(() -> shell.run(new PsVerb(containers, CLOCK), "-f status=odd")));
    }

    @Test
    void batch_withMissingOperand_doesTheOthersAndReportsIt() {
        some();
        assertEquals(1, shell.run(new StopVerb(containers), "-t 3 web missing db"));
        assertEquals("web\ndb\n", shell.out());
        assertEquals("felucca: cannot find container missing: there is none\n", shell.err());
        assertEquals(List.of("stop web PT3S", "stop db PT3S"), containers.calls());
    }

    @Test
    void stop_withoutTime_leavesItToTheContainer() {
        some();
        assertEquals(0, shell.run(new StopVerb(containers), "web"));
        assertEquals(List.of("stop web null"), containers.calls());
    }

    @Test
    void kill_sendsTheSignal() {
        some();
        assertEquals(0, shell.run(new KillVerb(containers), "web"));
        assertEquals(0, shell.run(new KillVerb(containers), "-s usr1 web"));
        assertEquals(List.of("kill web SIGKILL", "kill web SIGUSR1"), containers.calls());
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(() -> shell.run(new KillVerb(containers), "-s nope web")));
    }

    @Test
    void rm_ofRunning_needsForce() {
        some();
        assertEquals(1, shell.run(new RemoveVerb(containers), "web"));
        assertEquals("felucca: cannot remove container web: it is running; use --force\n", shell.err());
        assertEquals(0, shell.run(new RemoveVerb(containers), "-f web missing"));
        assertEquals("web\n", shell.out());
    }

    @Test
    void pauseUnpauseRename_callTheService() {
        some();
        shell.run(new PauseVerb(containers), "web");
        shell.run(new UnpauseVerb(containers), "web");
        shell.run(new RenameVerb(containers), "web site");
        assertEquals(List.of("pause web", "resume web", "rename web site"), containers.calls());
        assertEquals("web\nweb\n", shell.out());
    }

    @Test
    void update_changesWhatWasGiven() {
        some();
        assertEquals(0, shell.run(new UpdateVerb(containers), "-m 64m web"));
        assertEquals(OptionalLong.of(64 << 20), containers.limits().memoryBytes());
        assertEquals(OptionalLong.empty(), containers.limits().pids());
    }

    @Test
    void wait_printsEachStatus() {
        some();
        assertEquals(0, shell.run(new WaitVerb(containers), "web db"));
        assertEquals("3\n3\n", shell.out());
    }

    @Test
    void start_detached_printsNames() {
        some();
        assertEquals(0, shell.run(new StartVerb(containers), "db new"));
        assertEquals("db\nnew\n", shell.out());
        assertEquals(List.of(), shell.modes());
    }

    @Test
    void start_attached_endsWithTheProcess() {
        some();
        assertEquals(3, shell.run(new StartVerb(containers), "-a db"));
        assertEquals(
                new StreamMode(false, false, true, false, "ctrl-p,ctrl-q"),
                shell.modes().get(0));
        assertTrue(containers.streams().client().isPresent());
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(() -> shell.run(new StartVerb(containers), "-a db new")));
    }

    @Test
    void start_interactive_takesInputOnlyIfItIsOpen() {
        ContainerRequest open = ContainerRequest.of(NamespaceName.DEFAULT, "alpine")
                .openStdin(true)
                .build();
        containers.add('a', "open", ContainerState.CREATED, open).add('b', "shut", ContainerState.CREATED);
        shell.run(new StartVerb(containers), "-i open");
        shell.run(new StartVerb(containers), "-i shut");
        assertTrue(shell.modes().get(0).input());
        assertFalse(shell.modes().get(1).input());
    }

    @Test
    void exec_attached_carriesEverythingAndEndsWithTheProcess() {
        some();
        shell.atTerminal();
        assertEquals(3, shell.run(new ExecVerb(containers), "-it -w /x -u me -e A=1 --privileged web sh -c true"));
        ExecRequest request = containers.execRequest();
        assertEquals(List.of("sh", "-c", "true"), request.args());
        assertEquals("/x", request.workingDirectory());
        assertEquals("me", request.user());
        assertEquals(List.of("A=1"), request.environment());
        assertTrue(
                request.privileged() && request.io().terminal() && request.io().openStdin());
        assertEquals(new WindowSize(24, 80), request.io().window());
        assertEquals(42, request.io().client().orElseThrow().value());
        assertTrue(request.execId().matches("[0-9a-f]{16}"));
    }

    @Test
    void exec_emptyProgram_isNotFound() {
        containers.add('a', "web", ContainerState.RUNNING);
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> shell.run(new ExecVerb(containers), List.of("web", "")));
        assertEquals(ErrorCode.NOT_FOUND, refused.code());
        assertEquals("cannot execute ''", refused.subject());
    }

    @Test
    void exec_detached_hasNoClientAndReturnsAtOnce() {
        some();
        assertEquals(0, shell.run(new ExecVerb(containers), "-d web sleep 5"));
        assertTrue(containers.execRequest().io().client().isEmpty());
        assertEquals(List.of(), shell.modes());
    }

    @Test
    void attach_toRunning_connectsAndEndsWithTheProcess() {
        ContainerRequest open = ContainerRequest.of(NamespaceName.DEFAULT, "alpine")
                .openStdin(true)
                .build();
        containers.ends(new ExitStatus.Exited(4)).add('a', "web", ContainerState.RUNNING, open);
        assertEquals(4, shell.run(new AttachVerb(containers), "web"));
        assertEquals(
                new StreamMode(false, true, true, true, "ctrl-p,ctrl-q"),
                shell.modes().get(0));
        assertEquals(List.of("attach web 42 true"), containers.calls());
        shell.run(new AttachVerb(containers), "--no-stdin web");
        assertFalse(shell.modes().get(1).input());
    }

    @Test
    void attach_toOneThatDoesNotRun_isRefused() {
        some();
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> shell.run(new AttachVerb(containers), "db"));
        assertEquals("cannot attach to container db: it is exited; start it first", refused.getMessage());
    }

    @Test
    void logs_keepTheStreamsApart() {
        some();
        assertEquals(0, shell.run(new LogsVerb(containers, CLOCK), "web"));
        assertEquals("one\npart whole\n", shell.out());
        assertEquals("error\n", shell.err());
        assertEquals(LogRequest.ALL, containers.logRequest());
    }

    @Test
    void logs_withTimestamps_markTheBeginningOfLines() {
        some();
        shell.run(new LogsVerb(containers, CLOCK), "-t web");
        assertEquals("2026-05-01T10:00:00.000000123Z one\n2026-05-01T10:00:00.000000123Z part whole\n", shell.out());
        assertEquals("2026-05-01T10:00:00.000000123Z error\n", shell.err());
    }

    @Test
    void logs_options_areTheRequest() {
        some();
        shell.run(new LogsVerb(containers, CLOCK), "-f -n 5 --since 10m --until 2026-05-01T11:59:00 web");
        assertEquals(
                new LogRequest(true, 5, CommandLine.NOW.minusSeconds(600), Instant.parse("2026-05-01T11:59:00Z")),
                containers.logRequest());
        shell.run(new LogsVerb(containers, CLOCK), "--since 1777629600.5 --until 2026-05-01T12:00:00+02:00 web");
        assertEquals(
                new LogRequest(
                        false, -1, Instant.parse("2026-05-01T10:00:00.5Z"), Instant.parse("2026-05-01T10:00:00Z")),
                containers.logRequest());
    }

    @Test
    void logs_malformedOptions_areRefused() {
        some();
        assertEquals(
                ErrorCode.INVALID_ARGUMENT, refusal(() -> shell.run(new LogsVerb(containers, CLOCK), "-n few web")));
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                refusal(() -> shell.run(new LogsVerb(containers, CLOCK), "--since yesterday web")));
    }

    @Test
    void logs_forPrograms_areObjects() {
        some();
        shell.run(new LogsVerb(containers, CLOCK), "--format json web");
        assertTrue(shell.out()
                .startsWith(
                        "{\"time\":\"2026-05-01T10:00:00.000000123Z\",\"stream\":\"stdout\",\"text\":\"one\\n\"}\n"));
    }

    @Test
    void stats_ofAll_readsThoseThatRun() {
        some();
        assertEquals(0, shell.run(new StatsVerb(containers), "--no-stream"));
        assertEquals("""
                CONTAINER ID   NAME   CPU TIME   MEMORY   LIMIT   PIDS
                aaaaaaaaaaaa   web    1.25s      2.5MB    64MB    3
                eeeeeeeeeeee   ice    1.25s      2.5MB    64MB    3
                """, shell.out());
    }

    @Test
    void inspect_findsContainersThenImages() {
        some();
        images.add("alpine");
        assertEquals(0, shell.run(new InspectVerb(containers, images), "--format json web alpine"));
        JsonArray documents = (JsonArray) Json.parse("test", shell.out());
        assertEquals(2, documents.values().size());
        assertTrue(documents.values().get(0).toString().contains("\"runtime\":\"linux\""));
        assertTrue(documents.values().get(1).toString().contains("\"name\":\"docker.io/library/alpine:latest\""));
    }

    @Test
    void inspect_ofContainer_saysWhatItsProcessGets() {
        some();
        shell.run(new InspectVerb(containers, images), "--format json web");
        String id = "a".repeat(64);
        assertTrue(
                shell.out()
                        .contains("\"process\":{\"arguments\":[\"sh\"],\"environment\":[\"PATH=/bin\",\"COLOUR=blue\"],"
                                + "\"workingDirectory\":\"/work\",\"user\":\"ada\",\"stopSignal\":\"SIGTERM\"},"
                                + "\"snapshot\":{\"key\":\"default/" + id + "\",\"snapshotter\":\"overlay\"},"
                                + "\"log\":\"/logs/" + id + ".log\""),
                shell.out());
    }

    @Test
    void batch_forPrograms_namesWhatItWasDoneTo() {
        some();
        assertEquals(1, shell.run(new StopVerb(containers), "--format json aaaa missing"));
        assertEquals("{\"id\":\"" + "a".repeat(64) + "\",\"name\":\"web\"}\n", shell.out());
        assertEquals(0, shell.run(new RemoveVerb(containers), "--format json db"));
        assertEquals("{\"id\":\"" + "b".repeat(64) + "\",\"name\":\"db\"}\n", shell.out());
        assertEquals(0, shell.run(new RemoveVerb(containers), "--format json --force missing"));
        assertEquals("", shell.out());
    }

    @Test
    void wait_forPrograms_hasTheExitCode() {
        some();
        assertEquals(0, shell.run(new WaitVerb(containers), "--format json db"));
        assertTrue(
                shell.out().startsWith("{\"id\":\"" + "b".repeat(64) + "\",\"name\":\"db\",\"exitCode\":3,"),
                shell.out());
    }

    @Test
    void rename_forPrograms_hasBothNames() {
        some();
        assertEquals(0, shell.run(new RenameVerb(containers), "web site"));
        assertEquals("", shell.out());
        assertEquals(0, shell.run(new RenameVerb(containers), "--format json db data"));
        assertEquals("{\"id\":\"" + "b".repeat(64) + "\",\"name\":\"data\",\"formerName\":\"db\"}\n", shell.out());
    }

    @Test
    void inspect_ofMissing_reportsItAndShowsTheRest() {
        some();
        assertEquals(1, shell.run(new InspectVerb(containers, images), "web missing"));
        assertEquals(
                "felucca: cannot inspect missing: there is no such container or image; "
                        + "see 'felucca ps -a' and 'felucca images'\n",
                shell.err());
        assertTrue(shell.out().startsWith("[\n  {\n    \"id\""));
    }

    @Test
    void inspect_spec_isTheRuntimesDocument() {
        some();
        assertEquals(0, shell.run(new InspectVerb(containers, images), "--spec --format json web"));
        assertEquals("[{\"ociVersion\":\"1.3.0\",\"hostname\":\"web\"}]\n", shell.out());
    }
}
