package org.felucca.runtime.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** What a monitor leaves on disk for whoever comes after. */
public final class TaskDirectory {
    /** Name of the monitor's socket. */
    public static final String SOCKET = "monitor.sock";

    private final Path path;

    /**
     * The identity of a task.
     *
     * @param id the container's id
     * @param bootId which start of the host it belongs to
     * @param monitor its monitor
     * @param process its first process
     */
    public record Task(String id, String bootId, ProcessRef monitor, ProcessRef process) {}

    /** @param path the directory */
    public TaskDirectory(Path path) {
        this.path = path;
    }

    /** Returns where it is. */
    public Path path() {
        return path;
    }

    /** Returns the monitor's socket. */
    public Path socket() {
        return path.resolve(SOCKET);
    }

    /**
     * Reads the file {@code task}; empty if the monitor did not come so far.
     *
     * @throws FeluccaException DATA_LOSS if it is malformed
     */
    public Optional<Task> task() {
        return read("task")
                .map(values -> new Task(
                        text(values, "task", "id"),
                        text(values, "task", "boot_id"),
                        new ProcessRef(
                                (int) number(values, "task", "monitor_pid"), number(values, "task", "monitor_start")),
                        new ProcessRef((int) number(values, "task", "pid"), number(values, "task", "start"))));
    }

    /**
     * Reads the file {@code exit}; empty if nobody saw an end.
     *
     * @throws FeluccaException DATA_LOSS if it is malformed
     */
    public Optional<ProcessEnd> end() {
        return read("exit").map(values -> {
            int kind = switch (text(values, "exit", "kind")) {
                case "exited" -> 0;
                case "signaled" -> 1;
                default -> 2;
            };
            return ProcessEnd.of(
                    kind,
                    (int) number(values, "exit", "value"),
                    number(values, "exit", "time"),
                    number(values, "exit", "oom") != 0,
                    values.getOrDefault("reason", ""));
        });
    }

    private Optional<Map<String, String>> read(String name) {
        Path file = path.resolve(name);
        try {
            Map<String, String> values = new HashMap<>();
            for (String line : Files.readString(file).split("\n")) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            return Optional.of(values);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL, "cannot read " + file, String.valueOf(e.getMessage()), null, e);
        }
    }

    private String text(Map<String, String> values, String name, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new FeluccaException(ErrorCode.DATA_LOSS, "cannot read " + path.resolve(name), "it has no " + key);
        }
        return value;
    }

    private long number(Map<String, String> values, String name, String key) {
        String value = text(values, name, key);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS, "cannot read " + path.resolve(name), key + " is '" + value + "'", null, e);
        }
    }
}
