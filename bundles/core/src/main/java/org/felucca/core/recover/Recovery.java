package org.felucca.core.recover;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.plugin.Provider;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskState;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Entry;
import org.felucca.core.record.Phase;
import org.felucca.core.record.Records;
import org.felucca.core.record.Table;
import org.felucca.core.supervise.Directories;
import org.felucca.core.supervise.Supervisor;
import org.felucca.core.supervise.Tasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings records and tasks together, backend by backend:
 *
 * <pre>
 *   record \ task     none                parked            runs       ended
 *   created           -                   discard           adopt      take its end
 *   running           end unknown         discard, created  adopt      take its end
 *   exited            -                   discard           discard    delete
 *   auto-removed      remove              remove            adopt      take its end (and so remove)
 *   (no record)       -                   discard           discard    delete
 * </pre>
 *
 * <p>Thread-safe; each container is dealt with in its turn.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Table table;
    private final Records records;
    private final Supervisor supervisor;
    private final Directories directories;
    private final Set<String> recovered = ConcurrentHashMap.newKeySet();

    /** Uses these. */
    public Recovery(Table table, Records records, Supervisor supervisor, Directories directories) {
        this.table = table;
        this.records = records;
        this.supervisor = supervisor;
        this.directories = directories;
    }

    /** Fills the table from the records, and removes files of containers that have none. */
    public void load() {
        List<ContainerRecord> all = records.load();
        for (ContainerRecord container : all) {
            table.reserve(container.key(), container.name());
            Entry entry = new Entry(container);
            entry.unrecovered(true);
            table.add(entry);
        }
        directories.removeOthers(key -> table.get(key) != null);
    }

    /** Returns the ids of backends that records refer to and that were not recovered yet. */
    public Set<String> outstanding() {
        Set<String> ids = new TreeSet<>();
        for (Entry entry : table.all()) {
            ContainerRecord container = entry.record();
            if (container.phase() == Phase.RUNNING || container.request().autoRemove()) {
                ids.add(container.runtime());
            }
        }
        ids.removeAll(recovered);
        return ids;
    }

    /** Recovers the containers of a backend that has become live; one that fails is logged and left as it is. */
    public void arrived(Provider<RuntimeBackend> backend) {
        Set<TaskId> traces;
        try {
            traces = new HashSet<>(backend.<List<TaskId>>call(RuntimeBackend::tasks));
        } catch (FeluccaException e) {
            LOG.error("containers of {} were not recovered: {}", backend, e.getMessage());
            return;
        }
        int found = 0;
        for (Entry entry : table.all()) {
            if (!entry.record().runtime().equals(backend.id())) {
                continue;
            }
            // Entries made by this daemon are in the hands of whoever makes them.
            boolean trace = traces.remove(entry.key().task());
            boolean wanted = trace || entry.runs() || entry.record().request().autoRemove();
            if (wanted && entry.unrecovered()) {
                recover(entry, backend);
                found += entry.task() == null ? 0 : 1;
            }
            entry.unrecovered(false);
        }
        traces.forEach(id -> discard(id, backend));
        if (found > 0) {
            LOG.info("recovered {} containers of {}", found, backend);
        }
        recovered.add(backend.id());
    }

    private void recover(Entry entry, Provider<RuntimeBackend> backend) {
        try {
            entry.turn().hold("cannot recover container " + entry.key(), () -> {
                if (!entry.gone() && entry.unrecovered()) {
                    Optional<Task> task =
                            backend.call(runtime -> runtime.recover(entry.key().task()));
                    meet(entry, task);
                }
            });
        } catch (FeluccaException e) {
            LOG.error("container {} was not recovered: {}", entry.key(), e.getMessage());
            entry.note("not recovered: " + e.reason());
        }
    }

    /** See the table above. */
    private void meet(Entry entry, Optional<Task> found) {
        ContainerRecord container = entry.record();
        boolean exited = container.phase() == Phase.EXITED;
        if (found.isEmpty() || exited) {
            found.ifPresent(Tasks::discard);
            if (container.request().autoRemove() || container.phase() == Phase.RUNNING) {
                supervisor.ended(
                        entry,
                        container.lastExit().orElseGet(() -> supervisor.unknown("no trace of its process was left")));
            }
            return;
        }
        Task task = found.get();
        TaskState state = task.state();
        if (state == TaskState.CREATED) {
            task.delete();
            if (container.request().autoRemove()) {
                supervisor.ended(entry, supervisor.unknown("it never started"));
            } else if (container.phase() == Phase.RUNNING) {
                entry.record(container.unstarted());
                records.put(entry.record(), Durability.NORMAL);
            }
            return;
        }
        if (container.phase() == Phase.CREATED) {
            entry.record(container.running(container.created()));
            if (!container.request().autoRemove()) {
                records.put(entry.record(), Durability.NORMAL);
            }
        }
        supervisor.adopt(entry, task);
    }

    /** Removes a task that no record knows. */
    private static void discard(TaskId id, Provider<RuntimeBackend> backend) {
        try {
            Optional<Task> task = backend.call(runtime -> runtime.recover(id));
            task.ifPresent(Tasks::discard);
            LOG.info("removed task {} of {}, which no record knows", id, backend);
        } catch (FeluccaException e) {
            LOG.warn("task {} of {} was not removed: {}", id, backend, e.getMessage());
        }
    }

    /** Marks the containers of a backend that has left. */
    public void departed(String backend) {
        for (Entry entry : table.all()) {
            if (entry.record().runtime().equals(backend) && entry.task() != null) {
                entry.turn().hold("cannot let go of container " + entry.key(), () -> {
                    entry.task(null);
                    entry.unrecovered(true);
                });
            }
        }
    }

    /** A snapshotter has become live: finishes removals that waited for it. */
    public void snapshotterArrived(String id) {
        for (Entry entry : table.all()) {
            ContainerRecord container = entry.record();
            if (container.snapshotter().equals(id)
                    && container.request().autoRemove()
                    && container.phase() == Phase.EXITED) {
                entry.turn().hold("cannot remove container " + entry.key(), () -> {
                    if (!entry.gone() && supervisor.removed(entry)) {
                        LOG.debug("removed container {}", entry.key());
                    }
                });
            }
        }
    }
}
