package org.felucca.runtime.ocicli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.felucca.runtime.engine.task.TaskThreads;
import org.felucca.runtime.monitor.HelperExec;
import org.felucca.runtime.monitor.MessageLoop;
import org.felucca.runtime.monitor.ProcessService;
import org.felucca.runtime.monitor.SpawnClient;
import org.felucca.runtime.testkit.RuntimeFixture;

/** A backend for one of the host's programs. */
final class OciCliFixture extends RuntimeFixture<OciCliRuntime> {
    OciCliFixture(Path directory, RuntimeSettings settings) throws IOException {
        this(directory, settings, TaskThreads.pool("test", 2));
    }

    private OciCliFixture(Path directory, RuntimeSettings settings, ExecutorService executor) throws IOException {
        super(
                directory,
                "ocicli",
                executor,
                (spawn, loop, state, cgroupParent) -> new OciCliRuntime(
                        settings, new Processes(spawn, loop), executor, new HelperExec(spawn), state, cgroupParent),
                OciCliRuntime::close);
    }

    private record Processes(SpawnClient spawn, MessageLoop loop) implements ProcessService {}

    static RuntimeSettings runc() {
        return settings("runc", "/usr/sbin/runc", List.of());
    }

    static RuntimeSettings crun() {
        return settings("crun", "/usr/bin/crun", List.of("/sys/fs/cgroup/unified"));
    }

    static RuntimeSettings settings(String id, String binary, List<String> hide) {
        return new RuntimeSettings(
                id,
                Path.of(binary),
                List.of(),
                List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
                hide,
                java.time.Duration.ofSeconds(WAIT_SECONDS));
    }
}
