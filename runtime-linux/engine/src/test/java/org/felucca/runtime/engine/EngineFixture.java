package org.felucca.runtime.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.felucca.runtime.engine.task.TaskThreads;
import org.felucca.runtime.monitor.HelperExec;
import org.felucca.runtime.testkit.RuntimeFixture;

/** The backend linux. */
final class EngineFixture extends RuntimeFixture<LinuxRuntime> {
    EngineFixture(Path directory) throws IOException {
        this(directory, TaskThreads.pool("tasks", 4));
    }

    /** One whose cgroups systemd makes. */
    static EngineFixture withSystemd(Path directory) throws IOException {
        ExecutorService executor = TaskThreads.pool("tasks", 4);
        return new EngineFixture(
                directory,
                executor,
                (spawn, loop, state, cgroupParent) -> new LinuxRuntime(
                        spawn,
                        loop,
                        executor,
                        new HelperExec(spawn),
                        state,
                        new CgroupChoice(true, cgroupParent, "system.slice")));
    }

    private EngineFixture(Path directory, ExecutorService executor, Opener<LinuxRuntime> opener) throws IOException {
        super(directory, "test", executor, opener, LinuxRuntime::close);
    }

    private EngineFixture(Path directory, ExecutorService executor) throws IOException {
        this(
                directory,
                executor,
                (spawn, loop, state, cgroupParent) ->
                        new LinuxRuntime(spawn, loop, executor, new HelperExec(spawn), state, cgroupParent));
    }
}
