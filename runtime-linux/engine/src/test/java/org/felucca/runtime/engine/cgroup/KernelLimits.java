package org.felucca.runtime.engine.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.runtime.engine.task.HostProbe;

/** Cgroups without a process, in the kernel's own hierarchies, and what it says of them. */
final class KernelLimits implements AutoCloseable {
    final String parent = "/felucca-limits-" + ProcessHandle.current().pid();
    final CgroupLayout layout = HostProbe.cgroups();
    final Cgroups cgroups = new Cgroups(layout, parent);
    private final List<TaskCgroup> made = new ArrayList<>();

    TaskCgroup make(String name, Resources resources) {
        TaskCgroup cgroup = cgroups.make(null, name, resources).cgroup();
        made.add(cgroup);
        return cgroup;
    }

    /** What the files hold that the kernel was to take, in lines of NAME = CONTENT. */
    Map<String, String> read(TaskCgroup cgroup, String... files) throws IOException {
        Map<String, String> result = new LinkedHashMap<>();
        for (String file : files) {
            for (CgroupDirectory directory : cgroup.directories()) {
                Path path = Path.of(directory.path(), file);
                if (Files.exists(path)) {
                    result.put(file, Files.readString(path).strip());
                }
            }
        }
        return result;
    }

    /** A disk, as the kernel numbers it: {@code MAJOR:MINOR}. */
    static long[] disk() throws IOException {
        try (DirectoryStream<Path> disks = Files.newDirectoryStream(Path.of("/sys/block"), "vd*")) {
            for (Path disk : disks) {
                String[] numbers = Files.readString(disk.resolve("dev")).strip().split(":");
                return new long[] {Long.parseLong(numbers[0]), Long.parseLong(numbers[1])};
            }
        }
        throw new AssertionError("this machine has no disk vd*");
    }

    @Override
    public void close() {
        made.forEach(TaskCgroup::remove);
        cgroups.close();
    }
}
