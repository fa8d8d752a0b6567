package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/**
 * {@code bin/felucca-daemon} with directories of its own, and its client. Confined to the test's thread; a
 * {@link Client} may be used by any.
 */
final class Daemon implements AutoCloseable {
    /** In the environment of everything the daemon starts on the host's side, so that it can be found. */
    static final String MARK = "FELUCCA_E2E";

    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Path home;
    private final Path base;
    private final Path log;
    private @Nullable Process process;

    private Daemon(Path home, Path base) {
        this.home = home;
        this.base = base;
        this.log = base.resolve("log");
    }

    /** Makes directories and starts; returns when it is ready. */
    static Daemon start() {
        try {
            return start(Files.createTempDirectory(Path.of("/var/tmp"), "felucca-e2e."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #start()} in a directory, which {@link #close} removes. */
    static Daemon start(Path base) {
        String home = System.getProperty("felucca.home", "");
        assertTrue(
                Files.isExecutable(Path.of(home, "bin", "felucca-daemon")),
                "no distribution in '" + home + "': build it with ./dev build, or set -Dfelucca.home");
        Daemon daemon = new Daemon(Path.of(home).toAbsolutePath().normalize(), base);
        daemon.configure();
        daemon.launch();
        return daemon;
    }

    /** The configuration as delivered, but for the name of its control groups, which are then no other daemon's. */
    private void configure() {
        Path etc = base.resolve("etc");
        Commands.run("cp", "-a", home.resolve("etc").toString(), etc.toString()).ok();
        try {
            Files.writeString(
                    etc.resolve("org.felucca.engine.cfg"),
                    "cgroupParent = /" + cgroupParent() + System.lineSeparator());
            for (String runtime : List.of("runc", "crun")) {
                Files.writeString(
                        etc.resolve("org.felucca.runtime.ocicli-" + runtime + ".cfg"),
                        "cgroupParent = /" + cgroupParent() + System.lineSeparator(),
                        StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the name of the control group that holds its containers', in each hierarchy. */
    String cgroupParent() {
        return base.getFileName().toString();
    }

    /** Starts the daemon again on the same directories; returns when it is ready. */
    void launch() {
        try {
            ProcessBuilder builder = new ProcessBuilder(command())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectErrorStream(true);
            builder.environment().put(MARK, base.toString());
            // What is logged in to is the test's own.
            builder.environment().put("DOCKER_CONFIG", base.resolve("docker").toString());
            Process started = builder.start();
            process = started;
            Commands.await("the daemon is ready\n" + home, READY, () -> {
                if (!started.isAlive()) {
                    throw new AssertionError("the daemon ended with " + started.exitValue() + ":\n" + log());
                }
                return Files.exists(base.resolve("felucca.sock"))
                        && felucca("ps", "--quiet").status() == 0;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the daemon's command line. */
    List<String> command() {
        return List.of(
                home.resolve("bin").resolve("felucca-daemon").toString(),
                "--root",
                root().toString(),
                "--state",
                state().toString(),
                "--config",
                base.resolve("etc").toString(),
                "--address",
                address());
    }

    Path home() {
        return home;
    }

    Path base() {
        return base;
    }

    Path root() {
        return base.resolve("root");
    }

    Path state() {
        return base.resolve("state");
    }

    String address() {
        return "unix://" + base.resolve("felucca.sock");
    }

    /** Returns what it printed so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the client to its end, with nothing on standard input. */
    Finished felucca(String... arguments) {
        return client().run(arguments);
    }

    /** Returns a client to give input or environment to. */
    Client client() {
        return new Client(Path.of("/dev/null"), Map.of());
    }

    /** Runs the client with {@code --format json} and returns the one document it prints. */
    JsonCursor json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("--format", "json"));
        Finished run = felucca(all.toArray(String[]::new)).ok();
        return JsonCursor.of(run.toString(), Json.parse(run.toString(), run.output()));
    }

    /** Returns the client's command line. */
    List<String> clientCommand(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin").resolve("felucca").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns the process id of supervise, which is the process that was started. */
    long supervise() {
        return running().pid();
    }

    /** Returns the process id of the JVM. */
    long jvm() {
        return ProcessHandle.of(supervise())
                .orElseThrow()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("supervise has no JVM:\n" + log()))
                .pid();
    }

    /** Sends SIGKILL and waits until the process is gone. */
    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(victim -> {
            victim.destroyForcibly();
            victim.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        });
    }

    /** Waits for the process that was started to end by itself. */
    int awaitEnd() {
        Process ending = running();
        try {
            assertTrue(ending.waitFor(STOP.toSeconds(), TimeUnit.SECONDS), () -> "the daemon does not end:\n" + log());
            process = null;
            return ending.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Stops it by SIGTERM; fails unless it ends cleanly. Containers stay. */
    void stop() {
        running().toHandle().destroy();
        assertEquals(0, awaitEnd(), () -> "the daemon did not stop cleanly:\n" + log());
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new AssertionError("the daemon is not running");
        }
        return running;
    }

    /** Removes all containers, stops, and removes the directories; a daemon that was killed is started for that. */
    @Override
    public void close() {
        Process last = process;
        if (last == null || !last.isAlive()) {
            launch();
        }
        removeContainers();
        stop();
        Commands.run("rm", "-rf", "--one-file-system", base.toString()).ok();
    }

    /** Removes all containers, running or not. */
    void removeContainers() {
        String[] ids = felucca("ps", "--all", "--quiet").ok().lines().toArray(String[]::new);
        if (ids.length > 0) {
            List<String> command = new ArrayList<>(List.of("rm", "--force"));
            command.addAll(List.of(ids));
            felucca(command.toArray(String[]::new)).ok();
        }
    }

    /** A way to call the client. Immutable. */
    final class Client {
        private final Path input;
        private final Map<String, String> environment;

        private Client(Path input, Map<String, String> environment) {
            this.input = input;
            this.environment = environment;
        }

        /** Reads this file. */
        Client input(Path file) {
            return new Client(file, environment);
        }

        /** Reads this text. */
        Client input(String text) {
            try {
                Path file = Files.createTempFile(base, "input", "");
                return input(Files.write(file, text.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Has a variable. */
        Client environment(String name, String value) {
            Map<String, String> more = new HashMap<>(environment);
            more.put(name, value);
            return new Client(input, more);
        }

        /** Runs to the end. */
        Finished run(String... arguments) {
            return Commands.run(all(), input, Commands.DEADLINE, clientCommand(arguments));
        }

        /** Runs a shell line that calls {@code felucca}. */
        Finished shell(String line) {
            Map<String, String> variables = all();
            variables.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
            return Commands.run(variables, input, Commands.DEADLINE, List.of("bash", "-o", "pipefail", "-c", line));
        }

        /** Starts and leaves it running; output goes to files below the daemon's directory. */
        Process start(String... arguments) {
            try {
                ProcessBuilder builder = new ProcessBuilder(clientCommand(arguments))
                        .redirectInput(input.toFile())
                        .redirectOutput(
                                Files.createTempFile(base, "client", ".out").toFile())
                        .redirectError(
                                Files.createTempFile(base, "client", ".err").toFile());
                builder.environment().putAll(all());
                return builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Map<String, String> all() {
            Map<String, String> all = new HashMap<>(environment);
            all.put("FELUCCA_ADDRESS", address());
            return all;
        }
    }
}
