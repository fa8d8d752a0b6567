package org.felucca.core.supervise;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Events;
import org.felucca.api.metadata.Durability;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Entry;
import org.felucca.core.record.Records;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches tasks. The end of a process is recorded first and its task deleted after, so that the status survives a crash
 * in between; a container that is removed at its end is removed before anybody is told. Thread-safe.
 */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Records records;
    private final Removal removal;
    private final Events events;
    private final Executor executor;
    private final Clock clock;
    private final Consumer<Entry> removed;

    /**
     * Uses these; ends are dealt with on the executor.
     *
     * @param removed told of containers that were removed at their end
     */
    public Supervisor(
            Records records, Removal removal, Events events, Executor executor, Clock clock, Consumer<Entry> removed) {
        this.records = records;
        this.removal = removal;
        this.events = events;
        this.executor = executor;
        this.clock = clock;
        this.removed = removed;
    }

    /** Takes charge of a task; the caller holds the entry's turn. */
    public void adopt(Entry entry, Task task) {
        entry.task(task);
        entry.note("");
        entry.expectEnd();
        task.onOutOfMemory(() -> outOfMemory(entry));
        task.exited().whenComplete((exit, failure) -> ended(entry, task, exit, failure));
    }

    private void outOfMemory(Entry entry) {
        ContainerRecord container = entry.record();
        events.publish(
                entry.key().namespace(),
                "container/oom",
                entry.key().id(),
                Map.of("name", container.name(), "image", container.imageName()));
    }

    private void ended(Entry entry, Task task, TaskExit exit, @Nullable Throwable failure) {
        if (failure instanceof CancellationException) {
            return; // the platform stops, or the backend left; whoever comes next recovers the task
        }
        TaskExit end = failure == null ? exit : unknown("its runtime failed: " + failure.getMessage());
        entry.turn().whenFree(executor, () -> {
            if (entry.task() == task && !entry.gone()) {
                ended(entry, end);
                if (entry.gone()) {
                    removed.accept(entry);
                }
            }
        });
    }

    /** Returns an end of which only the reason for not knowing it is known. */
    public TaskExit unknown(String reason) {
        return new TaskExit(new ExitStatus.Unknown(reason), clock.instant(), false);
    }

    /** Deals with the end of a container's process; the caller holds the entry's turn. */
    public void ended(Entry entry, TaskExit exit) {
        ContainerRecord container = entry.record();
        Map<String, String> attributes = new HashMap<>();
        attributes.put("name", container.name());
        attributes.put("image", container.imageName());
        attributes.put("exitCode", Integer.toString(exit.status().shellStatus()));
        if (exit.outOfMemory()) {
            attributes.put("outOfMemory", "true");
        }
        events.publish(entry.key().namespace(), "container/exit", entry.key().id(), attributes);
        entry.record(container.exited(exit));
        if (container.request().autoRemove() && removed(entry)) {
            entry.end(exit);
            return;
        }
        try {
            records.put(entry.record(), Durability.NORMAL);
            Task task = entry.task();
            if (task != null) {
                task.delete();
            }
        } catch (FeluccaException e) {
            LOG.warn("container {} ended, but {}", entry.key(), e.getMessage());
        }
        entry.task(null);
        entry.end(exit);
    }

    /** Removes a container that is to be removed at its end; {@code false} if that has to be tried again later. */
    public boolean removed(Entry entry) {
        try {
            removal.remove(entry, false);
            return true;
        } catch (FeluccaException e) {
            LOG.warn("container {} ended but could not be removed: {}", entry.key(), e.getMessage());
            entry.note("not removed: " + e.reason());
            return false;
        }
    }
}
