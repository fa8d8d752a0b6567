package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CopyRequest;
import org.felucca.api.image.ExportRequest;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImportRequest;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PullRequest;
import org.felucca.api.image.PushRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.plugin.Role;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Annotations;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.RegistryComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service, the registry client and a docker-registry, filled by skopeo. */
class RegistryPullTest {
    private static final Platform HOST = Platform.host();

    @TempDir
    Path root;

    private Process registry;
    private String domain;
    private Fixture fixture;
    private RegistryComponent source;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            domain = "127.0.0.1:" + socket.getLocalPort();
        }
        Path config = root.resolve("config.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " + root.resolve("registry")
                        + "}}\nhttp: {addr: '" + domain + "'}\n");
        registry = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("registry.log").toFile())
                .start();
        awaitAnswer();
        fixture = new Fixture(root.resolve("state"), new PartSettings(900_000, 700_000, 3));
        source = new RegistryComponent(new PatientSettings(), fixture.providers);
        fixture.providers.with(Role.IMAGE_SOURCE, "registry", source);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (fixture != null) {
            fixture.close();
            source.deactivate();
        }
        registry.destroy();
        assertTrue(registry.waitFor(1, TimeUnit.MINUTES));
    }

    @Test
    void pull_ociImageOfAllCompressions_isUnpackedAsPushed() throws Exception {
        TestImage image = new TestImage(1, HOST, 5, 1_000_000);
        push(image, "oci");
        ImageDetail detail = pull();
        assertEquals(image.manifest.digest(), detail.manifestDescriptor().digest());
        assertEquals(texts(image.chain()), fixture.committed());
        assertEquals(image.blobs.keySet(), Set.copyOf(fixture.blobs()));
    }

    @Test
    void pull_dockerSchema2Image_isUnpackedAsPushed() throws Exception {
        TestImage image = new TestImage(2, HOST, 1);
        push(image, "v2s2");
        ImageDetail detail = pull();
        assertEquals(MediaType.DOCKER_MANIFEST, detail.manifest().mediaType());
        assertEquals(texts(image.chain()), fixture.committed());
    }

    @Test
    void pull_multiPlatformImage_fetchesTheHostsAlone() throws Exception {
        TestImage ours = new TestImage(3, HOST, 2);
        TestImage theirs = new TestImage(4, Platform.of("linux", "s390x"), 2);
        byte[] index = pushIndex(ours, theirs);
        ImageDetail detail = pull();
        assertEquals(Digest.of(index), detail.image().target().digest());
        assertEquals(texts(ours.chain()), fixture.committed());
        assertEquals(ours.blobs.size() + 1, fixture.blobs().size());
    }

    @Test
    void push_imageToAnotherRepository_isReadBySkopeoWithEqualDigest() throws Exception {
        TestImage image = new TestImage(5, HOST, 5, 40_000_000);
        push(image, "oci");
        ImageDetail detail = pull();
        ImageReference target = ImageReference.parse(domain + "/other/copy:2");
        Descriptor pushed = fixture.images.push(PushRequest.of(detail.image()).target(target), Progress.NONE);
        assertEquals(image.manifest.digest(), pushed.digest());
        assertEquals(
                Digest.of(run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + target)),
                pushed.digest());
        run(
                "skopeo",
                "copy",
                "-q",
                "--insecure-policy",
                "--src-tls-verify=false",
                "docker://" + target,
                "dir:" + root.resolve("read"));
    }

    @Test
    void push_imageThatTheRegistryLost_sendsItsBlobs() throws Exception {
        TestImage image = new TestImage(6, HOST, 5, 40_000_000);
        push(image, "oci");
        ImageDetail detail = pull();
        registry.destroy();
        assertTrue(registry.waitFor(1, TimeUnit.MINUTES));
        try (var files = Files.walk(root.resolve("registry"))) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        registry = new ProcessBuilder(
                        "docker-registry", "serve", root.resolve("config.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("registry.log").toFile())
                .start();
        awaitAnswer();
        List<Progress.Update> updates = Collections.synchronizedList(new ArrayList<>());
        Descriptor pushed = fixture.images.push(PushRequest.of(detail.image()), updates::add);
        assertEquals(image.manifest.digest(), pushed.digest());
        assertEquals(
                detail.manifest().layers().size() + 1L,
                updates.stream()
                        .filter(update -> update.phase() == Progress.Phase.DONE)
                        .count(),
                updates.toString());
        run(
                "skopeo",
                "copy",
                "-q",
                "--insecure-policy",
                "--src-tls-verify=false",
                "docker://" + detail.image().name(),
                "dir:" + root.resolve("read"));
        assertEquals(0, fixture.openLeases());
    }

    @Test
    void push_indexOfWhichOnePlatformIsHere_pushesThatOneAlone() throws Exception {
        TestImage ours = new TestImage(7, HOST, 2);
        TestImage theirs = new TestImage(8, Platform.of("linux", "s390x"), 2);
        pushIndex(ours, theirs);
        ImageDetail detail = pull();
        ImageReference target = ImageReference.parse(domain + "/other/copy:2");
        PushRequest request = PushRequest.of(detail.image()).target(target);
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> fixture.images.push(request.everyPlatform(), Progress.NONE));
        assertEquals(ErrorCode.NOT_FOUND, refused.code(), refused.getMessage());
        assertEquals(
                ours.manifest.digest(),
                fixture.images.push(request, Progress.NONE).digest());
    }

    @Test
    void pull_everyPlatform_isPushedAsTheWholeIndex() throws Exception {
        TestImage ours = new TestImage(10, HOST, 2);
        TestImage theirs = new TestImage(11, Platform.of("linux", "s390x"), 2);
        byte[] index = pushIndex(ours, theirs);
        ImageDetail detail = fixture.images.pull(
                PullRequest.of(NamespaceName.DEFAULT, ImageReference.parse(domain + "/team/app:v1"))
                        .everyPlatform(),
                Progress.NONE);
        assertEquals(ours.manifest.digest(), detail.manifestDescriptor().digest());
        assertEquals(texts(ours.chain()), fixture.committed(), "one platform is unpacked");
        assertEquals(
                ours.blobs.size() + theirs.blobs.size() + 1, fixture.blobs().size());
        RecordId record = ImageRecords.content("file", Digest.of(index));
        Set<String> kept = fixture.metadata.get(record).orElseThrow().references().stream()
                .map(RecordId::key)
                .collect(Collectors.toSet());
        assertTrue(kept.containsAll(texts(List.copyOf(theirs.blobs.keySet()))), "the index keeps all of it");
        ImageReference target = ImageReference.parse(domain + "/other/copy:2");
        PushRequest request = PushRequest.of(detail.image()).target(target).everyPlatform();
        assertEquals(
                Digest.of(index), fixture.images.push(request, Progress.NONE).digest());
        run(
                "skopeo",
                "copy",
                "-q",
                "--all",
                "--insecure-policy",
                "--src-tls-verify=false",
                "docker://" + target,
                "dir:" + root.resolve("read"));
    }

    @Test
    void copy_withinTheRegistry_sendsNothingAndKeepsNothing() throws Exception {
        TestImage ours = new TestImage(12, HOST, 2);
        TestImage theirs = new TestImage(13, Platform.of("linux", "s390x"), 2);
        byte[] index = pushIndex(ours, theirs);
        ImageReference from = ImageReference.parse(domain + "/team/app:v1");
        ImageReference to = ImageReference.parse(domain + "/mirror/app:v1");
        List<Progress.Update> updates = Collections.synchronizedList(new ArrayList<>());
        assertEquals(
                Digest.of(index),
                fixture.images.copy(CopyRequest.of(from, to), updates::add).digest());
        assertEquals(
                List.of(),
                updates.stream()
                        .filter(update -> update.phase() == Progress.Phase.DONE)
                        .toList(),
                "a blob was sent instead of taken over");
        assertEquals(List.of(), fixture.blobs());
        assertEquals(
                Digest.of(index), Digest.of(run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + to)));
        run(
                "skopeo",
                "copy",
                "-q",
                "--all",
                "--insecure-policy",
                "--src-tls-verify=false",
                "docker://" + to,
                "dir:" + root.resolve("read"));
        ImageReference one = ImageReference.parse(domain + "/mirror/one:v1");
        assertEquals(
                theirs.manifest.digest(),
                fixture.images
                        .copy(CopyRequest.of(from, one).platform(Platform.of("linux", "s390x")), Progress.NONE)
                        .digest());
    }

    @Test
    void copy_toAnotherRegistry_sendsEveryBlob() throws Exception {
        TestImage image = new TestImage(14, HOST, 3);
        push(image, "oci");
        // The same server by another name is another registry to whoever asks.
        ImageReference to =
                ImageReference.parse("localhost:" + domain.substring(domain.indexOf(':') + 1) + "/far/app:v1");
        List<Progress.Update> updates = Collections.synchronizedList(new ArrayList<>());
        ImageReference from = ImageReference.parse(domain + "/team/app:v1");
        assertEquals(
                image.manifest.digest(),
                fixture.images.copy(CopyRequest.of(from, to), updates::add).digest());
        assertEquals(
                image.layers.size() + 1L,
                updates.stream()
                        .filter(update -> update.phase() == Progress.Phase.DONE)
                        .count());
        assertEquals(
                image.manifest.digest(),
                Digest.of(
                        run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + domain + "/far/app:v1")));
        ImageReference pinned = ImageReference.parse(from.name() + "@" + Digest.of(new byte[] {1}));
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(
                                FeluccaException.class,
                                () -> fixture.images.copy(CopyRequest.of(pinned, to), Progress.NONE))
                        .code());
    }

    @Test
    void export_twice_givesTheSameBytesThatSkopeoReads() throws Exception {
        TestImage image = new TestImage(9, HOST, 5, 1_000_000);
        push(image, "oci");
        ImageDetail detail = pull();
        ExportRequest request = ExportRequest.of(List.of(detail.image()));
        Path archive = root.resolve("image.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            fixture.images.export(request, out);
        }
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        fixture.images.export(request, again);
        assertArrayEquals(Files.readAllBytes(archive), again.toByteArray());
        assertEquals(
                image.manifest.digest(),
                Digest.of(run("skopeo", "inspect", "--raw", "oci-archive:" + archive + ":v1")));
        run("skopeo", "copy", "-q", "--insecure-policy", "oci-archive:" + archive + ":v1", "dir:" + root.resolve("a"));
        fixture.images.remove(NamespaceName.DEFAULT, detail.image().name());
        try (InputStream in = Files.newInputStream(archive)) {
            ImageDetail loaded = fixture.images
                    .load(ImportRequest.archive(NamespaceName.DEFAULT, in, "image.tar"), Progress.NONE)
                    .get(0);
            assertEquals(detail.image().name(), loaded.image().name());
            assertEquals(image.manifest.digest(), loaded.image().target().digest());
        }
        run(
                "skopeo",
                "inspect",
                "--config",
                "docker-archive:" + archive + ":" + detail.image().name());
        assertEquals(0, fixture.openLeases());
    }

    private byte[] pushIndex(TestImage ours, TestImage theirs) throws IOException, InterruptedException {
        Path layout = layout(ours);
        theirs.blobs.forEach((digest, content) -> write(layout.resolve(ImageLayout.blobPath(digest)), content));
        byte[] index = Json.bytes(ImageIndex.of(List.of(
                        theirs.manifest.withPlatform(Platform.of("linux", "s390x")), ours.manifest.withPlatform(HOST)))
                .toJson());
        write(layout.resolve(ImageLayout.blobPath(Digest.of(index))), index);
        Descriptor entry =
                Descriptor.of(MediaType.OCI_INDEX, index).withAnnotations(Map.of(Annotations.REF_NAME, "v1"));
        write(
                layout.resolve(ImageLayout.INDEX_FILE),
                Json.bytes(ImageIndex.of(List.of(entry)).toJson()));
        skopeo(layout, "--all");
        return index;
    }

    private byte[] run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(root.resolve("command.log").toFile())
                .start();
        byte[] out = process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(root.resolve("command.log")));
        return out;
    }

    private ImageDetail pull() {
        return fixture.images.pull(
                PullRequest.of(NamespaceName.DEFAULT, ImageReference.parse(domain + "/team/app:v1")), Progress.NONE);
    }

    private void push(TestImage image, String format) throws IOException, InterruptedException {
        skopeo(layout(image), format.equals("oci") ? "--preserve-digests" : "--format=" + format);
    }

    private Path layout(TestImage image) {
        Path layout = root.resolve("layout");
        image.blobs.forEach((digest, content) -> write(layout.resolve(ImageLayout.blobPath(digest)), content));
        write(layout.resolve(ImageLayout.MARKER_FILE), Json.bytes(ImageLayout.marker()));
        Descriptor entry = image.manifest.withAnnotations(Map.of(Annotations.REF_NAME, "v1"));
        write(
                layout.resolve(ImageLayout.INDEX_FILE),
                Json.bytes(ImageIndex.of(List.of(entry)).toJson()));
        return layout;
    }

    private void skopeo(Path layout, String option) throws IOException, InterruptedException {
        Path log = root.resolve("skopeo.log");
        Process process = new ProcessBuilder(
                        "skopeo",
                        "--insecure-policy",
                        "copy",
                        option,
                        "--dest-tls-verify=false",
                        "oci:" + layout + ":v1",
                        "docker://" + domain + "/team/app:v1")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    /** Until it answers, by connecting again: the registry has no other way to say that it listens. */
    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                HttpURLConnection connection = (HttpURLConnection)
                        URI.create("http://" + domain + "/v2/").toURL().openConnection();
                assertEquals(200, connection.getResponseCode());
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !registry.isAlive()) {
                    String log = Files.readString(root.resolve("registry.log"));
                    throw new IOException("docker-registry does not answer: " + log, e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static List<String> texts(List<Digest> digests) {
        return digests.stream().map(Digest::toString).toList();
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The settings as shipped. */
    private static final class PatientSettings implements RegistryComponent.Settings {
        @Override
        public int attempts() {
            return 5;
        }

        @Override
        public int patience() {
            return 60;
        }

        @Override
        public int connectTimeout() {
            return 15;
        }

        @Override
        public int stallTimeout() {
            return 60;
        }

        @Override
        public String dockerConfig() {
            return "";
        }

        @Override
        public String hosts() {
            return "";
        }

        @Override
        public int connectionsPerHost() {
            return 8;
        }

        @Override
        public String httpsProxy() {
            return "direct";
        }

        @Override
        public String httpProxy() {
            return "direct";
        }

        @Override
        public String noProxy() {
            return "";
        }

        @Override
        public Class<RegistryComponent.Settings> annotationType() {
            return RegistryComponent.Settings.class;
        }
    }
}
