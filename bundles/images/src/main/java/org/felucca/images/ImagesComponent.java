package org.felucca.images;

import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.diff.PathChange;
import org.felucca.api.event.Events;
import org.felucca.api.image.CopyRequest;
import org.felucca.api.image.ExportRequest;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageCommit;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImageService;
import org.felucca.api.image.ImportRequest;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PullRequest;
import org.felucca.api.image.PushRequest;
import org.felucca.api.image.SnapshotSource;
import org.felucca.api.lease.Leases;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.plugin.Providers;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The image service as a component. */
@Component(configurationPid = ImagesComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ImagesComponent.Settings.class)
public final class ImagesComponent implements ImageService {
    /** Name of the configuration. */
    public static final String PID = "org.felucca.images";

    private final Images images;

    /** What the configuration holds. */
    @ObjectClassDefinition(name = "Felucca images", description = "Pulling and unpacking of images.")
    public @interface Settings {
        /** Blobs downloaded at a time, over all pulls. */
        @AttributeDefinition(description = "Blobs downloaded at a time, over all pulls.")
        int parallelDownloads() default 4;

        /** Layers of an image unpacked at a time. */
        @AttributeDefinition(description = "Layers of an image unpacked at a time.")
        int parallelLayers() default 4;

        /** Blobs from this size on are fetched in parts, in bytes. */
        @AttributeDefinition(description = "Blobs from this size on are fetched in parts, in bytes.")
        long partThreshold() default 64L << 20;

        /** Size of a part, in bytes. */
        @AttributeDefinition(description = "Size of a part, in bytes.")
        long partSize() default 8L << 20;

        /** Most parts of one blob at a time. */
        @AttributeDefinition(description = "Most parts of one blob at a time; 1: blobs are fetched as a whole.")
        int parallelParts() default 3;

        /** Largest uncompressed layer, in bytes. */
        @AttributeDefinition(description = "Largest uncompressed layer, in bytes.")
        long maxLayerBytes() default 64L << 30;

        /** Most entries of a layer. */
        @AttributeDefinition(description = "Most entries of a layer.")
        long maxLayerEntries() default 10_000_000;
    }

    /** Makes the service. */
    @Activate
    public ImagesComponent(
            Settings settings,
            @Reference Providers providers,
            @Reference MetadataStore metadata,
            @Reference Leases leases,
            @Reference Events events) {
        this.images = new Images(
                providers,
                metadata,
                leases,
                events,
                new ImagesSettings(
                        settings.parallelDownloads(),
                        settings.parallelLayers(),
                        new PartSettings(settings.partThreshold(), settings.partSize(), settings.parallelParts()),
                        new DiffLimits(settings.maxLayerBytes(), settings.maxLayerEntries())),
                Clock.systemUTC());
    }

    /** Stops downloads and joins their threads. */
    @Deactivate
    public void deactivate() {
        images.close();
    }

    @Override
    public ImageDetail pull(PullRequest request, Progress progress) {
        return images.pull(request, progress);
    }

    @Override
    public List<ImageDetail> load(ImportRequest request, Progress progress) {
        return images.load(request, progress);
    }

    @Override
    public Descriptor push(PushRequest request, Progress progress) {
        return images.push(request, progress);
    }

    @Override
    public Descriptor copy(CopyRequest request, Progress progress) {
        return images.copy(request, progress);
    }

    @Override
    public void export(ExportRequest request, OutputStream out) {
        images.export(request, out);
    }

    @Override
    public void export(ExportRequest request, Path directory) {
        images.export(request, directory);
    }

    @Override
    public ImageDetail commit(ImageCommit commit, Progress progress) {
        return images.commit(commit, progress);
    }

    @Override
    public void compare(SnapshotSource snapshot, Consumer<? super PathChange> visitor) {
        images.compare(snapshot, visitor);
    }

    @Override
    public void writeTree(SnapshotSource snapshot, OutputStream tar) {
        images.writeTree(snapshot, tar);
    }

    @Override
    public Optional<Image> find(NamespaceName namespace, String nameOrId) {
        return images.find(namespace, nameOrId);
    }

    @Override
    public ImageDetail resolve(Image image, Platform platform) {
        return images.resolve(image, platform);
    }

    @Override
    public void unpack(ImageDetail image, String snapshotter, Progress progress) {
        images.unpack(image, snapshotter, progress);
    }

    @Override
    public List<Image> list(NamespaceName namespace) {
        return images.list(namespace);
    }

    @Override
    public Image tag(Image image, ImageReference name) {
        return images.tag(image, name);
    }

    @Override
    public void remove(NamespaceName namespace, ImageReference name) {
        images.remove(namespace, name);
    }

    @Override
    public byte[] document(Descriptor descriptor) {
        return images.document(descriptor);
    }
}
