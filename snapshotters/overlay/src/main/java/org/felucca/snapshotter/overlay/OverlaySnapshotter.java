package org.felucca.snapshotter.overlay;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotFiles;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.SnapshotUsage;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.snapshotter.ledger.DirectorySnapshotter;
import org.felucca.snapshotter.ledger.Ledger;
import org.felucca.snapshotter.ledger.Storage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The snapshotter {@code overlay}. */
@Component(
        service = Snapshotter.class,
        property = "service.ranking:Integer=100",
        configurationPid = OverlaySnapshotter.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@SatisfyingConditionTarget("(osgi.condition.id=felucca.host.linux)")
@PluginId("overlay")
@Designate(ocd = OverlaySnapshotter.Settings.class)
public final class OverlaySnapshotter implements Snapshotter {

    /** Name of the configuration, and of the snapshots' scope in the records. */
    public static final String PID = "org.felucca.snapshotter.overlay";

    private static final String ID = "overlay";

    private final DirectorySnapshotter snapshotter;

    /** What the configuration holds. */
    @ObjectClassDefinition(
            name = "Felucca snapshotter overlay",
            description = "One directory per layer, mounted together.")
    public @interface Settings {

        /** Absolute path of the directory that holds the snapshots. */
        @AttributeDefinition(description = "Absolute path of the directory that holds the snapshots.")
        String root();
    }

    /** Opens the directory. */
    @Activate
    public OverlaySnapshotter(Settings settings, @Reference MetadataStore records) {
        this(Path.of(settings.root()), records, Clock.systemUTC());
    }

    OverlaySnapshotter(Path root, MetadataStore records, Clock clock) {
        Storage storage = new Storage(root, "felucca-" + ID);
        try {
            this.snapshotter = new DirectorySnapshotter(
                    new Ledger(ID, records, clock),
                    storage,
                    new OverlayForm(
                            MountPoints.in(storage.directory(), root), OverlayForm.nothing(storage.directory(), root)));
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** Joins the removing thread. */
    @Deactivate
    public void close() {
        snapshotter.close();
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        return snapshotter.capabilities();
    }

    @Override
    public List<SnapshotMount> prepare(SnapshotRequest request) {
        return snapshotter.prepare(request);
    }

    @Override
    public List<SnapshotMount> view(SnapshotRequest request) {
        return snapshotter.view(request);
    }

    @Override
    public void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels) {
        snapshotter.commit(name, active, labels);
    }

    @Override
    public void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels, SnapshotKey parent) {
        snapshotter.commit(name, active, labels, parent);
    }

    @Override
    public void seal(Collection<SnapshotKey> names) {
        snapshotter.seal(names);
    }

    @Override
    public SnapshotInfo relabel(SnapshotKey key, Map<String, String> labels) {
        return snapshotter.relabel(key, labels);
    }

    @Override
    public void replace(SnapshotKey damaged, SnapshotKey active) {
        snapshotter.replace(damaged, active);
    }

    @Override
    public Optional<SnapshotFiles> files(SnapshotKey key) {
        return snapshotter.files(key);
    }

    @Override
    public List<SnapshotMount> mounts(SnapshotKey key) {
        return snapshotter.mounts(key);
    }

    @Override
    public SnapshotInfo stat(SnapshotKey key) {
        return snapshotter.stat(key);
    }

    @Override
    public SnapshotUsage usage(SnapshotKey key) {
        return snapshotter.usage(key);
    }

    @Override
    public void walk(Consumer<? super SnapshotInfo> visitor) {
        snapshotter.walk(visitor);
    }

    @Override
    public void remove(SnapshotKey key) {
        snapshotter.remove(key);
    }

    @Override
    public void cleanup() {
        snapshotter.cleanup();
    }
}
