package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Running host commands to their end. Output goes through files, so that nothing blocks and nothing is lost. */
final class Commands {
    static final Duration DEADLINE = Duration.ofMinutes(3);

    private Commands() {}

    /** Runs with nothing on standard input. */
    static Finished run(String... command) {
        return run(Map.of(), Path.of("/dev/null"), DEADLINE, List.of(command));
    }

    /**
     * Runs; kills the command and fails if it does not end in time.
     *
     * @param environment added to this process's
     * @param input what it reads
     */
    static Finished run(Map<String, String> environment, Path input, Duration deadline, List<String> command) {
        try {
            Path output = Files.createTempFile("e2e", ".out");
            Path errors = Files.createTempFile("e2e", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(input.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(String.join(" ", command) + " did not end within " + deadline + "\n"
                            + Files.readString(errors));
                }
                String complaint = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
                return new Finished(command, process.exitValue(), Files.readAllBytes(output), complaint);
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits until something outside this process is so; fails after the deadline. */
    static void await(String what, Duration deadline, BooleanSupplier condition) {
        await(() -> what, deadline, condition);
    }

    /** As above, with what is waited for as it is when the wait is over. */
    static void await(Supplier<String> what, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "not within " + deadline + ": " + what.get());
            LockSupport.parkNanos(20_000_000);
        }
    }
}
