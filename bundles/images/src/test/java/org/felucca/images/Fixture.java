package org.felucca.images;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.event.Event;
import org.felucca.api.event.Events;
import org.felucca.api.image.Progress;
import org.felucca.api.lease.Lease;
import org.felucca.api.lease.Leases;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.content.ContentComponent;
import org.felucca.oci.digest.Digest;

/** The service with a real content store and fakes around it. */
final class Fixture implements AutoCloseable {
    final FakeSource source;
    final FakeMetadata metadata;
    final FakeSnapshotter snapshotter;
    final FakeSnapshotter second;
    final FakeApplier applier = new FakeApplier();
    final ContentStore content;
    final List<String> published = Collections.synchronizedList(new ArrayList<>());
    final List<Progress.Update> progress = Collections.synchronizedList(new ArrayList<>());
    final Set<RecordId> leased = Collections.synchronizedSet(new HashSet<>());
    final FakeProviders providers;
    final Images images;
    private int openLeases;

    /** Nothing comes in parts. */
    static final PartSettings WHOLE = new PartSettings(1 << 20, 1 << 20, 1);

    Fixture(Path root) {
        this(root, WHOLE);
    }

    Fixture(Path root, PartSettings parts) {
        this(root, parts, new FakeSource(), new FakeMetadata(), new FakeSnapshotter(root.resolve("snapshots")));
    }

    /** A daemon that starts on what another one left. */
    Fixture(Path root, Fixture before) {
        this(root, WHOLE, before.source, before.metadata, before.snapshotter);
    }

    private Fixture(
            Path root, PartSettings parts, FakeSource source, FakeMetadata metadata, FakeSnapshotter snapshotter) {
        this.source = source;
        this.metadata = metadata;
        this.snapshotter = snapshotter;
        second = new FakeSnapshotter(root.resolve("second"));
        content = new ContentComponent(settings(root.resolve("content")));
        providers = new FakeProviders()
                .with(Role.CONTENT, "file", content)
                .with(Role.SNAPSHOTTER, "first", snapshotter)
                .with(Role.SNAPSHOTTER, "second", second)
                .with(Role.DIFF, "tar", applier)
                .with(Role.IMAGE_SOURCE, "fake", source);
        images = new Images(
                providers,
                metadata,
                leases(),
                events(),
                new ImagesSettings(3, 3, parts, DiffLimits.DEFAULT),
                Clock.systemUTC());
    }

    void serve(String tag, TestImage image) {
        source.blobs.putAll(image.blobs);
        source.tags.put(tag, image.manifest);
    }

    List<Digest> blobs() {
        List<Digest> found = new ArrayList<>();
        content.walk(info -> found.add(info.digest()));
        return found;
    }

    List<IngestInfo> ingests() {
        List<IngestInfo> found = new ArrayList<>();
        content.walkIngests(found::add);
        return found;
    }

    List<String> committed() {
        return snapshotter.all().stream()
                .filter(info -> info.kind() == SnapshotKind.COMMITTED)
                .map(info -> info.key().value())
                .toList();
    }

    List<SnapshotInfo> active() {
        return snapshotter.all().stream()
                .filter(info -> info.kind() == SnapshotKind.ACTIVE)
                .toList();
    }

    synchronized int openLeases() {
        return openLeases;
    }

    private synchronized void count(int change) {
        openLeases += change;
    }

    private Leases leases() {
        return (purpose, ttl) -> {
            count(1);
            return new CountedLease(purpose, ttl);
        };
    }

    private final class CountedLease implements Lease {
        private final String id;

        CountedLease(String purpose, Duration ttl) {
            this.id = purpose + " for " + ttl;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public void add(RecordId resource) {
            leased.add(resource);
        }

        @Override
        public void close() {
            count(-1);
        }
    }

    private Events events() {
        return new Events() {
            @Override
            public void publish(NamespaceName namespace, String topic, String subject, Map<String, String> attributes) {
                published.add(namespace + " " + topic + " " + subject);
            }

            @Override
            public Subscription subscribe(
                    Predicate<? super Event> filter, int replay, Consumer<? super Event> listener, Runnable overrun) {
                throw new UnsupportedOperationException("the image service only publishes");
            }
        };
    }

    private static ContentComponent.Settings settings(Path root) {
        return new ContentComponent.Settings() {
            @Override
            public String root() {
                return root.toString();
            }

            @Override
            public Class<ContentComponent.Settings> annotationType() {
                return ContentComponent.Settings.class;
            }
        };
    }

    @Override
    public void close() {
        images.close();
    }
}
