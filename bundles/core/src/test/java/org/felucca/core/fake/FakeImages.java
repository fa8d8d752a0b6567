package org.felucca.core.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
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
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;

/** Images by name; what is pulled is there, with one layer. */
public final class FakeImages implements ImageService {
    /** The chain id of the only layer of every image. */
    public static final Digest LAYER = Digest.of(new byte[] {1});

    private final Map<String, ContainerDefaults> images = new LinkedHashMap<>();
    private final List<String> here = new ArrayList<>();
    private Platform only = Platform.host();
    private final Faults faults;
    private final List<ImageCommit> commits = new ArrayList<>();

    /** Called by each commit; may throw. */
    public volatile Runnable onCommit = () -> {};

    /** Makes a service without images. */
    public FakeImages(Faults faults) {
        this.faults = faults;
    }

    /** Puts an image here. */
    public synchronized void put(String name, ContainerDefaults defaults) {
        offer(name, defaults);
        here.add(ImageReference.parse(name).toString());
    }

    /** Puts an image where it can be pulled from. */
    public synchronized void offer(String name, ContainerDefaults defaults) {
        images.put(ImageReference.parse(name).toString(), defaults);
    }

    /** Makes all images ones for a single platform. */
    public synchronized void only(Platform platform) {
        only = platform;
    }

    /** Returns the names of the images that are here. */
    public synchronized List<String> here() {
        return List.copyOf(here);
    }

    private static Image image(NamespaceName namespace, ImageReference name) {
        return new Image(
                namespace,
                name,
                Descriptor.of(MediaType.OCI_MANIFEST, name.toString().getBytes(StandardCharsets.UTF_8)),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** What was committed. */
    public synchronized List<ImageCommit> commits() {
        return List.copyOf(commits);
    }

    @Override
    public synchronized ImageDetail commit(ImageCommit commit, Progress progress) {
        faults.at("images.commit");
        onCommit.run();
        commits.add(commit);
        return commit.base();
    }

    @Override
    public void compare(SnapshotSource snapshot, Consumer<? super PathChange> visitor) {
        visitor.accept(new PathChange(PathChange.Kind.ADDED, "/" + snapshot.snapshotter() + "/" + snapshot.key()));
    }

    @Override
    public void writeTree(SnapshotSource snapshot, OutputStream tar) {
        try {
            tar.write(snapshot.key().value().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Descriptor copy(CopyRequest request, Progress progress) {
        throw new AssertionError("not by the core");
    }

    @Override
    public void export(ExportRequest request, OutputStream out) {
        throw new AssertionError("not by the core");
    }

    @Override
    public void export(ExportRequest request, Path directory) {
        throw new AssertionError("not by the core");
    }

    @Override
    public synchronized Descriptor push(PushRequest request, Progress progress) {
        throw new AssertionError("not by the core");
    }

    @Override
    public synchronized ImageDetail pull(PullRequest request, Progress progress) {
        faults.at("images.pull");
        String name = request.reference().toString();
        if (!images.containsKey(name)) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot pull " + name, "there is no such image");
        }
        if (request.platform().isPresent()) {
            only = request.platform().get();
        }
        here.add(name);
        return resolve(image(request.namespace(), request.reference()), Platform.host());
    }

    @Override
    public List<ImageDetail> load(ImportRequest request, Progress progress) {
        throw new UnsupportedOperationException("not used by core");
    }

    @Override
    public synchronized Optional<Image> find(NamespaceName namespace, String nameOrId) {
        faults.at("images.find");
        ImageReference name;
        try {
            name = ImageReference.parse(nameOrId);
        } catch (OciFormatException e) {
            return Optional.empty();
        }
        return here.contains(name.toString()) ? Optional.of(image(namespace, name)) : Optional.empty();
    }

    @Override
    public synchronized ImageDetail resolve(Image image, Platform platform) {
        faults.at("images.resolve");
        ContainerDefaults defaults = images.get(image.name().toString());
        ImageConfig config = new ImageConfig(null, null, only, defaults, List.of(LAYER), List.of());
        Descriptor configDescriptor = Descriptor.of(MediaType.OCI_CONFIG, new byte[] {2});
        return new ImageDetail(
                image, platform, image.target(), Manifest.of(configDescriptor, List.of()), config, List.of(LAYER), 1);
    }

    @Override
    public void unpack(ImageDetail image, String snapshotter, Progress progress) {
        faults.at("images.unpack");
    }

    @Override
    public List<Image> list(NamespaceName namespace) {
        return List.of();
    }

    @Override
    public Image tag(Image image, ImageReference name) {
        throw new UnsupportedOperationException("not used by core");
    }

    @Override
    public void remove(NamespaceName namespace, ImageReference name) {
        throw new UnsupportedOperationException("not used by core");
    }

    @Override
    public byte[] document(Descriptor descriptor) {
        throw new UnsupportedOperationException("not used by core");
    }
}
