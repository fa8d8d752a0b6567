package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command on a terminal, and the person who sits there. Confined to the test's thread. */
final class Terminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final OutputStream keys;
    private final Path screen;
    private final Path sizes;
    private int seen;

    /** Starts the client on a terminal of this size. */
    Terminal(Daemon daemon, int rows, int columns, String... arguments) {
        try {
            screen = Files.createTempFile(daemon.base(), "screen", "");
            sizes = daemon.base().resolve(screen.getFileName() + ".sizes");
            Commands.run("mkfifo", sizes.toString()).ok();
            List<String> command = new ArrayList<>(List.of(
                    "sh",
                    "-c",
                    "exec 3<>\"$0\"; exec \"$@\"",
                    sizes.toString(),
                    Programs.TERMINAL.toString(),
                    String.valueOf(rows),
                    String.valueOf(columns)));
            command.addAll(daemon.clientCommand(arguments));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(screen.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("FELUCCA_ADDRESS", daemon.address());
            builder.environment().put("TERM", "xterm");
            process = builder.start();
            keys = process.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types. */
    Terminal type(String text) {
        try {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the screen shows this after what was seen before. */
    Terminal see(String text) {
        Commands.await(() -> "the screen shows '" + text + "'; it shows:\n" + shown(), PATIENCE, () -> {
            int at = shown().indexOf(text, seen);
            if (at >= 0) {
                seen = at + text.length();
            }
            return at >= 0;
        });
        return this;
    }

    /** Returns everything shown so far. */
    String shown() {
        try {
            return Files.readString(screen, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the window another size. */
    Terminal resize(int rows, int columns) {
        try {
            Files.writeString(sizes, rows + " " + columns + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the command's end; returns its status. */
    int end() {
        try {
            assertTrue(
                    process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS),
                    () -> "the client does not end; the screen shows:\n" + shown());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
