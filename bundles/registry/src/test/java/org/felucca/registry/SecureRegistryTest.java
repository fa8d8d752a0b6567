package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.tls.TestKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against docker-registry over TLS of an authority of our own, with every kind of authentication it has. */
class SecureRegistryTest {
    private static final byte[] LAYER = new byte[100_000];
    private static final byte[] CONFIG = "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes();

    /** {@code user:correct horse}, as htpasswd -B writes it. */
    private static final String HTPASSWD = "user:$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n";

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static TestCertificates certificates;
    private static Path server;
    private static DockerRegistry plainTls;
    private Path certs;

    @BeforeAll
    static void start() throws Exception {
        new Random(5).nextBytes(LAYER);
        certificates = new TestCertificates(shared);
        server = certificates.sign("server", "serverAuth", "IP:127.0.0.1");
        certificates.sign("client", "clientAuth", "");
        plainTls = new DockerRegistry(Files.createDirectory(shared.resolve("plain")), "tls: {" + tls() + "}", "");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (plainTls != null) {
            plainTls.close();
        }
    }

    @BeforeEach
    void makeCerts() throws IOException {
        certs = Files.createDirectory(directory.resolve("certs.d"));
    }

    private static String tls() {
        return "certificate: " + server + ", key: " + shared.resolve("server.key");
    }

    @Test
    void pushAndPull_ownAuthority_work() throws Exception {
        hosts(plainTls, "ca = '" + certificates.authority() + "'");
        roundTrip(plainTls, new TestClient(certs));
    }

    @Test
    void pushAndPull_dockersLayout_worksAndSkopeoSeesTheSame() throws Exception {
        Path host = Files.createDirectory(certs.resolve(plainTls.domain()));
        Files.copy(certificates.authority(), host.resolve("ca.crt"));
        Descriptor manifest = roundTrip(plainTls, new TestClient(certs));
        String inspected = TestProcess.run(
                directory,
                "skopeo",
                "inspect",
                "--no-tags",
                "--format={{.Digest}}",
                "--cert-dir",
                host.toString(),
                "docker://" + plainTls.domain() + "/team/app:1");
        assertEquals(manifest.digest().toString(), inspected.strip());
    }

