package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.ScriptedServer.Answer;
import org.felucca.registry.ScriptedServer.Request;
import org.felucca.registry.ScriptedServer.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A registry that drops, truncates, stalls and refuses. */
class FlakyRegistryTest {
    private static final byte[] BLOB = blob();
    private static final Descriptor LAYER = Descriptor.of(MediaType.OCI_LAYER_GZIP, BLOB);
    private static final byte[] ERROR =
            "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"slow down\"}]}".getBytes(StandardCharsets.UTF_8);

    @Test
    void fetch_connectionThatBreaksOffRepeatedly_isResumedWhereItStopped() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> rest(request, 30_000));
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertArrayEquals(BLOB, in.readAllBytes());
            assertEquals(4, server.requests().size());
            assertEquals("", server.requests().get(0).header("Range"));
            assertEquals("bytes=30000-", server.requests().get(1).header("Range"));
            assertEquals("bytes=90000-", server.requests().get(3).header("Range"));
            assertEquals(3, client.waits.size());
        }
    }

    @Test
    void fetch_fromAnOffset_asksForTheRest() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> rest(request, BLOB.length));
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 99_999)) {
            assertArrayEquals(new byte[] {BLOB[99_999]}, in.readAllBytes());
            assertEquals("bytes=99999-", server.requests().get(0).header("Range"));
        }
    }

    @Test
    void fetchPart_connectionThatBreaksOff_isResumedAndEndsWithThePart() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> rest(request, 10_000));
                TestClient client = new TestClient();
                InputStream in = client.source
                        .fetchPart(repository(server), LAYER, 20_000, 25_000)
                        .orElseThrow()) {
            assertArrayEquals(Arrays.copyOfRange(BLOB, 20_000, 45_000), in.readAllBytes());
            assertEquals(
                    List.of("bytes=20000-44999", "bytes=30000-44999", "bytes=40000-44999"),
                    server.requests().stream()
                            .map(request -> request.header("Range"))
                            .toList());
        }
    }

    @Test
    void fetchPart_theLast_asksForTheRest() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> rest(request, BLOB.length));
                TestClient client = new TestClient();
                InputStream in = client.source
                        .fetchPart(repository(server), LAYER, 90_000, 10_000)
                        .orElseThrow()) {
            assertArrayEquals(Arrays.copyOfRange(BLOB, 90_000, 100_000), in.readAllBytes());
            assertEquals("bytes=90000-", server.requests().get(0).header("Range"));
        }
    }

    @Test
    void fetchPart_serverThatSendsAll_givesNone() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> ScriptedServer.answer(200, "", BLOB));
                TestClient client = new TestClient()) {
            assertTrue(client.source
                    .fetchPart(repository(server), LAYER, 0, 10_000)
                    .isEmpty());
        }
    }

    @Test
    void fetch_fromTheEnd_asksForNothing() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> rest(request, BLOB.length));
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, BLOB.length)) {
            assertEquals(-1, in.read());
            assertEquals(List.of(), server.requests());
        }
    }

    @Test
    void fetch_serverThatIgnoresRange_skipsWhatIsKnown() throws Exception {
        Script script = (number, request) -> ScriptedServer.cut(200, "", BLOB, number == 0 ? 40_000 : BLOB.length);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertArrayEquals(BLOB, in.readAllBytes());
        }
    }

    @Test
    void fetch_serverThatAnswersAnotherRange_isNotBelieved() throws Exception {
        Script script = (number, request) -> number == 0
                ? ScriptedServer.cut(200, "", BLOB, 40_000)
                : ScriptedServer.answer(206, "Content-Range: bytes 0-99999/100000\r\n", BLOB);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertUnavailable(in, "broke off at byte 40000 of 100000");
        }
    }

    @Test
    void fetch_serverThatHasLessThanTheDescriptorSays_isDataLossAtOnce() throws Exception {
        byte[] half = Arrays.copyOf(BLOB, 50_000);
        Script script = (number, request) -> number == 0
                ? ScriptedServer.answer(200, "", half)
                : ScriptedServer.answer(416, "Content-Range: bytes */50000\r\n", new byte[0]);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            IOException broken = assertThrows(IOException.class, in::readAllBytes);
            FeluccaException e = assertInstanceOf(FeluccaException.class, broken.getCause());
            assertEquals(ErrorCode.DATA_LOSS, e.code());
            assertTrue(e.getMessage().contains("less of it than the manifest says"), e.getMessage());
            assertEquals(2, server.requests().size());
        }
    }

    @Test
    void fetch_serverThatSendsMoreThanTheDescriptorSays_isCutThere() throws Exception {
        byte[] more = Arrays.copyOf(BLOB, BLOB.length + 500);
        try (ScriptedServer server = new ScriptedServer((number, request) -> ScriptedServer.answer(200, "", more));
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertArrayEquals(BLOB, in.readAllBytes());
        }
    }

    @Test
    void fetch_noProgressInAllAttempts_givesUpNamingThePlace() throws Exception {
        // By what is asked for, not by number: the client itself asks again if a connection ends with the head.
        Script script = (number, request) -> request.header("Range").isEmpty()
                ? ScriptedServer.cut(200, "", BLOB, 1000)
                : ScriptedServer.cut(206, "Content-Range: bytes 1000-99999/100000\r\n", new byte[99_000], 0);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertUnavailable(in, "broke off at byte 1000 of 100000");
            // Four pieces without progress; each may be asked for twice if the connection ends with the head.
            int requests = server.requests().size();
            assertTrue(requests >= 4 && requests <= 8, server.requests()::toString);
        }
    }

    @Test
    void fetch_bodyThatStalls_isResumed() throws Exception {
        Script script =
                (number, request) -> number == 0 ? ScriptedServer.hang(200, BLOB, 50_000) : rest(request, BLOB.length);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient(Duration.ofMillis(1500));
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertArrayEquals(BLOB, in.readAllBytes());
            assertTrue(
                    server.requests().stream()
                            .anyMatch(request -> request.header("Range").equals("bytes=50000-")),
                    server.requests()::toString);
        }
    }

    @Test
    void fetch_interruptedWhileWaitingForBytes_isCancelledAndKeepsTheFlag() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> ScriptedServer.hang(200, BLOB, 1));
                TestClient client = new TestClient();
                InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertEquals(BLOB[0] & 0xff, in.read());
            Thread.currentThread().interrupt();
            IOException e = assertThrows(IOException.class, in::read);
            assertTrue(Thread.interrupted());
            assertEquals(ErrorCode.CANCELLED, ((FeluccaException) e.getCause()).code());
        }
    }

    @Test
    void resolve_rateLimitWithRetryAfter_waitsAsLongAsAsked() throws Exception {
        Script script = (number, request) -> number < 2
                ? ScriptedServer.answer(429, "Retry-After: " + (number + 7) + "\r\n", new byte[0])
                : manifestHead();
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            assertEquals(
                    LAYER.digest(), client.source.resolve(repository(server)).digest());
            assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(8)), client.waits);
        }
    }

    @Test
    void resolve_retryAfterBeyondPatience_isRefusedAtOnce() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        (number, request) -> ScriptedServer.answer(429, "Retry-After: 3600\r\n", new byte[0]));
                TestClient client = new TestClient()) {
            assertRefused(ErrorCode.RESOURCE_EXHAUSTED, () -> client.source.resolve(repository(server)));
            assertEquals(List.of(), client.waits);
        }
    }

    @Test
    void fetch_rateLimitForEver_isRefusedWithTheRegistrysWords() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> ScriptedServer.answer(429, "", ERROR));
                TestClient client = new TestClient()) {
            FeluccaException e = assertRefused(
                    ErrorCode.RESOURCE_EXHAUSTED, () -> client.source.fetch(repository(server), LAYER, 0));
            assertTrue(e.getMessage().contains("429 (TOOMANYREQUESTS: slow down)"), e.getMessage());
            assertEquals(4, server.requests().size());
        }
    }

    @Test
    void resolve_serverErrorThenAnswer_succeeds() throws Exception {
        List<Integer> errors = List.of(500, 502, 503);
        Script script = (number, request) ->
                number < 3 ? ScriptedServer.answer(errors.get(number), "", new byte[0]) : manifestHead();
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            assertEquals(
                    LAYER.digest(), client.source.resolve(repository(server)).digest());
        }
    }

    @Test
    void resolve_emptyAnswersForEver_isUnavailable() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, request) -> new Answer(new byte[0], false));
                TestClient client = new TestClient()) {
            assertRefused(ErrorCode.UNAVAILABLE, () -> client.source.resolve(repository(server)));
        }
    }

    @Test
    void resolve_nobodyListening_isUnavailableNamingTheRegistry() throws Exception {
        ScriptedServer closed = new ScriptedServer((number, request) -> manifestHead());
        closed.close();
        try (TestClient client = new TestClient()) {
            FeluccaException e = assertRefused(ErrorCode.UNAVAILABLE, () -> client.source.resolve(repository(closed)));
            assertTrue(e.getMessage().contains("registry " + closed.domain() + " cannot be reached"), e.getMessage());
            assertTrue(e.getMessage().contains("it accepts no connection"), e.getMessage());
        }
    }

    @Test
    void resolve_nameWithoutAddress_saysSo() throws Exception {
        ImageReference nowhere = ImageReference.parse("nowhere.invalid/app:1");
        try (TestClient client = new TestClient()) {
            FeluccaException e = assertRefused(ErrorCode.UNAVAILABLE, () -> client.source.resolve(nowhere));
            assertTrue(e.getMessage().contains("its name has no address"), e.getMessage());
        }
    }

    @Test
    void resolve_headNotAllowed_readsTheManifestInstead() throws Exception {
        byte[] manifest = "{}".getBytes(StandardCharsets.UTF_8);
        Script script = (number, request) -> request.method().equals("HEAD")
                ? ScriptedServer.answer(405, "", new byte[0])
                : ScriptedServer.answer(200, "Content-Type: " + MediaType.OCI_MANIFEST + "\r\n", manifest);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            assertEquals(Descriptor.of(MediaType.OCI_MANIFEST, manifest), client.source.resolve(repository(server)));
        }
    }

    @Test
    void resolve_schema1_isRefusedByName() throws Exception {
        String headers = "Content-Type: application/vnd.docker.distribution.manifest.v1+prettyjws\r\n"
                + "Docker-Content-Digest: " + LAYER.digest() + "\r\n";
        try (ScriptedServer server =
                        new ScriptedServer((number, request) -> ScriptedServer.answer(200, headers, new byte[0]));
                TestClient client = new TestClient()) {
            FeluccaException e = assertRefused(ErrorCode.UNSUPPORTED, () -> client.source.resolve(repository(server)));
            assertTrue(e.getMessage().contains("schema 1"), e.getMessage());
        }
    }

    private static Answer rest(Request request, int atMost) {
        String range = request.header("Range");
        if (range.isEmpty()) {
            return ScriptedServer.cut(200, "", BLOB, Math.min(atMost, BLOB.length));
        }
        String[] ends = range.substring("bytes=".length()).split("-");
        int from = Integer.parseInt(ends[0]);
        int last = ends.length > 1 ? Integer.parseInt(ends[1]) : BLOB.length - 1;
        byte[] body = Arrays.copyOfRange(BLOB, from, last + 1);
        return ScriptedServer.cut(
                206, "Content-Range: bytes " + from + "-" + last + "/100000\r\n", body, Math.min(atMost, body.length));
    }

    private static Answer manifestHead() {
        return ScriptedServer.cut(
                200,
                "Content-Type: " + MediaType.OCI_MANIFEST + "\r\nDocker-Content-Digest: " + LAYER.digest() + "\r\n",
                new byte[123],
                0);
    }

    private static ImageReference repository(ScriptedServer server) {
        return ImageReference.parse(server.domain() + "/app:1");
    }

    private static void assertUnavailable(InputStream in, String reason) {
        IOException e = assertThrows(IOException.class, in::readAllBytes);
        FeluccaException cause = (FeluccaException) e.getCause();
        assertEquals(ErrorCode.UNAVAILABLE, cause.code());
        assertTrue(cause.getMessage().contains(reason), cause.getMessage());
    }

    private static FeluccaException assertRefused(ErrorCode code, Executable executable) {
        FeluccaException e = assertThrows(FeluccaException.class, executable);
        assertEquals(code, e.code(), e::getMessage);
        return e;
    }

    private static byte[] blob() {
        byte[] content = new byte[100_000];
        new Random(42).nextBytes(content);
        return content;
    }
}
