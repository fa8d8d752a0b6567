package org.felucca.hcs.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a            | a",
                "a b          | \"a b\"",
                "``           | \"\"",
                "a\"b         | a\\\"b",
                "a\\b         | a\\b",
                "a\\\"b       | a\\\\\\\"b",
                "a b\\        | \"a b\\\\\"",
                "a\\          | a\\",
            })
    void of_oneArgument_isQuotedWhereNeeded(String argument, String line) {
        assertEquals(line, CommandLine.of(List.of(argument)));
    }

    @Test
    void of_anyArguments_areTakenApartIntoTheSame() {
        Random random = new Random(7);
        String alphabet = "ab \t\\\"";
        for (int round = 0; round < 5_000; round++) {
            List<String> args = new ArrayList<>();
            args.add("program");
            for (int i = random.nextInt(4); i >= 0; i--) {
                StringBuilder arg = new StringBuilder();
                for (int length = random.nextInt(7); length > 0; length--) {
                    arg.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                args.add(arg.toString());
            }
            assertEquals(args, takenApart(CommandLine.of(args)));
        }
    }

    /** The rules of the C runtime: 2n backslashes and a quote are n and a switch, 2n+1 and a quote n and a quote. */
    private static List<String> takenApart(String line) {
        List<String> args = new ArrayList<>();
        StringBuilder arg = new StringBuilder();
        boolean any = false;
        boolean quoted = false;
        int backslashes = 0;
        for (char c : (line + " ").toCharArray()) {
            if (c == '\\') {
                backslashes++;
                continue;
            }
            arg.append("\\".repeat(c == '"' ? backslashes / 2 : backslashes));
            any |= backslashes > 0;
            boolean escaped = backslashes % 2 == 1;
            backslashes = 0;
            if (c == '"') {
                any = true;
                if (escaped) {
                    arg.append('"');
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == ' ' || c == '\t')) {
                if (any) {
                    args.add(arg.toString());
                }
                arg.setLength(0);
                any = false;
            } else {
                arg.append(c);
                any = true;
            }
        }
        return args;
    }
}
