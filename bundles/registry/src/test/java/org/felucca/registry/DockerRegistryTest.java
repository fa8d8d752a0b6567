package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Against a real docker-registry on loopback, filled by skopeo. */
class DockerRegistryTest {
    private static final byte[] LAYER = new byte[3_000_000];
    private static final byte[] CONFIG = ("{'architecture':'amd64','os':'linux',"
                    + "'rootfs':{'type':'layers','diff_ids':[]}}")
            .replace('\'', '"')
            .getBytes();

    @TempDir
    static Path directory;

    private static DockerRegistry registry;
    private static String domain;
    private static byte[] manifest;

    @BeforeAll
    static void startAndFill() throws Exception {
        new Random(3).nextBytes(LAYER);
        registry = new DockerRegistry(Files.createDirectory(directory.resolve("registry")), "", "");
        domain = registry.domain();
        Path layout = layout();
        TestProcess.run(
                directory,
                "skopeo",
                "--insecure-policy",
                "copy",
                "--preserve-digests",
                "--dest-tls-verify=false",
                "oci:" + layout + ":v1",
                "docker://" + domain + "/team/app:v1");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void resolve_tag_isTheManifestThatWasPushed() {
        try (TestClient client = new TestClient()) {
            assertEquals(
                    Descriptor.of(MediaType.OCI_MANIFEST, manifest),
                    client.source.resolve(ImageReference.parse(domain + "/team/app:v1")));
        }
    }

    @Test
    void resolve_digest_isTheSame() {
        try (TestClient client = new TestClient()) {
            ImageReference pinned = ImageReference.parse(domain + "/team/app@" + Digest.of(manifest));
            assertEquals(Descriptor.of(MediaType.OCI_MANIFEST, manifest), client.source.resolve(pinned));
        }
    }

    @Test
    void fetch_manifestConfigAndLayer_givesTheBytesThatWerePushed() throws Exception {
        ImageReference reference = ImageReference.parse(domain + "/team/app:v1");
        try (TestClient client = new TestClient()) {
            assertArrayEquals(manifest, all(client, reference, client.source.resolve(reference), 0));
            Manifest parsed = Manifest.parse(manifest);
            assertArrayEquals(CONFIG, all(client, reference, parsed.config(), 0));
            assertArrayEquals(LAYER, all(client, reference, parsed.layers().get(0), 0));
        }
    }

    @Test
    void fetch_fromTheMiddle_givesTheRest() throws Exception {
        ImageReference reference = ImageReference.parse(domain + "/team/app:v1");
        Descriptor layer = Manifest.parse(manifest).layers().get(0);
        try (TestClient client = new TestClient()) {
            assertArrayEquals(
                    Arrays.copyOfRange(LAYER, 1_234_567, LAYER.length), all(client, reference, layer, 1_234_567));
        }
    }

    @Test
    void putBlob_interruptedBetweenPieces_isGoneOnWithByTheNextPush() throws Exception {
        byte[] large = new byte[20 << 20];
        new Random(4).nextBytes(large);
        Descriptor blob = Descriptor.of(MediaType.OCI_LAYER, large);
        ImageReference name = ImageReference.parse(domain + "/team/interrupted:v1");
        Thread pusher = Thread.currentThread();
        CountDownLatch over = new CountDownLatch(1);
        try (TestClient client = new TestClient()) {
            FeluccaException e = assertThrows(
                    FeluccaException.class,
                    () -> client.source.putBlob(
                            name,
                            blob,
                            offset -> offset == 0 ? from(large, 0) : interrupting(pusher, over),
                            Optional.empty()));
            assertEquals(ErrorCode.CANCELLED, e.code(), e::getMessage);
            assertTrue(Thread.interrupted());
            over.countDown();
            List<Long> opened = new CopyOnWriteArrayList<>();
            assertTrue(client.source.putBlob(
                    name,
                    blob,
                    offset -> {
                        opened.add(offset);
                        return from(large, offset);
                    },
                    Optional.empty()));
            assertEquals(List.of(16L << 20), opened);
            assertArrayEquals(large, all(client, name, blob, 0));
        }
    }

    private static InputStream from(byte[] bytes, long offset) {
        return new ByteArrayInputStream(bytes, (int) offset, bytes.length);
    }

    /** Gives no byte, and interrupts the thread that pushes. */
    private static InputStream interrupting(Thread pusher, CountDownLatch over) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                pusher.interrupt();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("the push is over");
            }
        };
    }

    @Test
    void putBlob_manyThatReadFromTheSameHost_allEnd() throws Exception {
        ImageReference from = ImageReference.parse(domain + "/team/app:v1");
        Descriptor layer = Manifest.parse(manifest).layers().get(0);
        ExecutorService executor = Executors.newFixedThreadPool(12);
        try (TestClient client = new TestClient()) {
            List<Callable<Boolean>> copies = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                ImageReference to = ImageReference.parse(domain + "/copy/app" + i + ":v1");
                copies.add(() -> client.source.putBlob(
                        to, layer, offset -> client.source.fetch(from, layer, offset), Optional.empty()));
            }
            for (Future<Boolean> copy : executor.invokeAll(copies)) {
                assertTrue(copy.get());
            }
            assertEquals(List.of(), client.waits);
            assertArrayEquals(LAYER, all(client, ImageReference.parse(domain + "/copy/app11:v1"), layer, 0));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void calls_forWhatIsNotThere_areNotFoundWithTheRegistrysWords() {
        try (TestClient client = new TestClient()) {
            ImageReference absentTag = ImageReference.parse(domain + "/team/app:no");
            FeluccaException tag = assertNotFound(() -> client.source.resolve(absentTag));
            assertTrue(tag.getMessage().contains("/team/app:no"), tag.getMessage());
            assertNotFound(() -> client.source.resolve(ImageReference.parse(domain + "/nobody/nothing")));
            Descriptor absent = Descriptor.of(MediaType.OCI_LAYER, "absent".getBytes());
            FeluccaException blob =
                    assertNotFound(() -> client.source.fetch(ImageReference.parse(domain + "/team/app:v1"), absent, 0));
            assertTrue(blob.getMessage().contains("BLOB_UNKNOWN"), blob.getMessage());
        }
    }

    private static byte[] all(TestClient client, ImageReference repository, Descriptor descriptor, long offset)
            throws IOException {
        try (InputStream in = client.source.fetch(repository, descriptor, offset)) {
            return in.readAllBytes();
        }
    }

    private static FeluccaException assertNotFound(Executable call) {
        FeluccaException e = assertThrows(FeluccaException.class, call);
        assertEquals(ErrorCode.NOT_FOUND, e.code(), e::getMessage);
        return e;
    }

    /** An image layout with one image, {@code v1}. */
    private static Path layout() throws IOException {
        Path layout = Files.createDirectory(directory.resolve("layout"));
        Files.write(layout.resolve(ImageLayout.MARKER_FILE), Json.bytes(ImageLayout.marker()));
        manifest = Json.bytes(Manifest.of(
                        Descriptor.of(MediaType.OCI_CONFIG, CONFIG),
                        List.of(Descriptor.of(MediaType.OCI_LAYER_GZIP, LAYER)))
                .toJson());
        for (byte[] blob : List.of(LAYER, CONFIG, manifest)) {
            Path file = layout.resolve(ImageLayout.blobPath(Digest.of(blob)));
            Files.createDirectories(file.getParent());
            Files.write(file, blob);
        }
        Descriptor entry = Descriptor.of(MediaType.OCI_MANIFEST, manifest)
                .withAnnotations(Map.of("org.opencontainers.image.ref.name", "v1"));
        Files.write(
                layout.resolve(ImageLayout.INDEX_FILE),
                Json.bytes(ImageIndex.of(List.of(entry)).toJson()));
        return layout;
    }
}
