package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.ScriptedServer.Answer;
import org.felucca.registry.ScriptedServer.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry with mirrors that answer, refuse, break off or are not there. */
class MirrorsTest {
    private static final byte[] BLOB = new byte[50_000];
    private static final Descriptor LAYER = Descriptor.of(MediaType.OCI_LAYER_GZIP, BLOB);
    private static final ImageReference NAME = ImageReference.parse("registry.test/team/app:1");

    @TempDir
    Path certs;

    /** Bound, so that nobody else gets its port, and not listening. */
    private final Socket reserved = new Socket();

    private int closedPort;

    static {
        Arrays.fill(BLOB, (byte) 7);
    }

    @BeforeEach
    void reserveAPortNobodyListensAt() throws IOException {
        reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        closedPort = reserved.getLocalPort();
    }

    @AfterEach
    void release() throws IOException {
        reserved.close();
    }

    @Test
    void fetch_mirrorThatAnswers_isTheOnlyOneAsked() throws Exception {
        try (ScriptedServer mirror = new ScriptedServer(MirrorsTest::blob);
                ScriptedServer registry = new ScriptedServer(MirrorsTest::blob);
                TestClient client = configured(registry, "[host.'http://" + mirror.domain() + "']")) {
            assertArrayEquals(BLOB, all(client));
            assertEquals(0, registry.requests().size());
            assertEquals(
                    "/v2/team/app/blobs/" + LAYER.digest() + "?ns=registry.test",
                    mirror.requests().get(0).path());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 429, 500, 503})
    void fetch_mirrorThatRefuses_isPassedOverAtOnce(int status) throws Exception {
        try (ScriptedServer mirror =
                        new ScriptedServer((n, request) -> ScriptedServer.answer(status, "", new byte[0]));
                ScriptedServer registry = new ScriptedServer(MirrorsTest::blob);
                TestClient client = configured(registry, "[host.'http://" + mirror.domain() + "']")) {
            assertArrayEquals(BLOB, all(client));
            assertEquals(1, mirror.requests().size());
            assertEquals(1, registry.requests().size());
            assertEquals(0, client.waits.size());
        }
    }

    @Test
    void fetch_mirrorThatIsDown_isAskedLastForAWhile() throws Exception {
        try (ScriptedServer registry = new ScriptedServer(MirrorsTest::blob);
                ScriptedServer second = new ScriptedServer(MirrorsTest::blob);
                TestClient client = configured(
                        registry,
                        "[host.'http://127.0.0.1:" + closedPort + "']\n[host.'http://" + second.domain() + "']")) {
            assertArrayEquals(BLOB, all(client));
            assertArrayEquals(BLOB, all(client));
            assertEquals(2, second.requests().size());
            assertEquals(0, registry.requests().size());
            assertEquals(0, client.waits.size());
        }
    }

    @Test
    void fetch_mirrorThatComesBack_isAskedFirstAgain() throws Exception {
        boolean[] down = {true};
        ScriptedServer.Script script =
                (n, request) -> down[0] ? ScriptedServer.answer(503, "", new byte[0]) : blob(n, request);
        try (ScriptedServer mirror = new ScriptedServer(script);
                ScriptedServer registry = new ScriptedServer(MirrorsTest::blob);
                TestClient client = configured(registry, "[host.'http://" + mirror.domain() + "']")) {
            assertArrayEquals(BLOB, all(client));
            down[0] = false;
            assertArrayEquals(BLOB, all(client));
            assertEquals(1, mirror.requests().size());
            client.pass(Duration.ofSeconds(31));
            assertArrayEquals(BLOB, all(client));
            assertEquals(2, mirror.requests().size());
            assertEquals(2, registry.requests().size());
        }
    }

    @Test
    void fetch_mirrorThatBreaksOffAndGoesDown_isContinuedElsewhere() throws Exception {
        ScriptedServer.Script script = (n, request) ->
                n == 0 ? ScriptedServer.cut(200, "", BLOB, 20_000) : ScriptedServer.answer(502, "", new byte[0]);
        try (ScriptedServer mirror = new ScriptedServer(script);
                ScriptedServer registry = new ScriptedServer((n, request) -> {
                    int from = Integer.parseInt(request.header("Range").replaceAll("[^0-9]", ""));
                    return ScriptedServer.answer(
                            206,
                            "Content-Range: bytes " + from + "-" + (BLOB.length - 1) + "/" + BLOB.length + "\r\n",
                            Arrays.copyOfRange(BLOB, from, BLOB.length));
                });
                TestClient client = configured(registry, "[host.'http://" + mirror.domain() + "']")) {
            assertArrayEquals(BLOB, all(client));
            assertEquals("bytes=20000-", registry.requests().get(0).header("Range"));
        }
    }

