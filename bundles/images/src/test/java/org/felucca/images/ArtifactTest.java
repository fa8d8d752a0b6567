package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.PullRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests of something else than a container image. */
class ArtifactTest {
    private static final ImageReference NAME = ImageReference.parse("example.com/app:1");
    private static final MediaType CHART = new MediaType("application/vnd.example.chart");

    @TempDir
    Path root;

    private Fixture fixture;
    private Descriptor manifest;
    private Descriptor config;
    private Descriptor content;

    @BeforeEach
    void start() {
        fixture = new Fixture(root);
        config = put(MediaType.OCI_EMPTY, "{}".getBytes(StandardCharsets.UTF_8));
        content = put(new MediaType("application/vnd.example.chart.content"), new byte[70_000]);
        serve(CHART);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void pull_artifactThatWillDo_bringsItsContentAndUnpacksNothing() {
        ImageDetail detail = pull();
        assertEquals(manifest, detail.image().target());
        assertEquals(List.of(), detail.chain());
        assertEquals("unknown/unknown", detail.platform().toString());
        assertEquals(
                new TreeSet<>(Set.of(
                        manifest.digest().hex(),
                        config.digest().hex(),
                        content.digest().hex())),
                new TreeSet<>(fixture.blobs().stream().map(Digest::hex).toList()));
        assertEquals(List.of(), fixture.committed());
        assertEquals(0, fixture.openLeases());
        assertEquals(
                List.of(NAME),
                fixture.images.list(NamespaceName.DEFAULT).stream()
                        .map(Image::name)
                        .toList());
        assertArrayEquals(fixture.source.blobs.get(manifest.digest()), fixture.images.document(manifest));
        assertTrue(fixture.published.contains("default image/pull example.com/app:1"), fixture.published::toString);
    }

    @Test
    void pull_artifactWhereAnImageIsWanted_isRefusedSayingWhatItIs() {
        FeluccaException e = assertThrows(
                FeluccaException.class,
                () -> fixture.images.pull(PullRequest.of(NamespaceName.DEFAULT, NAME), update -> {}));
        assertEquals(ErrorCode.UNSUPPORTED, e.code());
        assertEquals(
                "cannot use image example.com/app:1: it is an artifact of type " + CHART
                        + "; only container images can be unpacked and run",
                e.getMessage());
        assertEquals(List.of(), fixture.images.list(NamespaceName.DEFAULT));
    }

    @Test
    void resolve_artifactThatIsHere_isRefusedSayingWhatItIs() {
        Image here = pull().image();
        FeluccaException e = assertThrows(FeluccaException.class, () -> fixture.images.resolve(here, Platform.host()));
        assertEquals(ErrorCode.UNSUPPORTED, e.code());
        assertTrue(e.getMessage().contains("it is an artifact of type " + CHART), e::getMessage);
    }

    @Test
    void pull_manifestWithoutATypeAndWithOtherLayers_isAnArtifactToo() {
        config = put(MediaType.OCI_CONFIG, "{\"architecture\":\"\",\"os\":\"\"}".getBytes(StandardCharsets.UTF_8));
        serve(null);
        Image here = pull().image();
        assertEquals(manifest, here.target());
        FeluccaException e = assertThrows(FeluccaException.class, () -> fixture.images.resolve(here, Platform.host()));
        assertTrue(e.getMessage().contains("layer of media type " + content.mediaType()), e::getMessage);
    }

    @Test
    void pull_artifactForAPlatform_isRefused() {
        FeluccaException e = assertThrows(
                FeluccaException.class,
                () -> fixture.images.pull(
                        PullRequest.of(NamespaceName.DEFAULT, NAME)
                                .orArtifact()
                                .platform(Platform.of("linux", "arm64")),
                        update -> {}));
        assertEquals(ErrorCode.NOT_FOUND, e.code());
    }

    @Test
    void pull_image_isUnpackedWhetherAnArtifactWouldDoOrNot() {
        TestImage image = new TestImage(1, Platform.host(), 2);
        fixture.serve("1", image);
        assertEquals(image.chain(), pull().chain());
        assertEquals(2, fixture.committed().size());
    }

    private ImageDetail pull() {
        return fixture.images.pull(PullRequest.of(NamespaceName.DEFAULT, NAME).orArtifact(), update -> {});
    }

    private void serve(MediaType artifactType) {
        byte[] document = Json.bytes(
                new Manifest(MediaType.OCI_MANIFEST, config, List.of(content), Map.of(), artifactType, null).toJson());
        manifest = put(MediaType.OCI_MANIFEST, document);
        fixture.source.tags.put("1", manifest);
    }

    private Descriptor put(MediaType type, byte[] bytes) {
        Descriptor descriptor = Descriptor.of(type, bytes);
        fixture.source.blobs.put(descriptor.digest(), bytes);
        return descriptor;
    }
}
