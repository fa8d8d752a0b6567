package org.example.felucca;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.process.HostExec;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.SnapshotUsage;
import org.felucca.api.snapshot.Snapshotter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The snapshotter {@code plain}; see {@link PlainStore}. */
@Component(
        service = {Snapshotter.class, PlainSnapshotter.class},
        property = "service.ranking:Integer=-100")
@PluginId(PlainStore.ID)
public final class PlainSnapshotter implements Snapshotter {
    private final PlainStore store;
    private volatile boolean closed;

    /** Called by DS. */
    @Activate
    public PlainSnapshotter(BundleContext context, @Reference MetadataStore records, @Reference HostExec exec) {
        this(new PlainStore(
                Path.of(context.getProperty("felucca.root")).resolve("snapshotters/plain"),
                records,
                new HostTools(exec),
                Clock.systemUTC()));
    }

    PlainSnapshotter(PlainStore store) {
        this.store = store;
    }

    /** Called by DS when the plugin goes; later calls are refused. */
    @Deactivate
    public void close() {
        closed = true;
    }

    private PlainStore store(Object subject) {
        if (closed) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    "cannot serve snapshot " + subject,
                    "snapshotter " + PlainStore.ID + " is shutting down");
        }
        return store;
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        return Set.of();
    }

    @Override
    public List<SnapshotMount> prepare(SnapshotRequest request) {
        return store(request.key()).make(request, SnapshotKind.ACTIVE);
    }

    @Override
    public List<SnapshotMount> view(SnapshotRequest request) {
        if (request.parent().isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "cannot make view " + request.key(), "a view needs a parent");
        }
        return store(request.key()).make(request, SnapshotKind.VIEW);
    }

    @Override
    public void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels) {
        store(name).commit(name, active, labels);
    }

    @Override
    public List<SnapshotMount> mounts(SnapshotKey key) {
        return store(key).mounts(key);
    }

    @Override
    public SnapshotInfo stat(SnapshotKey key) {
        return store(key).stat(key);
    }

    @Override
    public SnapshotUsage usage(SnapshotKey key) {
        return store(key).usage(key);
    }

    @Override
    public void walk(Consumer<? super SnapshotInfo> visitor) {
        store("listing").walk(visitor);
    }

    @Override
    public void remove(SnapshotKey key) {
        store(key).remove(key);
    }

    @Override
    public void cleanup() {
        store("cleanup").cleanup();
    }
}
