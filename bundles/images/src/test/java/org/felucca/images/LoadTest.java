package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImportRequest;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Annotations;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layouts, oci-archives and docker-archives; the archives are made by the system's tar and by skopeo. */
class LoadTest {
    private static final NamespaceName NS = NamespaceName.DEFAULT;
    private static final Platform HOST = Platform.host();
    private static final String NAME = "docker.io/felucca/app:1";

    @TempDir
    Path root;

    private Fixture fixture;
    private final TestImage image = new TestImage(1, HOST, 3);

    @BeforeEach
    void open() {
        fixture = new Fixture(root.resolve("state"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void load_layoutDirectory_importsAndUnpacksItsImage() throws IOException {
        Path layout = layout(image, Map.of(Annotations.CONTAINERD_IMAGE_NAME, NAME, Annotations.REF_NAME, "1"));
        assertLoaded(fixture.images.load(ImportRequest.layout(NS, layout), Progress.NONE), NAME);
        assertEquals(image.blobs.keySet(), Set.copyOf(fixture.blobs()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format=ustar", "--format=pax", "--format=gnu", "--format=v7"})
    void load_ociArchiveOfAnyTarDialect_importsIt(String format) throws Exception {
        Path layout = layout(image, Map.of(Annotations.REF_NAME, NAME));
        assertLoaded(load(tar(layout, format)), NAME);
    }

    @Test
    void load_compressedArchives_areRecognised() throws Exception {
        byte[] plain = tar(layout(image, Map.of(Annotations.REF_NAME, NAME)), "--format=pax");
        assertLoaded(load(TestImage.gzip(plain)), NAME);
        assertLoaded(load(Zstd.compress(plain)), NAME);
        FeluccaException e =
                assertRefused(ErrorCode.UNSUPPORTED, () -> load(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0}));
        assertTrue(e.getMessage().contains("compressed with xz"), e.getMessage());
    }

    @Test
    void load_layoutWithoutName_needsOne() throws IOException {
        Path layout = layout(image, Map.of(Annotations.REF_NAME, "1"));
        FeluccaException e = assertRefused(
                ErrorCode.INVALID_ARGUMENT, () -> fixture.images.load(ImportRequest.layout(NS, layout), Progress.NONE));
        assertTrue(e.getMessage().contains("has no name; give it one"), e.getMessage());
        assertLoaded(
                fixture.images.load(
                        ImportRequest.layout(NS, layout).name(ImageReference.parse("mine:2")), Progress.NONE),
                "docker.io/library/mine:2");
    }

    @Test
    void load_layoutOfSeveralPlatforms_takesTheHosts() throws IOException {
        TestImage other = new TestImage(2, Platform.of("plan9", "mips"), 1);
        Path layout = layout(image, Map.of(Annotations.REF_NAME, NAME));
        other.blobs.forEach((digest, content) -> write(layout.resolve(ImageLayout.blobPath(digest)), content));
        Descriptor theirs = other.manifest
                .withPlatform(Platform.of("plan9", "mips"))
                .withAnnotations(Map.of(Annotations.REF_NAME, NAME));
        Descriptor ours = image.manifest.withPlatform(HOST).withAnnotations(Map.of(Annotations.REF_NAME, NAME));
        write(
                layout.resolve(ImageLayout.INDEX_FILE),
                Json.bytes(ImageIndex.of(List.of(theirs, ours)).toJson()));
        assertLoaded(fixture.images.load(ImportRequest.layout(NS, layout), Progress.NONE), NAME);
        FeluccaException e = assertRefused(
                ErrorCode.NOT_FOUND,
                () -> fixture.images.load(
                        ImportRequest.layout(NS, layout).platform(Platform.of("aix", "ppc64")), Progress.NONE));
        assertTrue(e.getMessage().contains("nothing for aix/ppc64"), e.getMessage());
    }

    @Test
    void load_schema1_isRefusedByName() throws IOException {
        Path layout = layout(image, Map.of(Annotations.REF_NAME, NAME));
        byte[] document = "{\"schemaVersion\": 1}".getBytes(StandardCharsets.UTF_8);
        MediaType type = new MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws");
        Descriptor old = Descriptor.of(type, document).withAnnotations(Map.of(Annotations.REF_NAME, NAME));
        write(layout.resolve(ImageLayout.blobPath(old.digest())), document);
        write(
                layout.resolve(ImageLayout.INDEX_FILE),
                Json.bytes(ImageIndex.of(List.of(old)).toJson()));
        FeluccaException e = assertRefused(
                ErrorCode.UNSUPPORTED, () -> fixture.images.load(ImportRequest.layout(NS, layout), Progress.NONE));
        assertTrue(e.getMessage().contains("Docker schema 1 manifest"), e.getMessage());
    }

    @Test
    void load_layoutWithDamagedBlob_isRefused() throws IOException {
        Path layout = layout(image, Map.of(Annotations.REF_NAME, NAME));
        Path blob = layout.resolve(ImageLayout.blobPath(image.layers.get(2).digest()));
        byte[] content = Files.readAllBytes(blob);
        content[100] ^= 1;
        Files.write(blob, content);
        assertRefused(ErrorCode.DATA_LOSS, () -> fixture.images.load(ImportRequest.layout(NS, layout), Progress.NONE));
        assertEquals(List.of(), fixture.images.list(NS));
        assertEquals(2, fixture.committed().size());
        assertCleanEnd();
    }

    @Test
    void load_layoutWithoutABlob_isNotFound() throws IOException {
        Path layout = layout(image, Map.of(Annotations.REF_NAME, NAME));
        Files.delete(layout.resolve(ImageLayout.blobPath(image.layers.get(0).digest())));
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.images.load(ImportRequest.layout(NS, layout), Progress.NONE));
        assertCleanEnd();
    }

    @Test
    void load_directoryThatIsNoLayout_isRefusedNamingTheFile() {
        FeluccaException e = assertRefused(
                ErrorCode.INVALID_ARGUMENT, () -> fixture.images.load(ImportRequest.layout(NS, root), Progress.NONE));
        assertTrue(e.getMessage().contains("it has no file oci-layout"), e.getMessage());
    }

    @Test
    void load_archiveCutAnywhere_isRefusedAndLeavesNoIngest() throws Exception {
        byte[] whole = tar(layout(image, Map.of(Annotations.REF_NAME, NAME)), "--format=pax");
        for (int length : new int[] {0, 1, 100, 512, 700, 5000, whole.length / 2, 120_000}) {
            FeluccaException e =
                    assertThrows(FeluccaException.class, () -> load(Arrays.copyOf(whole, length)), "cut at " + length);
            assertTrue(e.is(ErrorCode.DATA_LOSS) || e.is(ErrorCode.INVALID_ARGUMENT), e.toString());
            assertCleanEnd();
        }
        byte[] gzip = TestImage.gzip(whole);
        assertRefused(ErrorCode.DATA_LOSS, () -> load(Arrays.copyOf(gzip, gzip.length - 4)));
        byte[] zstd = Zstd.compress(whole);
        assertRefused(ErrorCode.DATA_LOSS, () -> load(Arrays.copyOf(zstd, zstd.length / 2)));
        byte[] damaged = zstd.clone();
        damaged[50] ^= 0x55;
        damaged[51] ^= 0x55;
        assertThrows(FeluccaException.class, () -> load(damaged));
        assertEquals(List.of(), fixture.images.list(NS));
    }

    @Test
    void load_archiveWithABlobUnderAWrongName_isRefused() throws Exception {
        Path layout = layout(image, Map.of(Annotations.REF_NAME, NAME));
        Files.writeString(layout.resolve(ImageLayout.blobPath(Digest.of(new byte[] {9}))), "something else");
        FeluccaException e = assertRefused(ErrorCode.DATA_LOSS, () -> load(tar(layout, "--format=pax")));
        assertTrue(e.getMessage().contains(Digest.of(new byte[] {9}).toString()), e.getMessage());
        assertCleanEnd();
    }

    @Test
    void load_archiveWithABlobOfAnUnknownAlgorithm_isRefused() throws Exception {
        Path layout = layout(image, Map.of(Annotations.REF_NAME, NAME));
        write(layout.resolve("blobs/md5/d41d8cd98f00b204e9800998ecf8427e"), new byte[0]);
        FeluccaException e = assertRefused(ErrorCode.INVALID_ARGUMENT, () -> load(tar(layout, "--format=pax")));
        assertTrue(e.getMessage().contains("md5"), e.getMessage());
        assertCleanEnd();
    }

    @Test
    void load_somethingElse_isRefused() throws Exception {
        Path directory = Files.createDirectory(root.resolve("other"));
        Files.writeString(directory.resolve("file"), "x");
        FeluccaException e = assertRefused(ErrorCode.INVALID_ARGUMENT, () -> load(tar(directory, "--format=pax")));
        assertTrue(e.getMessage().contains("neither index.json nor manifest.json"), e.getMessage());
        assertRefused(
                ErrorCode.DATA_LOSS,
                () -> load("this is no archive at all".repeat(100).getBytes()));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> load(new byte[0]));
    }

    @Test
    void load_archiveEntryThatLeavesIt_isRefused() throws Exception {
        Path directory = Files.createDirectory(root.resolve("evil"));
        Files.writeString(directory.resolve("file"), "x");
        byte[] archive = tar(directory, "--format=pax", "--transform=s,file,../../etc/file,", "-P");
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> load(archive));
    }

    @Test
    void load_oldDockerArchiveWithLinkedLayer_importsIt() throws Exception {
        TestImage plain = new TestImage(7, HOST, 1);
        List<Digest> diffIds = List.of(plain.diffIds.get(0), plain.diffIds.get(0));
        Path directory = Files.createDirectory(root.resolve("docker"));
        write(directory.resolve("aaa/layer.tar"), plain.tars.get(0));
        write(directory.resolve("aaa/VERSION"), "1.0".getBytes(StandardCharsets.UTF_8));
        Files.createDirectory(directory.resolve("bbb"));
        Files.createSymbolicLink(directory.resolve("bbb/layer.tar"), Path.of("../aaa/layer.tar"));
        byte[] config = TestImage.config(HOST, diffIds);
        write(directory.resolve(Digest.of(config).hex() + ".json"), config);
        JsonObject item = JsonObject.builder()
                .put("Config", Digest.of(config).hex() + ".json")
                .strings("RepoTags", List.of("felucca/app:1", "second:2"))
                .strings("Layers", List.of("aaa/layer.tar", "bbb/layer.tar"))
                .build();
        write(directory.resolve("manifest.json"), Json.bytes(new JsonArray(List.of(item))));
        List<ImageDetail> details = load(tar(directory, "--format=ustar"));
        assertEquals(
                List.of(NAME, "docker.io/library/second:2"),
                details.stream().map(detail -> detail.image().name().toString()).toList());
        assertEquals(diffIds, details.get(0).config().diffIds());
        assertEquals(
                MediaType.OCI_LAYER, details.get(0).manifest().layers().get(0).mediaType());
        assertEquals(Digest.of(config), details.get(0).id());
        assertEquals(2, fixture.committed().size());
        assertCleanEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-archive", "oci-archive"})
    void load_archiveOfSkopeo_givesTheSameLayers(String form) throws Exception {
        // One layer, which is gzip: a docker-archive has no zstd.
        TestImage simple = new TestImage(8, HOST, 1);
        Path layout = layout(simple, Map.of(Annotations.REF_NAME, "v1"));
        Path archive = root.resolve(form + ".tar");
        run("skopeo", "--insecure-policy", "copy", "oci:" + layout + ":v1", form + ":" + archive + ":" + NAME);
        List<ImageDetail> details;
        try (var in = Files.newInputStream(archive)) {
            details = fixture.images.load(ImportRequest.archive(NS, in, archive.toString()), Progress.NONE);
        }
        assertEquals(NAME, details.get(0).image().name().toString());
        assertEquals(simple.diffIds, details.get(0).config().diffIds());
        assertEquals(simple.chain().stream().map(Digest::toString).toList(), fixture.committed());
        assertCleanEnd();
    }

    @Test
    void load_archive_leasesEveryBlobAndRecordsThoseOfTheImage() throws Exception {
        assertLoaded(load(tar(layout(image, Map.of(Annotations.REF_NAME, NAME)), "--format=pax")), NAME);
        Set<String> recorded = fixture.metadata.list(RecordKind.CONTENT).stream()
                .map(record -> record.id().key())
                .collect(Collectors.toSet());
        assertEquals(image.blobs.keySet().stream().map(Digest::toString).collect(Collectors.toSet()), recorded);
        Set<String> leased = fixture.leased.stream().map(RecordId::key).collect(Collectors.toSet());
        assertTrue(leased.containsAll(
                fixture.blobs().stream().map(Digest::toString).toList()));
    }

    private void assertLoaded(List<ImageDetail> details, String name) {
        assertEquals(1, details.size());
        assertEquals(name, details.get(0).image().name().toString());
        assertEquals(image.manifest, plain(details.get(0).manifestDescriptor()));
        assertEquals(image.chain().stream().map(Digest::toString).toList(), fixture.committed());
        assertTrue(fixture.images.find(NS, name).isPresent());
        assertCleanEnd();
    }

    private static Descriptor plain(Descriptor descriptor) {
        return Descriptor.of(descriptor.mediaType(), descriptor.digest(), descriptor.size());
    }

    private void assertCleanEnd() {
        assertEquals(0, fixture.openLeases());
        assertEquals(List.of(), fixture.active());
        assertEquals(List.of(), fixture.ingests());
    }

    private List<ImageDetail> load(byte[] archive) {
        return fixture.images.load(
                ImportRequest.archive(NS, new ByteArrayInputStream(archive), "stdin"), Progress.NONE);
    }

    private Path layout(TestImage content, Map<String, String> annotations) throws IOException {
        Path layout = Files.createDirectory(root.resolve("layout"));
        content.blobs.forEach((digest, bytes) -> write(layout.resolve(ImageLayout.blobPath(digest)), bytes));
        write(layout.resolve(ImageLayout.MARKER_FILE), Json.bytes(ImageLayout.marker()));
        write(
                layout.resolve(ImageLayout.INDEX_FILE),
                Json.bytes(ImageIndex.of(List.of(content.manifest.withAnnotations(annotations)))
                        .toJson()));
        return layout;
    }

    private byte[] tar(Path directory, String... options) throws IOException, InterruptedException {
        Path archive = Files.createTempFile(root, "archive", ".tar");
        List<String> command = Stream.of(
                        Stream.of("tar", "-C", directory.toString(), "-cf", archive.toString()),
                        Stream.of(options),
                        Stream.of("."))
                .flatMap(part -> part)
                .toList();
        run(command.toArray(String[]::new));
        return Files.readAllBytes(archive);
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(root, "log", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static FeluccaException assertRefused(ErrorCode code, Executable call) {
        FeluccaException e = assertThrows(FeluccaException.class, call);
        assertEquals(code, e.code(), e::getMessage);
        return e;
    }
}
