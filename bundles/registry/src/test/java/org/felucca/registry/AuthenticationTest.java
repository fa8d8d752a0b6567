package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.ScriptedServer.Answer;
import org.felucca.registry.ScriptedServer.Request;
import org.felucca.registry.ScriptedServer.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Tokens, passwords, and where they must not go. */
class AuthenticationTest {
    private static final byte[] BLOB = "the blob".getBytes(StandardCharsets.UTF_8);
    private static final Descriptor LAYER = Descriptor.of(MediaType.OCI_LAYER_GZIP, BLOB);

    @Test
    void fetch_afterCredentialsChanged_asksForThemAgain() throws Exception {
        Script script = (number, request) -> request.header("Authorization").startsWith("Basic ")
                ? ScriptedServer.answer(200, "", BLOB)
                : ScriptedServer.answer(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", new byte[0]);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient().withCredentials("me", "secret")) {
            assertFetched(client, server);
            assertFetched(client, server);
            assertEquals(1, client.asked.size());
            client.source.forget(server.domain());
            assertFetched(client, server);
            assertEquals(2, client.asked.size());
        }
    }

    @Test
    void fetch_bearerChallenge_getsAnAnonymousTokenForThePullScope() throws Exception {
        try (ScriptedServer tokens = tokens("t1");
                ScriptedServer server = protectedBy(tokens, "Bearer t1");
                TestClient client = new TestClient()) {
            assertFetched(client, server);
            Request asked = tokens.requests().get(0);
            assertEquals("GET", asked.method());
            assertEquals("/token?service=reg&scope=repository%3Aapp%3Apull", asked.path());
            assertEquals("", asked.header("Authorization"));
            assertEquals(List.of("", "Bearer t1"), authorizations(server));
        }
    }

    @Test
    void fetch_secondTime_reusesTheTokenUntilItExpires() throws Exception {
        try (ScriptedServer tokens = tokens("t1");
                ScriptedServer server = protectedBy(tokens, "Bearer t1");
                TestClient client = new TestClient()) {
            assertFetched(client, server);
            assertFetched(client, server);
            assertEquals(1, tokens.requests().size());
            assertEquals(List.of("", "Bearer t1", "Bearer t1"), authorizations(server));
            client.pass(Duration.ofSeconds(291));
            assertFetched(client, server);
            assertEquals(2, tokens.requests().size());
        }
    }

    @Test
    void fetch_tokenThatStoppedWorking_isReplaced() throws Exception {
        Script grant = (number, request) -> token("t" + (number + 1));
        try (ScriptedServer tokens = new ScriptedServer(grant);
                ScriptedServer server = protectedBy(tokens, "Bearer t2");
                TestClient client = new TestClient()) {
            assertRefused(ErrorCode.UNAUTHENTICATED, () -> client.source.fetch(repository(server), LAYER, 0));
            assertFetched(client, server);
        }
    }

    @Test
    void fetch_withPassword_sendsItToTheTokenServerAlone() throws Exception {
        try (ScriptedServer tokens = tokens("t1");
                ScriptedServer server = protectedBy(tokens, "Bearer t1");
                TestClient client = new TestClient().withCredentials("me", "päss")) {
            assertFetched(client, server);
            assertEquals(basic("me", "päss"), tokens.requests().get(0).header("Authorization"));
            assertEquals(List.of(server.domain()), client.asked);
            assertEquals(List.of("", "Bearer t1"), authorizations(server));
        }
    }

    @Test
    void fetch_withIdentityToken_exchangesItByForm() throws Exception {
        try (ScriptedServer tokens = tokens("t1");
                ScriptedServer server = protectedBy(tokens, "Bearer t1");
                TestClient client = new TestClient().withCredentials("", "id+token")) {
            assertFetched(client, server);
            Request asked = tokens.requests().get(0);
            assertEquals("POST", asked.method());
            assertTrue(asked.body().contains("grant_type=refresh_token"), asked.body());
            assertTrue(asked.body().contains("refresh_token=id%2Btoken"), asked.body());
        }
    }

