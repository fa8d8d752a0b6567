package org.felucca.runtime.engine.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.runtime.Pressure;

/**
 * What the processes of a task use. Where the task has no cgroup of a controller (it was not limited), the processes
 * themselves are asked: proportional set sizes for memory, threads for pids.
 *
 * @param cpuNanos processor time
 * @param memoryBytes memory
 * @param memoryLimit its limit, if there is one
 * @param pids processes and threads
 * @param pressure of the resources that the kernel tells of
 */
public record CgroupUsage(
        long cpuNanos,
        long memoryBytes,
        OptionalLong memoryLimit,
        long pids,
        Map<Pressure.Resource, Pressure> pressure) {
    private static final long NANOS_PER_MICRO = 1000;
    /** Version 1 says "no limit" as the largest multiple of a page. */
    private static final long UNLIMITED = 1L << 60;

    private static final long CLOCK_TICK_NANOS = 10_000_000;
    private static final int UTIME = 14;
    private static final int THREADS = 20;

    static CgroupUsage read(TaskCgroup cgroup) {
        List<Integer> processes = cgroup.processes();
        return new CgroupUsage(
                cpu(cgroup, processes),
                memory(cgroup, processes),
                limit(cgroup),
                pids(cgroup, processes),
                pressure(cgroup));
    }

    /** Version 2 measures it, with or without controllers. */
    private static Map<Pressure.Resource, Pressure> pressure(TaskCgroup cgroup) {
        Map<Pressure.Resource, Pressure> result = new EnumMap<>(Pressure.Resource.class);
        cgroup.unified().ifPresent(directory -> {
            for (Pressure.Resource resource : Pressure.Resource.values()) {
                String file = resource.name().toLowerCase(Locale.ROOT) + ".pressure";
                CgroupFiles.read(directory.path(), file)
                        .flatMap(CgroupUsage::pressure)
                        .ifPresent(pressure -> result.put(resource, pressure));
            }
        });
        return result;
    }

    static Optional<Pressure> pressure(String text) {
        return share(text, "some ").map(some -> new Pressure(some, share(text, "full ")));
    }

    /** {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=0}, the total in microseconds. */
    private static Optional<Pressure.Share> share(String text, String kind) {
        return text.lines().filter(line -> line.startsWith(kind)).findFirst().map(line -> {
            String[] fields = line.split(" ");
            return new Pressure.Share(
                    Double.parseDouble(after(fields[1])),
                    Double.parseDouble(after(fields[2])),
                    Double.parseDouble(after(fields[3])),
                    Duration.ofNanos(Long.parseLong(after(fields[4])) * NANOS_PER_MICRO));
        });
    }

    private static String after(String field) {
        return field.substring(field.indexOf('=') + 1);
    }

    private static long cpu(TaskCgroup cgroup, List<Integer> processes) {
        Optional<Long> unified = cgroup.unified()
                .flatMap(directory -> CgroupFiles.read(directory.path(), "cpu.stat"))
                .flatMap(text -> value(text, "usage_usec "))
                .map(micros -> micros * NANOS_PER_MICRO);
        return unified.or(() -> number(cgroup, "cpuacct", "cpuacct.usage"))
                .orElseGet(() -> processes.stream()
                        .mapToLong(pid -> (stat(pid, UTIME) + stat(pid, UTIME + 1)) * CLOCK_TICK_NANOS)
                        .sum());
    }

    private static long memory(TaskCgroup cgroup, List<Integer> processes) {
        return number(cgroup, "memory", "memory.current")
                .or(() -> number(cgroup, "memory", "memory.usage_in_bytes"))
                .orElseGet(() -> processes.stream()
                        .mapToLong(CgroupUsage::proportionalSize)
                        .sum());
    }

    private static OptionalLong limit(TaskCgroup cgroup) {
        return number(cgroup, "memory", "memory.max")
                .or(() -> number(cgroup, "memory", "memory.limit_in_bytes"))
                .filter(limit -> limit < UNLIMITED)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    private static long pids(TaskCgroup cgroup, List<Integer> processes) {
        return number(cgroup, "pids", "pids.current")
                .orElseGet(() ->
                        processes.stream().mapToLong(pid -> stat(pid, THREADS)).sum());
    }

    private static Optional<Long> number(TaskCgroup cgroup, String controller, String file) {
        return cgroup.directoryOf(controller)
                .flatMap(directory -> CgroupFiles.read(directory.path(), file))
                .filter(text -> !text.isEmpty() && !text.equals("max"))
                .map(Long::parseUnsignedLong);
    }

    private static Optional<Long> value(String text, String key) {
        for (String line : text.split("\n")) {
            if (line.startsWith(key)) {
                return Optional.of(Long.parseLong(line.substring(key.length()).strip()));
            }
        }
        return Optional.empty();
    }

    /** A process that ended meanwhile uses nothing. */
    private static long stat(int pid, int field) {
        return procFile(pid, "stat")
                .map(text -> text.substring(text.lastIndexOf(')') + 2).split(" "))
                .map(fields -> Long.parseLong(fields[field - 3]))
                .orElse(0L);
    }

    private static long proportionalSize(int pid) {
        return procFile(pid, "smaps_rollup")
                .flatMap(text -> value(text.replace(" kB", ""), "Pss:"))
                .map(kilobytes -> kilobytes * 1024)
                .orElse(0L);
    }

    private static Optional<String> procFile(int pid, String name) {
        try {
            return Optional.of(Files.readString(Path.of("/proc", Integer.toString(pid), name)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
