package org.felucca.shell.verb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Role;
import org.felucca.api.process.ExitStatus;
import org.felucca.shell.FakeProviders;
import org.felucca.shell.ScriptedVerb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatcherTest {
    private final FakeProviders providers = new FakeProviders();
    private final VerbDirectory verbs = new VerbDirectory(word -> Optional.empty());
    private final Deque<String> missing = new ArrayDeque<>();
    private final FakeCaller caller = new FakeCaller();
    private final Dispatcher dispatcher = new Dispatcher(
            verbs,
            patience -> missing.isEmpty() ? "" : missing.remove(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            InstantSource.system());

    DispatcherTest() {
        providers.watch(Role.VERB, verbs);
    }

    private void verb(VerbSpec.Builder spec, Function<Invocation, Result> script) {
        providers.add(new ScriptedVerb(
                spec.operand(OperandSpec.anyNumber("WORD", Completion.NONE, "words"))
                        .build(),
                script));
    }

    private int run(String... words) {
        return dispatcher.run(List.of(words), caller).shellStatus();
    }

    @Test
    void run_withoutWords_showsTheOverview() {
        verb(VerbSpec.of("ps", "list containers"), invocation -> new Result.Done());
        assertEquals(0, run());
        assertTrue(caller.out().contains("  ps   list containers\n"), caller.out());
    }

    @Test
    void run_helpOfVerb_doesNotRunIt() {
        verb(VerbSpec.of("ps", "list containers"), invocation -> {
            throw new AssertionError("it ran");
        });
        assertEquals(0, run("ps", "--help"));
        assertEquals(0, run("help", "ps"));
        assertTrue(caller.out().startsWith("usage: felucca ps [OPTIONS] [WORD...]\n"), caller.out());
    }

    @Test
    void run_versionOption_isTheVerb() {
        verb(VerbSpec.of("version", "v"), invocation -> new Result.Lines(List.of("1.0")));
        assertEquals(0, run("--version"));
        assertEquals("1.0\n", caller.out());
    }

    @Test
    void run_optionBeforeTheVerb_isRefused() {
        assertEquals(125, run("--nothing", "ps"));
        assertEquals(
                "felucca: unknown option --nothing: it stands before the command; see 'felucca --help'\n",
                caller.err());
    }

    @Test
    void run_failureAfterHandingOver_isNotShown() {
        verb(VerbSpec.of("run", "r"), invocation -> {
            invocation.handedOver();
            throw new FeluccaException(ErrorCode.UNAVAILABLE, "cannot wait", "the platform stops");
        });
        run("run");
        assertEquals("", caller.err());
    }

    @Test
    void run_alias_callsTheVerb() {
        verb(VerbSpec.of("import", "i").alias("load"), invocation -> new Result.Lines(List.of("loaded")));
        assertEquals(0, run("load"));
        assertEquals("loaded\n", caller.out());
    }

    @Test
    void run_nameOfTwoWords_callsTheVerb() {
        verb(VerbSpec.of("image prune", "free"), invocation -> new Result.Lines(invocation.operands()));
        verb(VerbSpec.of("image", "show"), invocation -> new Result.Lines(List.of("image", "alone")));
        assertEquals(0, run("image", "prune", "prune"));
        assertEquals("prune\n", caller.out());
        assertEquals(0, run("image", "other"));
        assertTrue(caller.out().endsWith("image\nalone\n"), caller.out());
    }

    @Test
    void run_firstWordOfTwo_saysWhatCanFollow() {
        verb(VerbSpec.of("image prune", "free"), invocation -> new Result.Done());
        verb(VerbSpec.of("history", "h").alias("image history"), invocation -> new Result.Done());
        assertEquals(125, run("image", "burn"));
        assertEquals(
                "felucca: incomplete command 'image': one of history, prune has to follow; see 'felucca --help'\n",
                caller.err());
    }

    @Test
    void help_ofNameOfTwoWords_isThatVerbs() {
        verb(VerbSpec.of("image prune", "free"), invocation -> new Result.Done());
        assertEquals(0, run("help", "image", "prune"));
        assertTrue(caller.out().startsWith("usage: felucca image prune [OPTIONS]"), caller.out());
    }

    @Test
    void ask_forASecret_hidesItBeforeThePrompt() {
        verb(VerbSpec.of("login", "l"), invocation -> new Result.Lines(List.of(invocation.ask("Password: ", true))));
        caller.typed = " pass word \r\nmore";
        assertEquals(0, run("login"));
        assertEquals(" pass word \n", caller.out());
        assertEquals("<hidden>Password: \n<shown>", caller.err());
    }

    @Test
    void ask_whereInputEnds_failsAndShowsAgain() {
        verb(VerbSpec.of("login", "l"), invocation -> new Result.Lines(List.of(invocation.ask("Password: ", true))));
        caller.typed = "half";
        assertEquals(1, run("login"));
        assertEquals(
                "<hidden>Password: <shown>felucca: cannot ask for Password: "
                        + "standard input ended before there was an answer\n",
                caller.err());
    }

    @Test
    void ask_withoutTerminal_isRefused() {
        verb(VerbSpec.of("login", "l"), invocation -> new Result.Lines(List.of(invocation.ask("Password: ", true))));
        assertEquals(1, run("login"));
        assertTrue(caller.err().contains("standard input is no terminal"), caller.err());
    }

    @Test
    void run_departedVerb_isUnknown() {
        verb(VerbSpec.of("hello", "h"), invocation -> new Result.Done());
        assertEquals(0, run("hello"));
        providers.remove("hello");
        assertEquals(125, run("hello"));
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, cannot remove x, 1, 125",
        "NOT_FOUND, cannot execute /bin/x, 1, 127",
        "PERMISSION_DENIED, cannot execute /bin/x, 1, 126",
        "PERMISSION_DENIED, cannot open x, 1, 125",
        "INVALID_ARGUMENT, cannot read x, 1, 125",
        "UNAVAILABLE, cannot use x, 1, 125",
        "INTERNAL, cannot do x, 1, 125",
        "CANCELLED, cannot wait, 130, 130"
    })
    void failure_ofVerb_mapsToTheStatusOfItsKind(ErrorCode code, String subject, int ordinary, int ofRun) {
        Function<Invocation, Result> failing = invocation -> {
            throw new FeluccaException(code, subject, "reason", "fix");
        };
        verb(VerbSpec.of("rm", "r"), failing);
        verb(VerbSpec.of("run", "r").attaches().passThrough(), failing);
        assertEquals(ordinary, run("rm"));
        assertEquals(ofRun, run("run"));
        assertTrue(caller.err().startsWith("felucca: " + subject + ": reason; fix\n"), caller.err());
    }

    @Test
    void failure_byTheCallersSignal_isSilentAndNamesTheSignal() {
        verb(VerbSpec.of("pull", "p"), invocation -> {
            throw new FeluccaException(ErrorCode.CANCELLED, "cannot pull", "interrupted");
        });
        caller.signal = OptionalInt.of(15);
        assertEquals(143, run("pull"));
        assertEquals("", caller.err());
    }

    @Test
    void flow_thatWasInterrupted_endsWithTheSignal() {
        verb(
                VerbSpec.of("events", "e"),
                invocation -> new Result.Flow(
                        List.of(), sink -> Thread.currentThread().interrupt()));
        caller.signal = OptionalInt.of(2);
        ExitStatus status = dispatcher.run(List.of("events"), caller);
        assertTrue(Thread.interrupted());
        assertEquals(new ExitStatus.Signaled(2), status);
    }

    @Test
    void start_thatTakesLong_isAnnouncedAndWaitedFor() {
        verb(VerbSpec.of("ps", "p"), invocation -> new Result.Lines(List.of("here")));
        missing.add("runtime=linux");
        assertEquals(0, run("ps"));
        assertEquals("felucca: starting: waiting for runtime=linux\n", caller.err());
        assertEquals("here\n", caller.out());
    }

    @Test
    void start_thatTakesTooLong_failsByName() {
        verb(VerbSpec.of("ps", "p"), invocation -> new Result.Done());
        missing.add("runtime=linux");
        missing.add("runtime=linux");
        assertEquals(125, run("ps"));
        assertTrue(
                caller.err()
                        .endsWith("felucca: the daemon is not ready: runtime=linux is missing after 30 s; "
                                + "see 'felucca plugins' and the daemon's log\n"),
                caller.err());
    }

    @Test
    void version_worksWhileStarting() {
        verb(VerbSpec.of("version", "v"), invocation -> new Result.Lines(List.of("1.0")));
        missing.add("runtime=linux");
        assertEquals(0, run("version"));
        assertEquals("", caller.err());
    }

    @Test
    void verb_underAnotherNameThanItsId_isNotOffered() {
        verbs.arrived(new RenamedProvider());
        assertTrue(verbs.find("real").isEmpty() && verbs.find("claimed").isEmpty());
    }

    @Test
    void alias_thatIsAnotherVerbsName_doesNotHideIt() {
        verb(VerbSpec.of("mine", "m").alias("ps"), invocation -> new Result.Lines(List.of("mine")));
        verb(VerbSpec.of("ps", "p"), invocation -> new Result.Lines(List.of("ps")));
        assertEquals(0, run("ps"));
        assertEquals("ps\n", caller.out());
    }

    @ParameterizedTest
    @CsvSource({"'ctrl-p,ctrl-q', 1011", "'ctrl-a,d', 0164", "ctrl-@, 00", "ctrl-_, 1f", "'a,b', 6162", "'', ''"})
    void detachKeys_areTheBytesOfATerminal(String text, String hex) {
        assertArrayEquals(java.util.HexFormat.of().parseHex(hex), DetachKeys.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"ctrl-", "'a,'", "ab", "ctrl-pq", "é", "'a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a'"})
    void detachKeys_malformed_areRefused(String text) {
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                assertThrows(FeluccaException.class, () -> DetachKeys.parse(text))
                        .code());
    }
}
