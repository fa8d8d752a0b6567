package org.felucca.shell.help;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.VerbSpec;
import org.junit.jupiter.api.Test;

class HelpTextTest {
    private static final VerbSpec VERB = VerbSpec.of("stop", "stop containers")
            .alias("halt")
            .description("Waits, then kills.")
            .option(OptionSpec.value("time", Kind.DURATION, "SECONDS", "how long to wait")
                    .shortName('t')
                    .defaultValue("10"))
            .option(OptionSpec.value(
                            "a-rather-long-option-name", Kind.STRING, "SOMETHING", "is put on a line of its own")
                    .repeating())
            .option(OptionSpec.value("mode", Kind.STRING, "MODE", "how").choices("soft", "hard"))
            .option(
                    OptionSpec.flag(
                            "verbose",
                            "a help text that is longer than what fits on one line and so is continued on the next one, indented"))
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .example("felucca stop web")
            .build();

    @Test
    void of_verb_listsEverything() {
        assertEquals("""
                usage: felucca stop [OPTIONS] CONTAINER...

                Stop containers.

                Waits, then kills.

                also called: halt

                operands:
                  CONTAINER   name, or beginning of an id

                options:
                  -t, --time SECONDS    how long to wait (default 10)
                      --a-rather-long-option-name SOMETHING
                                        is put on a line of its own; may be repeated
                      --mode MODE       how (soft, hard)
                      --verbose         a help text that is longer than what fits on one line and so is continued on
                                        the next one, indented
                      --format FORMAT   how to show the result: table or json
                      --help            show this help

                examples:
                  felucca stop web
                """, HelpText.of(VERB));
    }

    @Test
    void overview_listsVerbsByName() {
        VerbSpec ps = VerbSpec.of("ps", "list containers").build();
        assertEquals("""
                usage: felucca [OPTIONS] COMMAND [ARGUMENTS...]

                A container platform for one node.

                commands:
                  ps     list containers
                  stop   stop containers

                options:
                  --address URI      where the daemon listens (default unix:///run/felucca/felucca.sock, or
                                     FELUCCA_ADDRESS)
                  --namespace NAME   the tenant to work in (default default, or FELUCCA_NAMESPACE)
                  --help             show this help
                  --version          show the version

                See 'felucca COMMAND --help' for a command.
                """, HelpText.overview(List.of(VERB, ps)));
    }
}
