package org.felucca.verbs;

import java.io.IOException;
import java.io.InputStream;
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
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.History;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;

/** Images in memory, all with one configuration. Calls are written down. */
public final class FakeImages implements ImageService {
    private static final Digest FOREIGN = new Digest(Digest.Algorithm.SHA256, "ef".repeat(32));

    private final Map<ImageReference, Image> byName = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private List<History> history = List.of();

    /** Adds an image for this host. */
    public FakeImages add(String name) {
        return add(name, new Digest(Digest.Algorithm.SHA256, "cd".repeat(32)));
    }

    /** Adds an image that nobody named. */
    public FakeImages addUnnamed() {
        return add(Image.unnamed(new Digest(Digest.Algorithm.SHA256, "aa".repeat(32)))
                .toString());
    }

    /** Gives every image these build steps. */
    public FakeImages history(History... steps) {
        history = List.of(steps);
        return this;
    }

    /** Adds an image that has nothing for this host. */
    public FakeImages addForeign(String name) {
        return add(name, FOREIGN);
    }

    private FakeImages add(String name, Digest target) {
        ImageReference reference = ImageReference.parse(name);
        byName.put(reference, image(reference, Descriptor.of(MediaType.OCI_MANIFEST, target, 500)));
        return this;
    }

    private static Image image(ImageReference reference, Descriptor target) {
        Instant created = CommandLine.NOW.minusSeconds(60);
        return new Image(NamespaceName.DEFAULT, reference, target, created, created);
    }

    /** What was called, in order. */
    public List<String> calls() {
        return calls;
    }

    @Override
    public Descriptor copy(CopyRequest request, Progress progress) {
        calls.add("copy " + request.source() + " to " + request.target()
                + request.platform().map(p -> " " + p).orElse(""));
        return Descriptor.of(MediaType.OCI_INDEX, FOREIGN, 7);
    }

    @Override
    public void export(ExportRequest request, OutputStream out) {
        calls.add("export "
                + request.images().stream()
                        .map(image -> image.name().familiar())
                        .toList() + request.platform().map(p -> " " + p).orElse("")
                + " " + request.form());
        try {
            out.write("archive".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void export(ExportRequest request, Path directory) {
        calls.add("export " + request.images().size() + " to " + directory + " " + request.form());
    }

    @Override
    public Descriptor push(PushRequest request, Progress progress) {
        calls.add("push " + request.image().name() + " to " + request.target()
                + request.platform().map(p -> " " + p).orElse("")
                + (request.allPlatforms() ? " all" : ""));
        progress.update(new Progress.Update("layer", Progress.Phase.DONE, 1, 1));
        return request.image().target();
    }

    @Override
    public ImageDetail pull(PullRequest request, Progress progress) {
        calls.add("pull " + request.reference()
                + request.platform().map(p -> " " + p).orElse("")
                + request.snapshotter().map(s -> " " + s).orElse("")
                + (request.allPlatforms() ? " all" : "")
                + (request.artifacts() ? "" : " no artifact"));
        progress.update(new Progress.Update("layer", Progress.Phase.DONE, 1, 1));
        add(request.reference().toString());
        return resolve(byName.get(request.reference()), Platform.host());
    }

    @Override
    public List<ImageDetail> load(ImportRequest request, Progress progress) {
        String source = request.directory()
                .map(directory -> "layout " + directory)
                .orElseGet(() -> "archive " + text(request.archive().orElseThrow()));
        calls.add("load " + source + " from " + request.sourceName()
                + request.name().map(n -> " as " + n).orElse(""));
        add("loaded");
        return List.of(resolve(byName.get(ImageReference.parse("loaded")), Platform.host()));
    }

    private static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ImageDetail commit(ImageCommit commit, Progress progress) {
        throw new AssertionError("not by a verb");
    }

    @Override
    public void compare(SnapshotSource snapshot, Consumer<? super PathChange> visitor) {
        throw new AssertionError("not by a verb");
    }

    @Override
    public void writeTree(SnapshotSource snapshot, OutputStream tar) {
        throw new AssertionError("not by a verb");
    }

    @Override
    public Optional<Image> find(NamespaceName namespace, String nameOrId) {
        if (FakeContainers.IMAGE_ID.hex().startsWith(nameOrId)) {
            return byName.values().stream().findFirst();
        }
        return Optional.ofNullable(byName.get(ImageReference.parse(nameOrId)));
    }

    @Override
    public ImageDetail resolve(Image image, Platform platform) {
        if (image.target().digest().equals(FOREIGN)) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND, "cannot resolve image " + image.name(), "not for " + platform);
        }
        Manifest manifest = Manifest.of(
                Descriptor.of(MediaType.OCI_CONFIG, FakeContainers.IMAGE_ID, 300),
                List.of(Descriptor.of(MediaType.OCI_LAYER_GZIP, FOREIGN, 3_000_000)));
        ImageConfig config = new ImageConfig(
                CommandLine.NOW.minusSeconds(86400 * 3),
                null,
                Platform.of("linux", "amd64"),
                ContainerDefaults.EMPTY,
                List.of(FOREIGN),
                history);
        return new ImageDetail(
                image, Platform.of("linux", "amd64"), image.target(), manifest, config, List.of(FOREIGN), 3_000_800);
    }

    @Override
    public void unpack(ImageDetail image, String snapshotter, Progress progress) {
        throw new AssertionError("not by a verb");
    }

    @Override
    public List<Image> list(NamespaceName namespace) {
        return List.copyOf(byName.values());
    }

    @Override
    public Image tag(Image image, ImageReference name) {
        calls.add("tag " + image.name() + " " + name);
        return image(name, image.target());
    }

    @Override
    public void remove(NamespaceName namespace, ImageReference name) {
        byName.remove(name);
        calls.add("remove " + name);
    }

    @Override
    public byte[] document(Descriptor descriptor) {
        throw new AssertionError("not by a verb");
    }
}