    @Test
    void fetch_basicChallenge_sendsThePassword() throws Exception {
        Script script = (number, request) -> request.header("Authorization").equals(basic("me", "secret"))
                ? ScriptedServer.answer(200, "", BLOB)
                : ScriptedServer.answer(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", new byte[0]);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient().withCredentials("me", "secret");
                TestClient anonymous = new TestClient()) {
            assertFetched(client, server);
            FeluccaException e = assertRefused(
                    ErrorCode.UNAUTHENTICATED, () -> anonymous.source.fetch(repository(server), LAYER, 0));
            assertTrue(e.getMessage().contains("felucca login "), e.getMessage());
        }
    }

    @Test
    void fetch_wrongPassword_isRefusedWithoutRepeating() throws Exception {
        try (ScriptedServer tokens =
                        new ScriptedServer((number, request) -> ScriptedServer.answer(401, "", new byte[0]));
                ScriptedServer server = protectedBy(tokens, "Bearer t1");
                TestClient client = new TestClient().withCredentials("me", "wrong")) {
            FeluccaException e =
                    assertRefused(ErrorCode.UNAUTHENTICATED, () -> client.source.fetch(repository(server), LAYER, 0));
            assertFalse(e.getMessage().contains("wrong"), e.getMessage());
            assertEquals(1, tokens.requests().size());
        }
    }

    @Test
    void fetch_tokenServerThatTalksNonsense_isRefused() throws Exception {
        for (String answer : List.of("<html>", "{}", "[]", "{\"token\":7}", "{\"token\":\"two words\"}")) {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            try (ScriptedServer tokens = new ScriptedServer((number, request) -> ScriptedServer.answer(200, "", body));
                    ScriptedServer server = protectedBy(tokens, "Bearer t1");
                    TestClient client = new TestClient()) {
                FeluccaException e = assertThrows(
                        FeluccaException.class, () -> client.source.fetch(repository(server), LAYER, 0), answer);
                assertTrue(e.getMessage().contains("the token server of"), e.getMessage());
            }
        }
    }

