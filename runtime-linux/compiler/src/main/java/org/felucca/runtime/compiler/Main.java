package org.felucca.runtime.compiler;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.runtime.engine.compiler.CompilerConnections;
import org.felucca.runtime.engine.compiler.PlanService;

/**
 * The compiler without a daemon. {@code felucca-oci} starts it with the bound socket as descriptor 0 and the options
 * {@code --socket PATH --lock PATH --idle SECONDS [--cgroup DIRECTORY]}; it leaves when nobody has asked for that long.
 */
public final class Main {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Main() {}

    /** Serves until it is idle. */
    public static void main(String[] args) throws IOException {
        Map<String, String> options = options(args);
        Channel inherited = System.inheritedChannel();
        if (!(inherited instanceof ServerSocketChannel listener)) {
            System.err.println("felucca-compiler: descriptor 0 is no listening socket; it is started by felucca-oci");
            System.exit(2);
            return;
        }
        CompilerServer server = new CompilerServer(
                listener,
                Path.of(required(options, "--socket")),
                Path.of(required(options, "--lock")),
                Duration.ofSeconds(Long.parseLong(options.getOrDefault("--idle", "60"))),
                new CompilerConnections(
                        new PlanService(), PATIENCE, problem -> System.err.println("felucca-compiler: " + problem)));
        // Whatever ends it, but for KILL: its cgroup goes with it.
        Optional.ofNullable(options.get("--cgroup"))
                .ifPresent(group -> Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(group), "leave")));
        server.serve();
        // A thread may still wait for a peer that asks nothing; the class archive is written at exit.
        System.exit(0);
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("option " + name + " is missing");
        }
        return value;
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        List<String> list = List.of(args);
        for (int i = 0; i + 1 < list.size(); i += 2) {
            options.put(list.get(i), list.get(i + 1));
        }
        return options;
    }

    /** Goes back to the root's cgroup, so that its own can be removed; other compilers may still be in it. */
    private static void leave(String directory) {
        Path own = Path.of(directory);
        try {
            Files.writeString(
                    own.resolveSibling("cgroup.procs"),
                    Long.toString(ProcessHandle.current().pid()));
            if (Files.readString(own.resolve("cgroup.procs")).isBlank()) {
                Files.delete(own);
            }
        } catch (IOException e) {
            System.err.println("felucca-compiler: cannot remove cgroup " + own + ": " + e.getMessage());
        }
    }
}
