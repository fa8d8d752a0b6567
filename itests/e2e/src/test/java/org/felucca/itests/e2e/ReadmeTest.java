package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The tour in README.md does what it says. In its blocks of language {@code console} a line that begins with {@code # }
 * is typed, in one shell after the other; what follows is what it prints, where {@code ...} stands for anything, on a line
 * of its own for any lines.
 */
class ReadmeTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private record Step(String command, String output) {}

    @Test
    void tour_everyCommand_printsWhatIsWritten() throws IOException {
        Daemon daemon = FIXTURE.daemon();
        List<Step> steps = steps(Files.readString(Path.of(System.getProperty("felucca.top"), "README.md")));
        assertTrue(steps.size() >= 5, "README.md has no tour");
        for (Step step : steps) {
            Finished run = daemon.client().shell("cd '" + daemon.home() + "' && " + step.command());
            assertTrue(
                    pattern(step.output()).matcher(run.text()).matches(),
                    () -> "# " + step.command() + "\nshould print\n" + step.output() + "\nbut prints\n" + run.text()
                            + run.errors());
            assertEquals(0, run.status(), () -> "# " + step.command() + "\n" + run.errors());
        }
        assertFalse(daemon.felucca("ps", "-a", "-q").ok().text().contains("\n"), "the tour leaves containers");
    }

    private static List<Step> steps(String readme) {
        List<Step> steps = new ArrayList<>();
        boolean inside = false;
        String command = null;
        StringBuilder output = new StringBuilder();
        for (String line : readme.lines().toList()) {
            boolean fence = line.startsWith("```");
            if (command != null && (fence || line.startsWith("# "))) {
                steps.add(new Step(command, output.toString()));
                command = null;
                output.setLength(0);
            }
            if (fence) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("# ")) {
                command = line.substring(2);
            } else if (inside && command != null) {
                output.append(line).append('\n');
            }
        }
        return steps;
    }

    private static Pattern pattern(String output) {
        StringBuilder pattern = new StringBuilder();
        for (String line : output.lines().toList()) {
            if (line.equals("...")) {
                pattern.append("(?:.*\\n)*");
                continue;
            }
            for (String part : line.split("(?<=\\.\\.\\.)|(?=\\.\\.\\.)")) {
                pattern.append(part.equals("...") ? ".*" : Pattern.quote(part));
            }
            pattern.append("\\s*\\n");
        }
        return Pattern.compile(pattern.toString());
    }
}