    @Test
    void fetch_forbidden_isPermissionDenied() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer((number, request) -> ScriptedServer.answer(403, "", new byte[0]));
                TestClient client = new TestClient()) {
            assertRefused(ErrorCode.PERMISSION_DENIED, () -> client.source.fetch(repository(server), LAYER, 0));
        }
    }

    @Test
    void fetch_tokenServerOverPlainHttpElsewhere_isRefusedBeforeAnythingIsSent() throws Exception {
        Script script = (number, request) -> ScriptedServer.answer(
                401, "WWW-Authenticate: Bearer realm=\"http://auth.example.com/token\"\r\n", new byte[0]);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient().withCredentials("me", "secret")) {
            FeluccaException e =
                    assertRefused(ErrorCode.UNAUTHENTICATED, () -> client.source.fetch(repository(server), LAYER, 0));
            assertTrue(e.getMessage().contains("must be reached over https"), e.getMessage());
        }
    }

    @Test
    void fetch_redirectToAnotherOrigin_doesNotCarryTheToken() throws Exception {
        try (ScriptedServer storage = new ScriptedServer((number, request) -> ScriptedServer.answer(200, "", BLOB));
                ScriptedServer tokens = tokens("t1");
                ScriptedServer server = new ScriptedServer(
                        (number, request) -> request.header("Authorization").equals("Bearer t1")
                                ? redirect("http://" + storage.domain() + "/data?signature=1")
                                : challenge(tokens));
                TestClient client = new TestClient()) {
            assertFetched(client, server);
            assertEquals("/data?signature=1", storage.requests().get(0).path());
            assertEquals(List.of(""), authorizations(storage));
        }
    }

    @Test
    void fetch_redirectWithinTheRegistry_carriesTheToken() throws Exception {
        try (ScriptedServer tokens = tokens("t1");
                ScriptedServer server = new ScriptedServer((number, request) -> {
                    if (!request.header("Authorization").equals("Bearer t1")) {
                        return challenge(tokens);
                    }
                    boolean api = request.path().startsWith("/v2/");
                    return api ? redirect("/elsewhere") : ScriptedServer.answer(200, "", BLOB);
                });
                TestClient client = new TestClient()) {
            assertFetched(client, server);
            assertEquals(List.of("", "Bearer t1", "Bearer t1"), authorizations(server));
        }
    }

    @Test
    void fetch_challengeOfARedirectTarget_getsNoPassword() throws Exception {
        try (ScriptedServer thief = new ScriptedServer((number, request) ->
                        ScriptedServer.answer(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", new byte[0]));
                ScriptedServer server =
                        new ScriptedServer((number, request) -> redirect("http://" + thief.domain() + "/"));
                TestClient client = new TestClient().withCredentials("me", "secret")) {
            assertRefused(ErrorCode.UNAUTHENTICATED, () -> client.source.fetch(repository(server), LAYER, 0));
            assertEquals(List.of(""), authorizations(thief));
            assertEquals(List.of(), client.asked);
        }
    }

    @Test
    void fetch_layerThatMayNotBeDistributed_comesFromItsAddressWithoutCredentials() throws Exception {
        Script refuse =
                (number, request) -> ScriptedServer.answer(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", new byte[0]);
        try (ScriptedServer vendor = new ScriptedServer((number, request) -> ScriptedServer.answer(200, "", BLOB));
                ScriptedServer curious = new ScriptedServer(refuse);
                TestClient client = new TestClient().withCredentials("me", "secret")) {
            try (InputStream in = client.source.fetch(repository(curious), foreign(vendor), 0)) {
                assertArrayEquals(BLOB, in.readAllBytes());
            }
            assertEquals(List.of(), curious.requests());
            assertRefused(
                    ErrorCode.UNAUTHENTICATED, () -> client.source.fetch(repository(vendor), foreign(curious), 0));
            assertEquals(List.of(), client.asked);
        }
    }

    private static Descriptor foreign(ScriptedServer server) {
        JsonObject json = JsonObject.builder()
                .put("mediaType", "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
                .put("digest", LAYER.digest().toString())
                .put("size", LAYER.size())
                .strings("urls", List.of("http://" + server.domain() + "/layer"))
                .build();
        return Descriptor.read(JsonCursor.of("descriptor", json));
    }

    @Test
    void fetch_redirectToPlainHttpElsewhereOrInCircles_isRefused() throws Exception {
        for (String location : List.of("http://example.com/x", "/again", "ftp://127.0.0.1/", "http://[", "")) {
            try (ScriptedServer server = new ScriptedServer((number, request) -> redirect(location));
                    TestClient client = new TestClient()) {
                assertRefused(ErrorCode.UNAVAILABLE, () -> client.source.fetch(repository(server), LAYER, 0));
            }
        }
    }

    private static ScriptedServer tokens(String token) throws Exception {
        return new ScriptedServer((number, request) -> token(token));
    }

    private static Answer token(String token) {
        return ScriptedServer.answer(
                200, "", ("{\"token\":\"" + token + "\",\"expires_in\":300}").getBytes(StandardCharsets.UTF_8));
    }

    private static ScriptedServer protectedBy(ScriptedServer tokens, String authorization) throws Exception {
        return new ScriptedServer(
                (number, request) -> request.header("Authorization").equals(authorization)
                        ? ScriptedServer.answer(200, "", BLOB)
                        : challenge(tokens));
    }

    private static Answer challenge(ScriptedServer tokens) {
        return ScriptedServer.answer(
                401,
                "WWW-Authenticate: Bearer realm=\"http://" + tokens.domain() + "/token\",service=\"reg\"\r\n",
                new byte[0]);
    }

    private static Answer redirect(String location) {
        return ScriptedServer.answer(307, "Location: " + location + "\r\n", new byte[0]);
    }

    private static List<String> authorizations(ScriptedServer server) {
        return server.requests().stream()
                .map(request -> request.header("Authorization"))
                .toList();
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static ImageReference repository(ScriptedServer server) {
        return ImageReference.parse(server.domain() + "/app:1");
    }

    private static void assertFetched(TestClient client, ScriptedServer server) throws Exception {
        try (InputStream in = client.source.fetch(repository(server), LAYER, 0)) {
            assertArrayEquals(BLOB, in.readAllBytes());
        }
    }

    private static FeluccaException assertRefused(ErrorCode code, Executable executable) {
        FeluccaException e = assertThrows(FeluccaException.class, executable);
        assertEquals(code, e.code(), e::getMessage);
        return e;
    }
}