    @Test
    void fetch_nobodyHasIt_saysEveryHostsReason() throws Exception {
        try (ScriptedServer mirror = new ScriptedServer((n, request) -> ScriptedServer.answer(500, "", new byte[0]));
                ScriptedServer registry = new ScriptedServer((n, request) -> ScriptedServer.answer(
                        404, "", "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8)));
                TestClient client = configured(
                        registry,
                        "[host.'http://127.0.0.1:" + closedPort + "']\n[host.'http://" + mirror.domain() + "']")) {
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.fetch(NAME, LAYER, 0));
            assertEquals(ErrorCode.NOT_FOUND, e.code());
            assertEquals(
                    "no host of registry.test gives it: registry 127.0.0.1:" + closedPort
                            + " cannot be reached: it accepts no connection; registry " + mirror.domain()
                            + " answered 500; registry " + registry.domain() + " answered 404 (BLOB_UNKNOWN)",
                    e.reason());
            assertEquals(2, e.getSuppressed().length);
        }
    }

    @Test
    void resolve_mirrorThatOnlyPulls_isAskedForDigestsAlone() throws Exception {
        ScriptedServer.Script manifest = (n, request) -> ScriptedServer.answer(
                200,
                "Content-Type: " + MediaType.OCI_MANIFEST + "\r\nDocker-Content-Digest: " + LAYER.digest() + "\r\n",
                BLOB);
        try (ScriptedServer mirror = new ScriptedServer(manifest);
                ScriptedServer registry = new ScriptedServer(manifest);
                TestClient client =
                        configured(registry, "[host.'http://" + mirror.domain() + "']\ncapabilities = ['pull']")) {
            client.source.resolve(NAME);
            assertEquals(0, mirror.requests().size());
            assertEquals(1, registry.requests().size());
            client.source.resolve(ImageReference.parse("registry.test/team/app@" + LAYER.digest()));
            assertEquals(1, mirror.requests().size());
        }
    }

    @Test
    void putBlob_mirrorThatDoesNotPush_isNotAsked() throws Exception {
        try (ScriptedServer mirror = new ScriptedServer(MirrorsTest::blob);
                ScriptedServer registry = new ScriptedServer(MirrorsTest::blob);
                TestClient client = configured(
                        registry, "[host.'http://" + mirror.domain() + "']\ncapabilities = ['pull', 'resolve']")) {
            client.source.putBlob(NAME, LAYER, offset -> new ByteArrayInputStream(BLOB), Optional.empty());
            assertEquals(0, mirror.requests().size());
            assertEquals("HEAD", registry.requests().get(0).method());
        }
    }

    @Test
    void putBlob_nobodyPushes_isRefused() throws Exception {
        write("server = 'http://127.0.0.1:" + closedPort + "'\ncapabilities = ['pull']");
        try (TestClient client = new TestClient(certs)) {
            FeluccaException e = assertThrows(
                    FeluccaException.class,
                    () -> client.source.putBlob(
                            NAME, LAYER, offset -> new ByteArrayInputStream(BLOB), Optional.empty()));
            assertEquals(ErrorCode.FAILED_PRECONDITION, e.code());
            assertTrue(e.getMessage().contains("no host of registry.test has the capabilities push"), e::getMessage);
        }
    }

    @Test
    void fetch_headersOfAHost_goToItAloneAndNotAlongARedirect() throws Exception {
        try (ScriptedServer storage = new ScriptedServer(MirrorsTest::blob);
                ScriptedServer registry = new ScriptedServer((n, request) ->
                        ScriptedServer.answer(307, "Location: http://" + storage.domain() + "/x\r\n", new byte[0]))) {
            write("server = 'http://" + registry.domain() + "'\n[header]\nX-Key = 'secret'\nX-Many = ['a', 'b']");
            try (TestClient client = new TestClient(certs)) {
                assertArrayEquals(BLOB, all(client));
            }
            assertEquals("secret", registry.requests().get(0).header("X-Key"));
            assertEquals("", storage.requests().get(0).header("X-Key"));
        }
    }

    @Test
    void fetch_mirrorWithCredentials_isGivenItsOwn() throws Exception {
        ScriptedServer.Script script =
                (n, request) -> request.header("Authorization").isEmpty()
                        ? ScriptedServer.answer(401, "WWW-Authenticate: Basic realm=x\r\n", new byte[0])
                        : blob(n, request);
        try (ScriptedServer mirror = new ScriptedServer(script);
                ScriptedServer registry = new ScriptedServer(MirrorsTest::blob);
                TestClient client = configured(registry, "[host.'http://" + mirror.domain() + "']")
                        .withCredentials("u", "p")) {
            assertArrayEquals(BLOB, all(client));
            assertEquals(List.of(mirror.domain()), client.asked);
        }
    }

    private TestClient configured(ScriptedServer registry, String hosts) throws IOException {
        write("server = 'http://" + registry.domain() + "'\n" + hosts);
        return new TestClient(certs);
    }

    private void write(String text) throws IOException {
        Path directory = Files.createDirectories(certs.resolve("registry.test"));
        Files.writeString(directory.resolve("hosts.toml"), text + "\n");
    }

    private static Answer blob(int number, Request request) {
        return ScriptedServer.answer(200, "", BLOB);
    }

    private static byte[] all(TestClient client) throws IOException {
        try (InputStream in = client.source.fetch(NAME, LAYER, 0)) {
            return in.readAllBytes();
        }
    }
}
