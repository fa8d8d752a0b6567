package org.felucca.shell.verb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * A line that somebody is asked for at a terminal.
 *
 * @param prompt what is shown before
 * @param secret whether the answer stays unseen
 */
record Question(Caller caller, String prompt, boolean secret) {
    private static final int LONGEST = 64 << 10;

    /** Asks, and waits for the answer; see {@link org.felucca.api.command.Invocation#ask}. */
    String ask() {
        if (!caller.stdinTerminal()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject(),
                    "standard input is no terminal",
                    "say it on the command line or pipe it in");
        }
        try {
            if (secret) {
                // Before the prompt: whoever answers it must not see the first letters.
                caller.echo(false);
            }
            show(prompt);
            return line(caller.stdin());
        } catch (InterruptedIOException e) {
            throw new FeluccaException(ErrorCode.CANCELLED, subject(), "interrupted", null, e);
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, subject(), "the terminal cannot be used: " + e.getMessage(), null, e);
        } finally {
            if (secret) {
                caller.echo(true);
            }
        }
    }

    private String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION, subject(), "standard input ended before there was an answer");
            }
            line.write(next);
            if (line.size() > LONGEST) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT, subject(), "the answer has more than " + LONGEST + " bytes");
            }
        }
        if (secret) {
            // The line end that was typed was not shown either.
            show("\n");
        }
        String answer = line.toString(StandardCharsets.UTF_8);
        return answer.endsWith("\r") ? answer.substring(0, answer.length() - 1) : answer;
    }

    private void show(String text) throws IOException {
        caller.stderr().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String subject() {
        return "cannot ask for " + prompt.strip().replaceAll(":$", "");
    }
}
