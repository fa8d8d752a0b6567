package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.ScriptedServer.Answer;
import org.felucca.registry.ScriptedServer.Request;
import org.felucca.registry.ScriptedServer.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushing to a registry that misbehaves. */
class UploadTest {
    private static final byte[] BLOB = "0123456789".repeat(100).getBytes(StandardCharsets.US_ASCII);
    private static final Descriptor LAYER = Descriptor.of(MediaType.OCI_LAYER, BLOB);

    @Test
    void putBlob_thatIsThere_sendsNothing() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> status(200, ""));
                TestClient client = new TestClient()) {
            assertFalse(put(client, server, Optional.empty()));
            assertEquals(List.of("HEAD"), methods(server));
        }
    }

    @Test
    void putBlob_thatASiblingHas_isMounted() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        (number, request) -> status(request.method().equals("HEAD") ? 404 : 201, ""));
                TestClient client = new TestClient()) {
            ImageReference sibling = ImageReference.parse(server.domain() + "/other/app");
            assertFalse(put(client, server, Optional.of(sibling)));
            assertEquals(
                    "/v2/team/app/blobs/uploads/?mount=" + LAYER.digest() + "&from=other/app",
                    server.requests().get(1).path());
        }
    }

    @Test
    void putBlob_whoseMountIsForbidden_isSent() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) ->
                        request.path().contains("mount=") ? status(403, "") : registry(request, ""));
                TestClient client = new TestClient()) {
            assertTrue(put(client, server, Optional.of(ImageReference.parse(server.domain() + "/other/app"))));
            assertEquals(List.of("HEAD", "POST", "POST", "PATCH", "PUT"), methods(server));
        }
    }

    @Test
    void putBlob_afterACut_goesOnWhereTheRegistryStands() throws Exception {
        boolean[] cut = {false};
        try (ScriptedServer server = new ScriptedServer((number, request) -> {
                    if (request.method().equals("PATCH") && !cut[0]) {
                        cut[0] = true;
                        return new Answer(new byte[0], false);
                    }
                    return registry(request, "Range: 0-399\r\n");
                });
                TestClient client = new TestClient()) {
            assertTrue(put(client, server, Optional.empty()));
            assertEquals(List.of("HEAD", "POST", "PATCH", "GET", "PATCH", "PUT"), methods(server));
            Request second = server.requests().get(4);
            assertEquals("400-999", second.header("Content-Range"));
            assertEquals(new String(BLOB, 400, 600, StandardCharsets.US_ASCII), second.body());
            assertEquals(1, client.waits.size());
        }
    }

    @Test
    void putBlob_whoseUploadIsForgotten_beginsAnew() throws Exception {
        boolean[] lost = {false};
        try (ScriptedServer server = new ScriptedServer((number, request) -> {
                    if (request.method().equals("PATCH") && !lost[0]) {
                        lost[0] = true;
                        return status(404, "");
                    }
                    return request.method().equals("GET") ? status(404, "") : registry(request, "");
                });
                TestClient client = new TestClient()) {
            assertTrue(put(client, server, Optional.empty()));
            assertEquals(List.of("HEAD", "POST", "PATCH", "GET", "POST", "PATCH", "PUT"), methods(server));
        }
    }

    @Test
    void putBlob_afterAPushThatGaveUp_goesOnWhereItStopped() throws Exception {
        boolean[] down = {true};
        Script script = (number, request) -> switch (request.method()) {
            case "PATCH" -> down[0] ? new Answer(new byte[0], false) : registry(request, "");
            case "GET" -> down[0] ? status(503, "") : status(204, "Location: /up?s=2\r\nRange: 0-399\r\n");
            default -> registry(request, "");
        };
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            FeluccaException broken = assertThrows(FeluccaException.class, () -> put(client, server, Optional.empty()));
            assertEquals(ErrorCode.UNAVAILABLE, broken.code());
            assertFalse(
                    methods(server).contains("DELETE"), () -> methods(server).toString());
            int before = server.requests().size();
            down[0] = false;
            assertTrue(put(client, server, Optional.of(ImageReference.parse(server.domain() + "/other/app"))));
            assertEquals(
                    List.of("HEAD", "GET", "PATCH", "PUT"),
                    methods(server).subList(before, methods(server).size()));
            assertEquals("400-999", server.requests().get(before + 2).header("Content-Range"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 416})
    void putBlob_afterAPushThatGaveUpAndIsForgotten_beginsAnew(int status) throws Exception {
        boolean[] down = {true};
        Script script = (number, request) -> switch (request.method()) {
            case "PATCH" -> down[0] ? new Answer(new byte[0], false) : registry(request, "");
            case "GET" -> status(down[0] ? 503 : status, "");
            default -> registry(request, "");
        };
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            assertThrows(FeluccaException.class, () -> put(client, server, Optional.empty()));
            int before = server.requests().size();
            down[0] = false;
            assertTrue(put(client, server, Optional.empty()));
            assertEquals(
                    List.of("HEAD", "GET", "POST", "PATCH", "PUT"),
                    methods(server).subList(before, methods(server).size()));
        }
    }

    @Test
    void putBlob_throttledForTooLong_givesUpAndTakesTheUploadAway() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer((number, request) -> request.method().equals("PATCH")
                                ? status(429, "Retry-After: 3600\r\n")
                                : registry(request, ""));
                TestClient client = new TestClient()) {
            FeluccaException refused =
                    assertThrows(FeluccaException.class, () -> put(client, server, Optional.empty()));
            assertEquals(ErrorCode.RESOURCE_EXHAUSTED, refused.code());
            assertEquals(List.of("HEAD", "POST", "PATCH", "DELETE"), methods(server));
            assertEquals(List.of(), client.waits);
        }
    }

    @Test
    void putBlob_thatArrivesDamaged_isDataLossAndNotRepeated() throws Exception {
        byte[] words = "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}".getBytes(StandardCharsets.US_ASCII);
        try (ScriptedServer server =
                        new ScriptedServer((number, request) -> request.method().equals("PUT")
                                ? ScriptedServer.answer(400, "", words)
                                : registry(request, ""));
                TestClient client = new TestClient()) {
            FeluccaException refused =
                    assertThrows(FeluccaException.class, () -> put(client, server, Optional.empty()));
            assertEquals(ErrorCode.DATA_LOSS, refused.code());
            assertTrue(refused.getMessage().contains("DIGEST_INVALID"), refused.getMessage());
            assertEquals(List.of("HEAD", "POST", "PATCH", "PUT", "DELETE"), methods(server));
        }
    }

    @Test
    void putBlob_sentElsewhere_carriesNoAuthorizationThere() throws Exception {
        try (ScriptedServer storage = new ScriptedServer((number, request) -> registry(request, ""));
                ScriptedServer server = new ScriptedServer((number, request) -> {
                    if (request.header("Authorization").isEmpty()) {
                        return status(401, "WWW-Authenticate: Basic realm=\"r\"\r\n");
                    }
                    return request.method().equals("HEAD")
                            ? status(404, "")
                            : status(202, "Location: http://" + storage.domain() + "/up?s=1\r\n");
                });
                TestClient client = new TestClient().withCredentials("ann", "secret")) {
            assertTrue(put(client, server, Optional.empty()));
            assertEquals(List.of("PATCH", "PUT"), methods(storage));
            storage.requests().forEach(request -> assertEquals("", request.header("Authorization")));
        }
    }

    @Test
    void putBlob_sentToAPlainForeignHost_isRefused() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer((number, request) -> request.method().equals("HEAD")
                                ? status(404, "")
                                : status(202, "Location: http://storage.example/up\r\n"));
                TestClient client = new TestClient()) {
            FeluccaException refused =
                    assertThrows(FeluccaException.class, () -> put(client, server, Optional.empty()));
            assertTrue(refused.getMessage().contains("storage.example"), refused.getMessage());
        }
    }

    @Test
    void putBlob_cutEachTime_closesWhatItOpened() throws Exception {
        assertEveryStreamIsClosed(new Answer(new byte[0], false));
    }

    @Test
    void putBlob_refusedBeforeItIsRead_closesWhatItOpened() throws Exception {
        assertEveryStreamIsClosed(status(401, "WWW-Authenticate: Basic realm=\"r\"\r\n"));
    }

    /** Sends more than the kernel's buffers take to a registry that reads nothing of it. */
    private static void assertEveryStreamIsClosed(Answer answer) throws Exception {
        byte[] large = new byte[15 << 20];
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(
                        (number, request) -> request.method().equals("PATCH") ? answer : registry(request, ""), true);
                TestClient client = new TestClient().withCredentials("ann", "secret")) {
            ImageReference target = ImageReference.parse(server.domain() + "/team/app:1");
            Descriptor layer = Descriptor.of(MediaType.OCI_LAYER, large);
            assertThrows(
                    FeluccaException.class,
                    () -> client.source.putBlob(
                            target,
                            layer,
                            offset -> {
                                opened.incrementAndGet();
                                return new ByteArrayInputStream(large, (int) offset, large.length - (int) offset) {
                                    @Override
                                    public void close() {
                                        closed.incrementAndGet();
                                    }
                                };
                            },
                            Optional.empty()));
            assertTrue(opened.get() > 0);
            assertEquals(opened.get(), closed.get());
        }
    }

    @Test
    void putManifest_storedUnderAnotherDigest_isDataLoss() throws Exception {
        String other = Descriptor.of(MediaType.OCI_LAYER, new byte[1]).digest().toString();
        try (ScriptedServer server = new ScriptedServer(
                        (number, request) -> status(201, "Docker-Content-Digest: " + other + "\r\n"));
                TestClient client = new TestClient()) {
            Descriptor manifest = Descriptor.of(MediaType.OCI_MANIFEST, BLOB);
            ImageReference target = ImageReference.parse(server.domain() + "/team/app:1");
            FeluccaException refused =
                    assertThrows(FeluccaException.class, () -> client.source.putManifest(target, manifest, BLOB));
            assertEquals(ErrorCode.DATA_LOSS, refused.code());
            assertEquals("/v2/team/app/manifests/1", server.requests().get(0).path());
            assertEquals(
                    MediaType.OCI_MANIFEST.value(), server.requests().get(0).header("Content-Type"));
        }
    }

    private static boolean put(TestClient client, ScriptedServer server, Optional<ImageReference> sibling) {
        return client.source.putBlob(
                ImageReference.parse(server.domain() + "/team/app:1"),
                LAYER,
                offset -> new ByteArrayInputStream(BLOB, (int) offset, BLOB.length - (int) offset),
                sibling);
    }

    /** A registry that behaves, and says this about an upload when it is asked. */
    private static Answer registry(Request request, String progress) throws IOException {
        return switch (request.method()) {
            case "HEAD" -> status(404, "");
            case "PUT" -> status(201, "");
            case "GET" -> status(204, progress);
            default -> status(202, "Location: /v2/team/app/blobs/uploads/1?state=x\r\n");
        };
    }

    private static Answer status(int status, String headers) {
        return ScriptedServer.answer(status, headers, new byte[0]);
    }

    private static List<String> methods(ScriptedServer server) {
        return server.requests().stream().map(Request::method).toList();
    }
}
