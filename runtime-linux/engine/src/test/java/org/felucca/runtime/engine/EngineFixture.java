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

    private EngineFixture(Path directory, ExecutorService executor) throws IOException {
        super(
                directory,
                "test",
                executor,
                (spawn, loop, state, cgroupParent) ->
                        new LinuxRuntime(spawn, loop, executor, new HelperExec(spawn), state, cgroupParent),
                LinuxRuntime::close);
    }
}
