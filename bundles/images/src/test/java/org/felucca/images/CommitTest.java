package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageCommit;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PullRequest;
import org.felucca.api.image.SnapshotSource;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Annotations;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.History;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {
    private static final NamespaceName NS = NamespaceName.DEFAULT;
    private static final SnapshotKey KEY = SnapshotKey.of("default/container");
    private static final SnapshotSource SNAPSHOT = new SnapshotSource("first", KEY);

    @TempDir
    Path root;

    private final TestImage image = new TestImage(1, Platform.host(), 2);
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture(root);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ImageDetail container() {
        fixture.serve("1", image);
        ImageDetail base =
                fixture.images.pull(PullRequest.of(NS, ImageReference.parse("example.com/team/app:1")), Progress.NONE);
        fixture.snapshotter.prepare(SnapshotRequest.of(KEY).parent(base.topSnapshot()));
        return base;
    }

    private void change(String content) throws IOException {
        Files.writeString(fixture.snapshotter.directory(KEY).resolve("change"), content);
    }

    private ImageCommit request(ImageDetail base) {
        return ImageCommit.of(
                NS,
                base,
                SNAPSHOT,
                base.config().defaults().toBuilder().user("ann").build());
    }

    private List<SnapshotKind> kinds() {
        List<SnapshotKind> kinds = new ArrayList<>();
        fixture.snapshotter.all().forEach(info -> kinds.add(info.kind()));
        return kinds;
    }

    @Test
    void commit_ofChanges_addsALayerThatIsUnpacked() throws IOException {
        ImageDetail base = container();
        change("new content");
        ImageReference name = ImageReference.parse("mine:2");
        ImageDetail made = fixture.images.commit(
                request(base).name(name).author("Ann").comment("why").createdBy("sh -c x"), Progress.NONE);
        assertEquals(name, made.image().name());
        assertEquals(3, made.manifest().layers().size());
        assertEquals(base.manifest().layers(), made.manifest().layers().subList(0, 2));
        byte[] tar = "new content".getBytes(StandardCharsets.UTF_8);
        assertEquals(Digest.of(tar), made.config().diffIds().get(2));
        assertEquals("ann", made.config().defaults().user());
        assertEquals(List.of("sh"), made.config().defaults().cmd());
        assertEquals("Ann", made.config().author());
        History last = made.config().history().get(2);
        assertEquals("sh -c x", last.createdBy());
        assertEquals("why", last.comment());
        assertFalse(last.emptyLayer());
        assertEquals(
                base.manifestDescriptor().digest().toString(),
                made.manifest().annotations().get(Annotations.BASE_DIGEST));
        assertTrue(fixture.committed().contains(made.topSnapshot().value()));
        assertEquals(
                "new content",
                Files.readString(
                        fixture.snapshotter.directory(made.topSnapshot()).resolve("layer.tar")));
        // What it is found by survives another look at what is stored.
        assertEquals(
                made.id(), fixture.images.resolve(made.image(), Platform.host()).id());
        assertEquals(0, fixture.openLeases());
        assertEquals(List.of(), fixture.ingests());
        assertTrue(fixture.published.contains("default image/commit docker.io/library/mine:2"));
    }

    @Test
    void commit_comparesWithTheParent_andLeavesNoView() throws IOException {
        ImageDetail base = container();
        change("x");
        fixture.images.commit(request(base), Progress.NONE);
        SnapshotMount parent = fixture.applier.parents.get(0).get(0);
        assertEquals(new SnapshotMount.Bind(fixture.snapshotter.directory(base.topSnapshot()), true), parent);
        assertFalse(kinds().contains(SnapshotKind.VIEW));
    }

    @Test
    void commit_ofNothing_addsAStepAlone() {
        ImageDetail base = container();
        ImageDetail made = fixture.images.commit(request(base), Progress.NONE);
        assertEquals(base.manifest().layers(), made.manifest().layers());
        assertTrue(made.config().history().get(2).emptyLayer());
        assertTrue(made.image().unnamed(), made.image().name().toString());
        assertEquals(List.of(), fixture.ingests());
    }

    @Test
    void commit_toADockerImage_staysOne() throws IOException {
        Descriptor config =
                image.put(MediaType.DOCKER_CONFIG, TestImage.config(Platform.host(), List.of(image.diffIds.get(0))));
        byte[] gzip = TestImage.gzip(image.tars.get(0));
        Descriptor layer = image.put(MediaType.DOCKER_LAYER_GZIP, gzip);
        Manifest manifest = new Manifest(MediaType.DOCKER_MANIFEST, config, List.of(layer), Map.of(), null, null);
        Descriptor root = image.put(MediaType.DOCKER_MANIFEST, Json.bytes(manifest.toJson()));
        fixture.source.blobs.putAll(image.blobs);
        fixture.source.tags.put("docker", root);
        ImageDetail base = fixture.images.pull(
                PullRequest.of(NS, ImageReference.parse("example.com/team/app:docker")), Progress.NONE);
        fixture.snapshotter.prepare(SnapshotRequest.of(KEY).parent(base.topSnapshot()));
        change("x");
        Manifest made = fixture.images.commit(request(base), Progress.NONE).manifest();
        assertEquals(MediaType.DOCKER_MANIFEST, made.mediaType());
        assertEquals(MediaType.DOCKER_CONFIG, made.config().mediaType());
        assertEquals(MediaType.DOCKER_LAYER_GZIP, made.layers().get(1).mediaType());
        assertEquals(Map.of(), made.annotations());
    }

    @Test
    void commit_twice_givesTheSameLayer() throws IOException {
        ImageDetail base = container();
        change("the same");
        ImageDetail one = fixture.images.commit(request(base), Progress.NONE);
        ImageDetail two = fixture.images.commit(request(base), Progress.NONE);
        assertEquals(one.manifest().layers(), two.manifest().layers());
    }

    @Test
    void commit_withContentGone_isRefusedBeforeAnythingIsMade() throws IOException {
        ImageDetail base = container();
        change("x");
        fixture.content.remove(image.layers.get(0).digest());
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> fixture.images.commit(request(base), Progress.NONE));
        assertEquals(ErrorCode.NOT_FOUND, refused.code());
        assertEquals(1, fixture.images.list(NS).size());
        assertEquals(List.of(), fixture.applier.parents);
        assertEquals(0, fixture.openLeases());
    }

    @Test
    void compare_namesWhatChanged() throws IOException {
        container();
        change("x");
        List<String> changes = new ArrayList<>();
        fixture.images.compare(SNAPSHOT, change -> changes.add(change.kind().letter() + change.path()));
        assertEquals(List.of("A/change"), changes);
        assertFalse(kinds().contains(SnapshotKind.VIEW));
        assertEquals(0, fixture.openLeases());
    }
}
