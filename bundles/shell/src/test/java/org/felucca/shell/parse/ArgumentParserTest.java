package org.felucca.shell.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.VerbSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentParserTest {
    private static final VerbSpec RUN = VerbSpec.of("run", "runs")
            .option(OptionSpec.flag("interactive", "").shortName('i'))
            .option(OptionSpec.flag("tty", "").shortName('t'))
            .option(OptionSpec.flag("sig-proxy", "").defaultValue("true"))
            .option(OptionSpec.value("env", Kind.STRING, "NAME=VALUE", "")
                    .shortName('e')
                    .repeating())
            .option(OptionSpec.value("name", Kind.STRING, "NAME", ""))
            .option(OptionSpec.value("memory", Kind.SIZE, "SIZE", "").shortName('m'))
            .option(OptionSpec.value("cpus", Kind.DECIMAL, "N", ""))
            .option(OptionSpec.value("pids-limit", Kind.INTEGER, "N", ""))
            .option(OptionSpec.value("time", Kind.DURATION, "SECONDS", "").defaultValue("10"))
            .option(OptionSpec.value("network", Kind.STRING, "MODE", "").choices("none", "host"))
            .operand(OperandSpec.required("IMAGE", Completion.IMAGE, ""))
            .operand(OperandSpec.anyNumber("COMMAND", Completion.NONE, ""))
            .passThrough()
            .build();

    private static final VerbSpec STOP = VerbSpec.of("stop", "stops")
            .option(OptionSpec.value("time", Kind.DURATION, "SECONDS", "").shortName('t'))
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, ""))
            .build();

    private static final VerbSpec RENAME = VerbSpec.of("rename", "renames")
            .operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, ""))
            .operand(OperandSpec.required("NAME", Completion.NONE, ""))
            .build();

    private static Arguments run(String... words) {
        return ArgumentParser.parse(RUN, List.of(words));
    }

    private static String refusal(VerbSpec spec, String... words) {
        return assertThrows(UsageException.class, () -> ArgumentParser.parse(spec, List.of(words)))
                .getMessage();
    }

    @Test
    void parse_clusterOfLetters_setsEachFlag() {
        Arguments arguments = run("-it", "alpine");
        assertTrue(arguments.flag("interactive") && arguments.flag("tty"));
        assertTrue(arguments.flag("sig-proxy"));
        assertFalse(arguments.given("sig-proxy"));
    }

    @ParameterizedTest
    @CsvSource({"--env A=1", "--env=A=1", "-e A=1", "-eA=1", "-e=A=1", "-ie A=1", "-ieA=1"})
    void parse_everyFormOfAValue_readsTheSame(String words) {
        assertEquals(List.of("A=1"), run((words + " alpine").split(" ")).texts("env"));
    }

    @Test
    void parse_passThrough_leavesWhatFollowsTheFirstOperand() {
        Arguments arguments = run("-i", "alpine", "ls", "-l", "--", "--name=x", "-i");
        assertEquals(List.of("alpine", "ls", "-l", "--", "--name=x", "-i"), arguments.operands());
        assertFalse(arguments.given("name"));
    }

    @Test
    void parse_doubleDash_endsOptions() {
        assertEquals(
                List.of("-t", "5"),
                ArgumentParser.parse(STOP, List.of("--", "-t", "5")).operands());
    }

    @Test
    void parse_withoutPassThrough_mixesOptionsAndOperands() {
        Arguments arguments = ArgumentParser.parse(STOP, List.of("a", "-t", "5", "b"));
        assertEquals(List.of("a", "b"), arguments.operands());
        assertEquals(Optional.of(Duration.ofSeconds(5)), arguments.duration("time"));
    }

    @Test
    void parse_flagWithValue_turnsItOff() {
        assertFalse(run("--sig-proxy=false", "alpine").flag("sig-proxy"));
        assertFalse(run("-t=0", "alpine").flag("tty"));
    }

    @Test
    void parse_repeatedSingleOption_takesTheLast() {
        assertEquals(
                Optional.of("b"), run("--name", "a", "--name", "b", "alpine").text("name"));
    }

    @Test
    void parse_typedValues_areReadByKind() {
        Arguments arguments = run("-m", "1.5g", "--cpus", "0.25", "--pids-limit", "-1", "alpine");
        assertEquals(OptionalLong.of(1536L << 20), arguments.number("memory"));
        assertEquals(OptionalLong.of(250_000_000), arguments.billionths("cpus"));
        assertEquals(OptionalLong.of(-1), arguments.number("pids-limit"));
        assertEquals(Optional.of(Duration.ofSeconds(10)), arguments.duration("time"));
        assertEquals(OptionalLong.empty(), run("alpine").number("memory"));
    }

    @Test
    void parse_help_needsNoOperands() {
        assertTrue(run("--help").help());
    }

    @Test
    void parse_format_choosesJson() {
        assertTrue(run("--format", "json", "alpine").json());
        assertFalse(run("alpine").json());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nmae x alpine|unknown option --nmae: did you mean --name?; see 'felucca run --help'",
                "--zzz alpine|unknown option --zzz: 'run' has no such option; see 'felucca run --help'",
                "-name x alpine|unknown option -n in -name: did you mean --name?; see 'felucca run --help'",
                "-x alpine|unknown option -x: 'run' has no such option; see 'felucca run --help'",
                "--name|option --name: value missing; give NAME; see 'felucca run --help'",
                "-m 12q alpine|invalid value '12q' for option -m: not a size; use bytes, or a unit: 512m, 2g, 1.5GiB",
                "--cpus x alpine|invalid value 'x' for option --cpus: not a number; use one such as 1.5",
                "--pids-limit 1.5 alpine|"
                        + "invalid value '1.5' for option --pids-limit: not a whole number; use one such as 10",
                "--time soon alpine|"
                        + "invalid value 'soon' for option --time: not a time span; use seconds, or units: 1m30s, 500ms",
                "--network bridge alpine|"
                        + "invalid value 'bridge' for option --network: not one of its values; use none, host",
                "--tty=maybe alpine|invalid value 'maybe' for option --tty: not a switch; use true or false",
                "-i|'felucca run': operand IMAGE missing; see 'felucca run --help'",
            })
    void parse_wrongUsage_saysWhatWhyAndWhatToDo(String words, String message) {
        assertEquals(message, refusal(RUN, words.split(" ")));
    }

    @Test
    void parse_tooManyOperands_namesTheFirstUnexpected() {
        assertEquals(
                "'felucca rename': unexpected operand 'c'; see 'felucca rename --help'",
                refusal(RENAME, "a", "b", "c"));
        assertEquals("'felucca rename': operand NAME missing; see 'felucca rename --help'", refusal(RENAME, "a"));
    }

    @Test
    void accessor_ofUnknownOption_isABugOfTheVerb() {
        Arguments arguments = run("alpine");
        assertThrows(IllegalArgumentException.class, () -> arguments.flag("nothing"));
        assertThrows(IllegalArgumentException.class, () -> arguments.flag("name"));
        assertThrows(IllegalArgumentException.class, () -> arguments.number("name"));
        assertThrows(IllegalArgumentException.class, () -> arguments.text("tty"));
    }
}
