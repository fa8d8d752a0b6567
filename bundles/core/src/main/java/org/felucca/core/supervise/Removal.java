package org.felucca.core.supervise;

import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Events;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.runtime.Task;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Entry;
import org.felucca.core.record.Records;
import org.felucca.core.record.Table;

/**
 * Takes a container away: task, snapshot, directory, and at last its record, so that a crash in between leaves a record
 * from which the removal is finished. Each part may be gone already. Thread-safe; the caller holds the entry's turn.
 */
public final class Removal {
    private final Providers providers;
    private final Records records;
    private final Table table;
    private final Directories directories;
    private final Events events;

    /** Uses these. */
    public Removal(Providers providers, Records records, Table table, Directories directories, Events events) {
        this.providers = providers;
        this.records = records;
        this.table = table;
        this.directories = directories;
        this.events = events;
    }

    /**
     * Removes a container whose process has ended.
     *
     * @param force whether to go on if its snapshotter is not live; its snapshot is then garbage, and collected when
     *     the snapshotter is back
     * @throws FeluccaException what a provider throws; the container is then still recorded, and the removal can be
     *     tried again
     */
    public void remove(Entry entry, boolean force) {
        ContainerRecord container = entry.record();
        entry.removing(true);
        try {
            Task task = entry.task();
            if (task != null) {
                task.delete();
                entry.task(null);
            }
            removeSnapshot(container, force);
            directories.remove(entry.key());
            records.remove(entry.key());
        } catch (RuntimeException e) {
            entry.removing(false);
            throw e;
        }
        table.remove(entry);
        events.publish(
                entry.key().namespace(),
                "container/remove",
                entry.key().id(),
                Map.of("name", container.name(), "image", container.imageName()));
    }

    /** Removes the writable snapshot of a container, if it is there. */
    public void removeSnapshot(ContainerRecord container) {
        removeSnapshot(container, false);
    }

    private void removeSnapshot(ContainerRecord container, boolean force) {
        try {
            providers
                    .require(Role.SNAPSHOTTER, container.snapshotter())
                    .use(snapshotter -> snapshotter.remove(container.key().snapshot()));
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.NOT_FOUND) && !(force && e.is(ErrorCode.UNAVAILABLE))) {
                throw e;
            }
        }
    }
}
