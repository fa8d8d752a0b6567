package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ExportRequest;
import org.felucca.api.image.ExportRequest.Form;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImportRequest;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PullRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportTest {
    private static final NamespaceName NS = NamespaceName.DEFAULT;
    private static final Platform HOST = Platform.host();

    @TempDir
    Path root;

    private Fixture fixture;
    private final TestImage first = new TestImage(1, HOST, 3);
    private final TestImage second = new TestImage(2, HOST, 1);

    @BeforeEach
    void start() {
        fixture = new Fixture(root.resolve("state"));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private Image pulled(String tag, TestImage image) {
        fixture.serve(tag, image);
        return fixture.images
                .pull(PullRequest.of(NS, ImageReference.parse("example.com/team/app:" + tag)), Progress.NONE)
                .image();
    }

    private byte[] exported(Form form, Image... images) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fixture.images.export(ExportRequest.of(List.of(images)).form(form), out);
        return out.toByteArray();
    }

    private Path file(byte[] archive) throws IOException {
        return Files.write(root.resolve("archive.tar"), archive);
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

    @ParameterizedTest
    @EnumSource(Form.class)
    void export_ofSeveral_isReproducibleAndComesBackWhole(Form form) {
        Image one = pulled("1", first);
        Image two = pulled("2", second);
        Image again = fixture.images.tag(one, ImageReference.parse("example.com/team/app:again"));
        byte[] archive = exported(form, one, two, again);
        assertArrayEquals(archive, exported(form, again, two, one), "the order of names does not count");
        for (Image image : List.of(one, two, again)) {
            fixture.images.remove(NS, image.name());
        }
        List<ImageDetail> loaded = fixture.images.load(
                ImportRequest.archive(NS, new ByteArrayInputStream(archive), "archive"), Progress.NONE);
        List<String> names = new ArrayList<>();
        loaded.forEach(detail -> names.add(detail.image().name().tag().orElseThrow() + " " + detail.id()));
        names.sort(null);
        assertEquals(
                List.of("1 " + first.config.digest(), "2 " + second.config.digest(), "again " + first.config.digest()),
                names);
        assertEquals(0, fixture.openLeases());
    }

    @Test
    void export_oldDockerForm_isWhatOtherToolsRead() throws Exception {
        Path archive = file(exported(Form.DOCKER, pulled("1", first), pulled("2", second)));
        for (TestImage image : List.of(first, second)) {
            String tag = image == first ? "1" : "2";
            byte[] config = run(
                    "skopeo",
                    "inspect",
                    "--config",
                    "--raw",
                    "docker-archive:" + archive + ":example.com/team/app:" + tag);
            assertEquals(image.config.digest(), Digest.of(config));
        }
        String listed = new String(run("tar", "-tf", archive.toString()), StandardCharsets.UTF_8);
        assertEquals(
                4, listed.lines().filter(line -> line.endsWith("/layer.tar")).count(), listed);
        assertTrue(listed.startsWith("manifest.json\nrepositories\n"), listed);
        byte[] repositories = run("tar", "-xOf", archive.toString(), "repositories");
        String text = new String(repositories, StandardCharsets.UTF_8);
        assertTrue(
                text.matches("\\{\"example.com/team/app\":\\{\"1\":\"[0-9a-f]{64}\",\"2\":\"[0-9a-f]{64}\"}}"), text);
    }

    @Test
    void export_layoutForm_holdsNothingElse() throws Exception {
        Path archive = file(exported(Form.LAYOUT, pulled("1", first)));
        String listed = new String(run("tar", "-tf", archive.toString()), StandardCharsets.UTF_8);
        assertFalse(listed.contains("manifest.json"), listed);
        assertEquals(
                first.manifest.digest(), Digest.of(run("skopeo", "inspect", "--raw", "oci-archive:" + archive + ":1")));
    }

    @Test
    void export_layerOfSeveralGzipMembers_isWrittenWhole() throws Exception {
        byte[] tar = first.tars.get(0);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(TestImage.gzip(Arrays.copyOf(tar, 10)));
        members.writeBytes(TestImage.gzip(Arrays.copyOfRange(tar, 10, tar.length)));
        TestImage image = new TestImage(1, HOST, 1);
        Descriptor layer = image.put(MediaType.OCI_LAYER_GZIP, members.toByteArray());
        Descriptor manifest = image.put(
                MediaType.OCI_MANIFEST,
                Json.bytes(Manifest.of(image.config, List.of(layer)).toJson()));
        fixture.source.blobs.putAll(image.blobs);
        fixture.source.tags.put("members", manifest);
        Image pulled = fixture.images
                .pull(PullRequest.of(NS, ImageReference.parse("example.com/team/app:members")), Progress.NONE)
                .image();
        Path archive = file(exported(Form.DOCKER, pulled));
        byte[] written = run("sh", "-c", "tar -xOf " + archive + " --wildcards '*/layer.tar'");
        assertArrayEquals(tar, written);
    }

    @Test
    void export_toADirectory_isALayout() throws Exception {
        Path directory = root.resolve("out");
        fixture.images.export(ExportRequest.of(List.of(pulled("1", first))).form(Form.LAYOUT), directory);
        assertEquals(first.manifest.digest(), Digest.of(run("skopeo", "inspect", "--raw", "oci:" + directory + ":1")));
        List<ImageDetail> loaded = fixture.images.load(ImportRequest.layout(NS, directory), Progress.NONE);
        assertEquals(first.config.digest(), loaded.get(0).id());
    }

    @Test
    void export_toATakenDirectory_isRefused() throws Exception {
        Path directory = Files.createDirectory(root.resolve("out"));
        Path kept = Files.createFile(directory.resolve("kept"));
        ExportRequest request = ExportRequest.of(List.of(pulled("1", first))).form(Form.LAYOUT);
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> fixture.images.export(request, directory));
        assertEquals(ErrorCode.ALREADY_EXISTS, refused.code());
        assertTrue(Files.exists(kept));
        Files.delete(kept);
        fixture.images.export(request, directory);
        assertTrue(Files.exists(directory.resolve(ImageLayout.INDEX_FILE)));
        refused =
                assertThrows(FeluccaException.class, () -> fixture.images.export(request, root.resolve("nowhere/out")));
        assertEquals(ErrorCode.NOT_FOUND, refused.code());
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void export_ofADamagedLayer_failsAndLeavesNoDirectory(Form form) throws Exception {
        Image image = pulled("1", first);
        Descriptor layer = first.layers.get(2);
        Path blob;
        try (var files = Files.walk(root.resolve("state/content"))) {
            blob = files.filter(file ->
                            file.getFileName().toString().equals(layer.digest().hex()))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length - 1] ^= 1;
        Files.delete(blob);
        Files.write(blob, bytes);
        FeluccaException damaged = assertThrows(FeluccaException.class, () -> exported(form, image));
        assertEquals(ErrorCode.DATA_LOSS, damaged.code(), damaged.getMessage());
        Path directory = root.resolve("out");
        ExportRequest request = ExportRequest.of(List.of(image)).form(form);
        assertThrows(FeluccaException.class, () -> fixture.images.export(request, directory));
        try (var left = Files.list(root)) {
            assertEquals(
                    Map.of(),
                    left.filter(path -> path.getFileName().toString().contains("out"))
                            .collect(java.util.stream.Collectors.toMap(path -> path, path -> "left")));
        }
    }

    @Test
    void export_ofAllPlatformsInTheOldDockerForm_isRefused() {
        Image image = pulled("1", first);
        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> fixture.images.export(
                        ExportRequest.of(List.of(image)).everyPlatform().form(Form.DOCKER),
                        new ByteArrayOutputStream()));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
    }
}
