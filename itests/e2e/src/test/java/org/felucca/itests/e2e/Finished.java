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

    /** Fails unless standard error is one line that has these parts. */
    Finished complains(String... parts) {
        assertEquals(1, errors.strip().lines().count(), () -> this + ": not one clear message but\n" + errors);
        for (String part : parts) {
            assertTrue(errors.contains(part), () -> this + ": '" + part + "' is not in: " + errors);
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
