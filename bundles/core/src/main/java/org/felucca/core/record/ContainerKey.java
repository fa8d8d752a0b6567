package org.felucca.core.record;

import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.snapshot.SnapshotKey;

/**
 * The identity of a container in all the forms that providers want.
 *
 * @param namespace the tenant
 * @param id 64 lower-case hex digits
 */
public record ContainerKey(NamespaceName namespace, String id) {
    /** Returns the id of its record. */
    public RecordId record() {
        return new RecordId(RecordKind.CONTAINER, namespace.value(), id);
    }

    /** Returns the id of its task. */
    public TaskId task() {
        return new TaskId(namespace, id);
    }

    /** Returns the key of its writable snapshot. */
    public SnapshotKey snapshot() {
        return SnapshotKey.of(namespace.value() + "/" + id);
    }

    @Override
    public String toString() {
        return namespace + "/" + id;
    }
}
