package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.PullRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk does to blobs and layers is undone by the next pull. */
class DamageTest {
    private static final NamespaceName NS = new NamespaceName("default");

    @TempDir
    Path root;

    private Fixture fixture;
    private TestImage image;

    @BeforeEach
    void pullOnce() {
        fixture = new Fixture(root);
        image = new TestImage(1, Platform.host(), 3);
        fixture.serve("1", image);
        pull();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private ImageDetail pull() {
        return fixture.images.pull(
                PullRequest.of(NS, ImageReference.parse("example.com/app:1")), fixture.progress::add);
    }

    private Path blob(Descriptor descriptor) {
        return root.resolve("content/blobs/sha256").resolve(descriptor.digest().hex());
    }

    private SnapshotKey key(int layer) {
        return Unpacker.key(image.chain().get(layer));
    }

    private Path tar(int layer) {
        return fixture.snapshotter.directory(key(layer)).resolve("layer.tar");
    }

    private static void spoil(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private void assertWhole() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(image.tars.get(i), Files.readAllBytes(tar(i)), "layer " + i);
            assertTrue(fixture.snapshotter.stat(key(i)).whole(), "layer " + i);
        }
        for (Map.Entry<org.felucca.oci.digest.Digest, byte[]> blob : image.blobs.entrySet()) {
            assertArrayEquals(
                    blob.getValue(),
                    Files.readAllBytes(root.resolve("content/blobs/sha256")
                            .resolve(blob.getKey().hex())));
        }
        assertEquals(0, fixture.active().size());
        assertEquals(Set.of(), fixture.snapshotter.unsealed());
    }

    @Test
    void pull_severalLayers_areSealedByOneSync() {
        assertEquals(1, fixture.snapshotter.syncs());
        assertEquals(Set.of(), fixture.snapshotter.unsealed());
        pull();
        assertEquals(1, fixture.snapshotter.syncs());
    }

    @Test
    void pull_manifestOrConfigurationSpoilt_fetchesItAgain() throws IOException {
        spoil(blob(image.manifest));
        spoil(blob(image.config));
        fixture.close();
        fixture = new Fixture(root, fixture);
        pull();
        assertWhole();
    }

    @Test
    void pull_layerOfNoBytes_unpacksItAgainUnderWhatLiesOnIt() throws IOException {
        Files.write(tar(1), new byte[0]);
        pull();
        assertWhole();
        assertEquals(key(1), fixture.snapshotter.stat(key(2)).parent().orElseThrow());
    }

    @Test
    void pull_manifestOfALayerMissing_unpacksItAgain() throws IOException {
        Files.delete(tar(0).resolveSibling("manifest"));
        pull();
        assertWhole();
    }

    @Test
    void pull_layerAndItsBlobSpoilt_fetchesTheBlobToMendTheLayer() throws IOException {
        spoil(blob(image.layers.get(0)));
        spoil(tar(0));
        fixture.snapshotter.condemn(key(0), "spoilt");
        pull();
        assertWhole();
    }

    @Test
    void unpack_condemnedLayer_isMendedFromTheStore() throws IOException {
        spoil(tar(0));
        fixture.snapshotter.condemn(key(0), "spoilt");
        assertFalse(fixture.snapshotter.stat(key(2)).whole());
        assertEquals(key(0).value(), fixture.snapshotter.stat(key(2)).labels().get(SnapshotInfo.LABEL_DAMAGED_BELOW));
        fixture.images.unpack(detail(), "first", fixture.progress::add);
        assertWhole();
    }

    @Test
    void unpack_condemnedLayerWhoseBlobIsSpoilt_isDataLossAndStaysCondemned() throws IOException {
        spoil(blob(image.layers.get(0)));
        fixture.snapshotter.condemn(key(0), "spoilt");
        ImageDetail detail = detail();
        FeluccaException refused = assertThrows(
                FeluccaException.class, () -> fixture.images.unpack(detail, "first", fixture.progress::add));
        assertEquals(ErrorCode.DATA_LOSS, refused.code(), refused.getMessage());
        assertFalse(fixture.snapshotter.stat(key(0)).whole());
        assertEquals(0, fixture.active().size());
        pull();
        assertWhole();
    }

    private ImageDetail detail() {
        return fixture.images.resolve(
                fixture.images.find(NS, "example.com/app:1").orElseThrow(), Platform.host());
    }
}