    @Test
    void pull_unknownAuthority_isRefusedAtOnceSayingWhatToDo() throws Exception {
        hosts(plainTls, "server = 'https://" + plainTls.domain() + "'");
        try (TestClient client = new TestClient(certs)) {
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.resolve(name(plainTls)));
            assertEquals(ErrorCode.UNAVAILABLE, e.code());
            assertTrue(e.getMessage().contains("signed by an authority this machine trusts or hosts.toml names as ca"));
            assertEquals(List.of(), client.waits);
        }
    }

    @Test
    void pull_skipVerify_works() throws Exception {
        hosts(plainTls, "server = 'https://localhost:" + plainTls.domain().split(":")[1] + "'\nskip_verify = true");
        try (TestClient client = new TestClient(certs)) {
            FeluccaException e =
                    assertThrows(FeluccaException.class, () -> client.source.resolve(name(plainTls, "no")));
            assertEquals(ErrorCode.NOT_FOUND, e.code(), e::getMessage);
        }
    }

    @Test
    void pull_authorityWithoutTheName_isRefused() throws Exception {
        hosts(
                plainTls,
                "server = 'https://localhost:" + plainTls.domain().split(":")[1] + "'\nca = '"
                        + certificates.authority() + "'");
        try (TestClient client = new TestClient(certs)) {
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.resolve(name(plainTls)));
            assertEquals(ErrorCode.UNAVAILABLE, e.code(), e::getMessage);
        }
    }

    @Test
    void pull_authorityThatIsReplaced_countsFromTheNextRequestOn() throws Exception {
        Path host = hosts(plainTls, "ca = 'own.crt'");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.copy(new TestCertificates(other).authority(), host.resolve("own.crt"));
        try (TestClient client = new TestClient(certs)) {
            assertEquals(
                    ErrorCode.UNAVAILABLE,
                    assertThrows(FeluccaException.class, () -> client.source.resolve(name(plainTls, "no")))
                            .code());
            Files.delete(host.resolve("own.crt"));
            assertTrue(assertThrows(FeluccaException.class, () -> client.source.resolve(name(plainTls, "no")))
                    .getMessage()
                    .contains("own.crt is not there"));
            Files.copy(certificates.authority(), host.resolve("own.crt"));
            assertEquals(
                    ErrorCode.NOT_FOUND,
                    assertThrows(FeluccaException.class, () -> client.source.resolve(name(plainTls, "no")))
                            .code());
        }
    }

    @Test
    void pushAndPull_clientCertificate_isPresentedWhereAsked() throws Exception {
        String http = "tls: {" + tls() + ", clientcas: [" + certificates.authority() + "]}";
        try (DockerRegistry registry = new DockerRegistry(directory, http, "")) {
            Path host = Files.createDirectory(certs.resolve(registry.domain()));
            Files.copy(certificates.authority(), host.resolve("ca.crt"));
            try (TestClient client = new TestClient(certs)) {
                FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.resolve(name(registry)));
                assertEquals(ErrorCode.UNAVAILABLE, e.code(), e::getMessage);
                assertTrue(
                        e.getMessage().contains("name a client certificate and its key in hosts.toml"), e::getMessage);
            }
            Files.copy(shared.resolve("client.crt"), host.resolve("client.cert"));
            Files.copy(shared.resolve("client.key"), host.resolve("client.key"));
            roundTrip(registry, new TestClient(certs));
            Files.delete(host.resolve("client.key"));
            Files.delete(host.resolve("client.cert"));
            Files.writeString(
                    host.resolve("hosts.toml"),
                    "ca = 'ca.crt'\nclient = [['" + shared.resolve("client.crt") + "', '" + shared.resolve("client.key")
                            + "']]\n");
            roundTrip(registry, new TestClient(certs));
        }
    }

    @Test
    void pushAndPull_basicAuthentication_wantsTheRightPassword() throws Exception {
        Path htpasswd = directory.resolve("htpasswd");
        Files.writeString(htpasswd, HTPASSWD);
        String auth = "auth: {htpasswd: {realm: test, path: " + htpasswd + "}}";
        try (DockerRegistry registry = new DockerRegistry(directory, "tls: {" + tls() + "}", auth)) {
            hosts(registry, "ca = '" + certificates.authority() + "'");
            assertUnauthenticated(registry, new TestClient(certs));
            assertUnauthenticated(registry, new TestClient(certs).withCredentials("user", "wrong"));
            roundTrip(registry, new TestClient(certs).withCredentials("user", "correct horse"));
        }
    }

    @Test
    void pushAndPull_tokenAuthentication_getsTokensOverTheSameAuthority() throws Exception {
        TestKeys signer = TestKeys.rsa(directory, "signer");
        try (TokenServer tokens = new TokenServer(
                        TestKeys.context(server, shared.resolve("server.key")),
                        "user:correct horse",
                        signer.key(),
                        signer.certificate());
                DockerRegistry registry = new DockerRegistry(
                        directory, "tls: {" + tls() + "}", tokens.section(signer.certificateFile()))) {
            hosts(registry, "ca = '" + certificates.authority() + "'");
            assertUnauthenticated(registry, new TestClient(certs).withCredentials("user", "wrong"));
            int before = tokens.queries().size();
            roundTrip(registry, new TestClient(certs).withCredentials("user", "correct horse"));
            List<String> asked =
                    tokens.queries().subList(before, tokens.queries().size());
            assertEquals(
                    List.of(
                            "service=test-registry&scope=repository:team/app:pull,push",
                            "service=test-registry&scope=repository:team/app:pull"),
                    asked);
        }
    }

    @Test
    void ping_wrongPassword_isRefusedAndTheRightOneIsNot() throws Exception {
        Path htpasswd = directory.resolve("htpasswd");
        Files.writeString(htpasswd, HTPASSWD);
        String auth = "auth: {htpasswd: {realm: test, path: " + htpasswd + "}}";
        try (DockerRegistry registry = new DockerRegistry(directory, "tls: {" + tls() + "}", auth)) {
            hosts(registry, "ca = '" + certificates.authority() + "'");
            try (TestClient wrong = new TestClient(certs).withCredentials("user", "wrong");
                    TestClient right = new TestClient(certs).withCredentials("user", "correct horse")) {
                assertThrows(FeluccaException.class, () -> wrong.source.ping("cannot log in", name(registry)));
                right.source.ping("cannot log in", name(registry));
            }
        }
    }

    private Path hosts(DockerRegistry registry, String text) throws IOException {
        Path host = Files.createDirectory(certs.resolve(registry.domain().replace(":", "_") + "_"));
        Files.writeString(host.resolve("hosts.toml"), text + "\n");
        return host;
    }

    private static void assertUnauthenticated(DockerRegistry registry, TestClient opened) {
        try (TestClient client = opened) {
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.resolve(name(registry)));
            assertEquals(ErrorCode.UNAUTHENTICATED, e.code(), e::getMessage);
            assertFalse(e.getMessage().contains("wrong"), e::getMessage);
        }
    }

    private static ImageReference name(DockerRegistry registry) {
        return name(registry, "app");
    }

    private static ImageReference name(DockerRegistry registry, String repository) {
        return ImageReference.parse(registry.domain() + "/team/" + repository + ":1");
    }

    /** Pushes an image and pulls it again. */
    private static Descriptor roundTrip(DockerRegistry registry, TestClient opened) throws IOException {
        ImageReference name = name(registry);
        Descriptor layer = Descriptor.of(MediaType.OCI_LAYER, LAYER);
        Descriptor config = Descriptor.of(MediaType.OCI_CONFIG, CONFIG);
        byte[] document = Json.bytes(Manifest.of(config, List.of(layer)).toJson());
        Descriptor manifest = Descriptor.of(MediaType.OCI_MANIFEST, document);
        try (TestClient client = opened) {
            put(client, name, layer, LAYER);
            put(client, name, config, CONFIG);
            client.source.putManifest(name, manifest, document);
            assertEquals(manifest, client.source.resolve(name));
            assertArrayEquals(document, get(client, name, manifest));
            assertArrayEquals(LAYER, get(client, name, layer));
            assertArrayEquals(CONFIG, get(client, name, config));
        }
        return manifest;
    }

    private static void put(TestClient client, ImageReference name, Descriptor blob, byte[] bytes) {
        client.source.putBlob(
                name, blob, offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length), Optional.empty());
    }

    private static byte[] get(TestClient client, ImageReference name, Descriptor blob) throws IOException {
        try (InputStream in = client.source.fetch(name, blob, 0)) {
            return in.readAllBytes();
        }
    }
}
