package org.felucca.core.check;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.felucca.api.content.ContentStore;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageService;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.api.storage.CheckReport;
import org.felucca.api.storage.CheckRequest;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;
import org.felucca.api.storage.Finding.Part;
import org.felucca.core.record.ContainerKey;
import org.felucca.oci.platform.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks everything, from the records up. Thread-safe; one check runs at a time. */
public final class StorageCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StorageCheck.class);

    private final MetadataStore store;
    private final Providers providers;
    private final Supplier<ImageService> images;
    private final Clock clock;
    private final Semaphore running = new Semaphore(1);

    /** @param images returns the image service, or throws UNAVAILABLE */
    public StorageCheck(MetadataStore store, Providers providers, Supplier<ImageService> images, Clock clock) {
        this.store = store;
        this.providers = providers;
        this.images = images;
        this.clock = clock;
    }

    /** As {@link org.felucca.api.storage.StorageService#check}. */
    public CheckReport check(CheckRequest request, Consumer<? super Finding> progress) {
        return alone(new Scan(request.repair(), request.contents(), Instant.MIN, progress), true);
    }

    /** Reads what was changed since a moment, and takes out of use what is damaged; the log says what. */
    public CheckReport verifySince(Instant moment) {
        Scan scan = new Scan(true, true, moment, finding -> {
            String users = finding.users().isEmpty() ? "" : " (used by " + String.join(", ", finding.users()) + ")";
            LOG.warn(
                    "{} {} is damaged: {}{}: {}",
                    finding.part(),
                    finding.subject(),
                    finding.problem(),
                    users,
                    finding.outcome());
        });
        return alone(scan, false);
    }

    private CheckReport alone(Scan scan, boolean records) {
        try {
            running.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED,
                    "cannot check the storage",
                    "the caller gave up waiting for another check",
                    null,
                    e);
        }
        try {
            if (records) {
                scan.records(store.check(scan.repair(), scan::found));
            }
            run(scan);
            return scan.report();
        } finally {
            running.release();
        }
    }

    private void run(Scan scan) {
        Map<Provider<Snapshotter>, List<SnapshotInfo>> snapshots = new LinkedHashMap<>();
        Map<RecordId, RecordId> parents = new HashMap<>();
        for (Provider<Snapshotter> snapshotter : providers.live(Role.SNAPSHOTTER)) {
            List<SnapshotInfo> found = new ArrayList<>();
            snapshotter.use(contract -> contract.walk(found::add));
            snapshots.put(snapshotter, found);
            parents.putAll(LayerCheck.parents(snapshotter, found));
        }
        Users users = new Users(store, parents);
        for (Provider<ContentStore> content : providers.live(Role.CONTENT)) {
            BlobCheck check = new BlobCheck(content, users, scan);
            check.run();
            check.ingests(clock.instant());
        }
        images(users, scan);
        snapshots.forEach(
                (snapshotter, found) -> new LayerCheck(snapshotter, found, providers, users, this::mend, scan).run());
        containers(users, scan);
    }

    /** An image whose content has no record is kept alive by its name alone, so its content is not. */
    private void images(Users users, Scan scan) {
        for (MetadataRecord image : users.records(RecordKind.IMAGE)) {
            boolean known = image.references().stream()
                    .filter(reference -> reference.kind() == RecordKind.CONTENT)
                    .allMatch(reference -> store.get(reference).isPresent());
            if (!known && store.get(image.id()).isPresent()) {
                Outcome outcome = scan.fetched();
                if (scan.repair()) {
                    for (Provider<Snapshotter> snapshotter : providers.live(Role.SNAPSHOTTER)) {
                        if (mend(snapshotter.id(), image.id())) {
                            outcome = Outcome.REPAIRED;
                            break;
                        }
                    }
                }
                scan.found(
                        Finding.of(Part.IMAGE, image.id().key(), "there is no record of what belongs to it", outcome));
            }
        }
    }

    private void containers(Users users, Scan scan) {
        for (MetadataRecord container : users.records(RecordKind.CONTAINER)) {
            ContainerKey key = new ContainerKey(
                    new NamespaceName(container.id().scope()), container.id().key());
            for (RecordId reference : container.references()) {
                if (reference.kind() == RecordKind.SNAPSHOT
                        && isGone(reference)
                        && store.get(container.id()).isPresent()) {
                    boolean own = reference.key().equals(key.snapshot().value());
                    scan.found(Finding.of(
                            Part.CONTAINER,
                            users.containerName(container.id()),
                            (own ? "its file system is gone" : "the file system of its image is gone")
                                    + "; remove the container and make it again",
                            Outcome.LEFT));
                    break;
                }
            }
        }
    }

    /** Whether a live snapshotter does not have a snapshot. */
    private boolean isGone(RecordId snapshot) {
        Optional<Provider<Snapshotter>> provider = providers.find(Role.SNAPSHOTTER, snapshot.scope());
        if (provider.isEmpty()) {
            return false;
        }
        try {
            provider.get().call(contract -> contract.stat(SnapshotKey.of(snapshot.key())));
            return false;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return true;
            }
            throw e;
        }
    }

    /** Unpacks an image again from the blobs that are here. */
    private boolean mend(String snapshotter, RecordId id) {
        try {
            ImageService service = images.get();
            Optional<Image> image = service.find(new NamespaceName(id.scope()), id.key());
            if (image.isEmpty()) {
                return false;
            }
            service.unpack(service.resolve(image.get(), Platform.host()), snapshotter, update -> {});
            return true;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.CANCELLED)) {
                throw e;
            }
            LOG.info("image {} was not mended from what is here: {}", id.key(), e.getMessage());
            return false;
        }
    }

    /** Ends a check whose caller has gone. */
    static void requireRunning() {
        if (Thread.currentThread().isInterrupted()) {
            throw new FeluccaException(ErrorCode.CANCELLED, "cannot check the storage", "the caller gave up");
        }
    }
}
