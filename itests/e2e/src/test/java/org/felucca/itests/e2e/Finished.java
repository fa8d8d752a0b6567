package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command that has ended.
 *
 * @param command what was run, for messages
 * @param status its exit status, 128 + n for a signal
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 */
record Finished(List<String> command, int status, byte[] output, String errors) {
    /** Returns the output as text. */
    String text() {
        return new String(output, StandardCharsets.UTF_8);
    }

    /** Returns the output as text without white space around it. */
    String word() {
        return text().strip();
    }

    /** Returns the lines of the output. */
    List<String> lines() {
        return text().lines().toList();
    }

    /** Fails unless it exited with 0. */
    Finished ok() {
        return status(0);
    }

    /** Fails unless it exited with this status. */
    Finished status(int expected) {
        assertEquals(expected, status, () -> this + " exited with " + status + "\n" + errors + "\n" + cut(text()));
        return this;
    }

    /** Fails unless the client complains once, in one line, after its progress if it shows any, with these parts. */
    Finished complains(String... parts) {
        List<String> said = errors.strip().lines().toList();
        String complaint = said.isEmpty() ? "" : said.get(said.size() - 1);
        assertEquals(
                1,
                said.stream().filter(line -> line.startsWith("felucca: ")).count(),
                () -> this + ": not one clear message but\n" + errors);
        assertTrue(complaint.startsWith("felucca: "), () -> this + ": the last line is no message:\n" + errors);
        for (String part : parts) {
            assertTrue(complaint.contains(part), () -> this + ": '" + part + "' is not in: " + complaint);
        }
        return this;
    }

    private static String cut(String text) {
        return text.length() < 2000 ? text : text.substring(0, 2000) + "...";
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }
}
