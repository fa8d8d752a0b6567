package org.felucca.core.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.container.Composition;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Role;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.oci.digest.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A container as recorded. Immutable.
 *
 * @param key its identity
 * @param name the name people call it by
 * @param request what was asked for, with the image's labels under its own
 * @param imageName the normalised name of its image
 * @param imageId digest of the image's configuration
 * @param parent the image's root file system in the snapshotter; null for an image without layers
 * @param launch what its process starts with
 * @param composition who serves it
 * @param phase what is known of its process
 * @param created when it was made
 * @param started when it was last started; null if never, or not recorded
 * @param exit how its process last ended; null while it has not
 */
public record ContainerRecord(
        ContainerKey key,
        String name,
        ContainerRequest request,
        String imageName,
        Digest imageId,
        @Nullable SnapshotKey parent,
        Launch launch,
        Composition composition,
        Phase phase,
        Instant created,
        @Nullable Instant started,
        @Nullable TaskExit exit) {

    /** Returns the id of the snapshotter that holds its file system. */
    public String snapshotter() {
        return composition.id(Role.SNAPSHOTTER.name());
    }

    /** Returns the id of the backend that runs it. */
    public String runtime() {
        return composition.id(Role.RUNTIME.name());
    }

    /** Returns this container under another name. */
    public ContainerRecord renamed(String newName) {
        return new ContainerRecord(
                key,
                newName,
                request.toBuilder().name(newName).build(),
                imageName,
                imageId,
                parent,
                launch,
                composition,
                phase,
                created,
                started,
                exit);
    }

    /** Returns this container with other limits. */
    public ContainerRecord limited(org.felucca.api.runtime.ResourceLimits limits) {
        return new ContainerRecord(
                key,
                name,
                request.toBuilder().resources(limits).build(),
                imageName,
                imageId,
                parent,
                launch,
                composition,
                phase,
                created,
                started,
                exit);
    }

    /** Returns this container, started. */
    public ContainerRecord running(Instant at) {
        return with(Phase.RUNNING, at, null);
    }

    /** Returns this container, ended. */
    public ContainerRecord exited(TaskExit end) {
        return with(Phase.EXITED, started, end);
    }

    /** Returns this container as if it had never been started. */
    public ContainerRecord unstarted() {
        return with(Phase.CREATED, null, null);
    }

    private ContainerRecord with(Phase newPhase, @Nullable Instant newStarted, @Nullable TaskExit newExit) {
        return new ContainerRecord(
                key,
                name,
                request,
                imageName,
                imageId,
                parent,
                launch,
                composition,
                newPhase,
                created,
                newStarted,
                newExit);
    }

    /** Returns how its process last ended, if it did. */
    public Optional<TaskExit> lastExit() {
        return Optional.ofNullable(exit);
    }

    /** Returns the id of the image's record. */
    public RecordId image() {
        return new RecordId(RecordKind.IMAGE, key.namespace().value(), imageName);
    }

    /** Returns what it keeps alive: the image's name, its own snapshot, and the image's file system below. */
    public List<RecordId> references() {
        List<RecordId> references = new ArrayList<>(3);
        references.add(image());
        references.addAll(snapshots());
        return references;
    }

    /** Returns the ids of the snapshots it keeps alive. */
    public List<RecordId> snapshots() {
        List<RecordId> snapshots = new ArrayList<>(2);
        snapshots.add(
                new RecordId(RecordKind.SNAPSHOT, snapshotter(), key.snapshot().value()));
        if (parent != null) {
            snapshots.add(new RecordId(RecordKind.SNAPSHOT, snapshotter(), parent.value()));
        }
        return snapshots;
    }

    /** Returns it as a record of the store. */
    public MetadataRecord toMetadata(Instant now) {
        return new MetadataRecord(
                key.record(), Map.of("felucca.name", name), ContainerJson.write(this), references(), created, now);
    }
}
