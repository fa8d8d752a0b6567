package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.ScriptedServer.Answer;
import org.felucca.registry.ScriptedServer.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags and referrers, in pages, from registries that do and do not have the API. */
class ListingTest {
    private static final MediaType SBOM = new MediaType("application/vnd.example.sbom+json");
    private static final MediaType SIGNATURE = new MediaType("application/vnd.example.signature");
    private static final Digest SUBJECT = Digest.of("subject".getBytes(StandardCharsets.UTF_8));
    private static final String TAGS = "/v2/team/app/tags/list";
    private static final String REFERRERS = "/v2/team/app/referrers/" + SUBJECT;

    @TempDir
    Path directory;

    @Test
    void tags_ofSeveralPages_areAllAndSorted() throws Exception {
        Script script = (n, request) -> switch (request.path()) {
            case TAGS + "?n=1000" -> page("{\"name\":\"team/app\",\"tags\":[\"b\",\"a\"]}", TAGS + "?n=1000&last=a");
            case TAGS + "?n=1000&last=a" -> page("{\"tags\":[\"c\"]}", "list?last=c");
            case TAGS + "?last=c" -> page("{\"tags\":null}", "");
            default -> ScriptedServer.answer(404, "", new byte[0]);
        };
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            assertEquals(List.of("a", "b", "c"), client.source.tags(name(server)));
            assertEquals(3, server.requests().size());
        }
    }

    @Test
    void tags_nextPageElsewhere_isNotFollowed() throws Exception {
        try (ScriptedServer thief = new ScriptedServer((n, request) -> page("{\"tags\":[]}", ""));
                ScriptedServer server = new ScriptedServer(
                        (n, request) -> page("{\"tags\":[\"a\"]}", "http://" + thief.domain() + TAGS));
                TestClient client = new TestClient()) {
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.tags(name(server)));
            assertEquals(ErrorCode.UNAVAILABLE, e.code());
            assertTrue(e.getMessage().contains("the next page must lie at the same host"), e::getMessage);
            assertEquals(List.of(), thief.requests());
        }
    }

    @Test
    void tags_unknownRepository_isNotFound() throws Exception {
        byte[] words = "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8);
        try (ScriptedServer server = new ScriptedServer((n, request) -> ScriptedServer.answer(404, "", words));
                TestClient client = new TestClient()) {
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.tags(name(server)));
            assertEquals(ErrorCode.NOT_FOUND, e.code());
            assertTrue(e.getMessage().startsWith("cannot list tags of " + server.domain() + "/team/app: "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "[]", "{\"tags\":[5]}", "{\"tags\":\"a\"}"})
    void tags_answerThatIsNoList_isDataLoss(String document) throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, request) -> page(document, ""));
                TestClient client = new TestClient()) {
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.tags(name(server)));
            assertEquals(ErrorCode.DATA_LOSS, e.code(), e::getMessage);
        }
    }

    @Test
    void referrers_ofSeveralPages_areAll() throws Exception {
        Descriptor first = artifact("first", SBOM);
        Descriptor second = artifact("second", SIGNATURE);
        Script script = (n, request) ->
                request.path().equals(REFERRERS) ? page(index(first), REFERRERS + "?page=2") : page(index(second), "");
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            assertEquals(List.of(first, second), client.source.referrers(pinned(server), null));
            assertEquals(MediaType.OCI_INDEX.value(), server.requests().get(0).header("Accept"));
        }
    }

    @Test
    void referrers_ofOneType_areAskedForAndChosenHereToo() throws Exception {
        Descriptor first = artifact("first", SBOM);
        Descriptor second = artifact("second", SIGNATURE);
        try (ScriptedServer server = new ScriptedServer((n, request) -> page(index(first, second), ""));
                TestClient client = new TestClient()) {
            assertEquals(List.of(first), client.source.referrers(pinned(server), SBOM));
            assertEquals(
                    REFERRERS + "?artifactType=application%2Fvnd.example.sbom%2Bjson",
                    server.requests().get(0).path());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405})
    void referrers_registryWithoutTheApi_areReadFromTheTag(int status) throws Exception {
        Descriptor first = artifact("first", SBOM);
        Descriptor second = artifact("second", SIGNATURE);
        String tag = "/v2/team/app/manifests/sha256-" + SUBJECT.hex();
        Script script = (n, request) -> request.path().equals(tag)
                ? page(index(first, second), "")
                : ScriptedServer.answer(status, "", "404 page not found".getBytes(StandardCharsets.UTF_8));
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            assertEquals(List.of(second), client.source.referrers(pinned(server), SIGNATURE));
        }
    }

    @Test
    void referrers_nothingAnywhere_areNone() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, request) -> ScriptedServer.answer(404, "", new byte[0]));
                TestClient client = new TestClient()) {
            assertEquals(List.of(), client.source.referrers(pinned(server), null));
            assertEquals(2, server.requests().size());
        }
    }

    @Test
    void tagsAndReferrers_ofDockerRegistry_areWhatWasPushed() throws Exception {
        try (DockerRegistry registry = new DockerRegistry(directory, "", "");
                TestClient client = new TestClient()) {
            String repository = registry.domain() + "/team/app";
            Descriptor image = push(client, repository + ":1", null, null);
            push(client, repository + ":2", null, null);
            ImageReference name = ImageReference.parse(repository + ":1");
            assertEquals(List.of("1", "2"), client.source.tags(name));
            assertEquals(List.of(), client.source.referrers(name, null));

            Descriptor sbom = push(client, repository + ":sbom", image, SBOM);
            Descriptor listed = sbom.withArtifactType(SBOM);
            byte[] index = Json.bytes(ImageIndex.of(List.of(listed)).toJson());
            ImageReference fallback = ImageReference.parse(
                    repository + ":sha256-" + image.digest().hex());
            client.source.putManifest(fallback, Descriptor.of(MediaType.OCI_INDEX, index), index);
            assertEquals(List.of(listed), client.source.referrers(name, null));
            assertEquals(List.of(listed), client.source.referrers(name, SBOM));
            assertEquals(List.of(), client.source.referrers(name, SIGNATURE));
        }
    }

    private static Descriptor push(TestClient client, String name, Descriptor subject, MediaType artifactType) {
        ImageReference reference = ImageReference.parse(name);
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
        Descriptor empty = Descriptor.of(MediaType.OCI_EMPTY, nothing);
        client.source.putBlob(
                reference, empty, offset -> new ByteArrayInputStream(nothing, (int) offset, 2), Optional.empty());
        byte[] document = Json.bytes(
                new Manifest(MediaType.OCI_MANIFEST, empty, List.of(empty), Map.of("name", name), artifactType, subject)
                        .toJson());
        Descriptor manifest = Descriptor.of(MediaType.OCI_MANIFEST, document);
        client.source.putManifest(reference, manifest, document);
        return manifest;
    }

    private static Descriptor artifact(String seed, MediaType type) {
        return Descriptor.of(MediaType.OCI_MANIFEST, seed.getBytes(StandardCharsets.UTF_8))
                .withArtifactType(type);
    }

    private static String index(Descriptor... entries) {
        return new String(Json.bytes(ImageIndex.of(List.of(entries)).toJson()), StandardCharsets.UTF_8);
    }

    private static Answer page(String document, String next) {
        String link = next.isEmpty() ? "" : "Link: <" + next + ">; rel=\"next\"\r\n";
        return ScriptedServer.answer(200, link, document.getBytes(StandardCharsets.UTF_8));
    }

    private static ImageReference name(ScriptedServer server) {
        return ImageReference.parse(server.domain() + "/team/app:1");
    }

    private static ImageReference pinned(ScriptedServer server) {
        return ImageReference.parse(server.domain() + "/team/app@" + SUBJECT);
    }
}
