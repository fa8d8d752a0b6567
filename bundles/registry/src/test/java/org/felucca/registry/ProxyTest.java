package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.TestProxy.Fault;
import org.felucca.registry.TestProxy.Plan;
import org.felucca.registry.proxy.Proxies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docker-registry behind a proxy, over TLS and in the clear: {@code secure.test} and {@code plain.test} are names that
 * only the proxy knows.
 */
class ProxyTest {
    private static final byte[] BLOB = new byte[400_000];
    private static final Descriptor LAYER;
    private static final ImageReference SECURE = ImageReference.parse("secure.test/team/app:1");
    private static final ImageReference PLAIN = ImageReference.parse("plain.test/team/app:1");

    static {
        new Random(11).nextBytes(BLOB);
        LAYER = Descriptor.of(MediaType.OCI_LAYER, BLOB);
    }

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static TestCertificates certificates;
    private static DockerRegistry secure;
    private static DockerRegistry plain;
    private static Map<String, Integer> ports;
    private Path certs;

    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(shared);
        Path server = certificates.sign("server", "serverAuth", "DNS:secure.test");
        secure = new DockerRegistry(
                Files.createDirectory(shared.resolve("secure")),
                "tls: {certificate: " + server + ", key: " + shared.resolve("server.key") + "}",
                "");
        plain = new DockerRegistry(Files.createDirectory(shared.resolve("plain")), "relativeurls: true", "");
        ports = Map.of("secure.test:443", port(secure), "plain.test:80", port(plain));
        ImageReference loopback = ImageReference.parse(plain.domain() + "/team/app:1");
        try (TestClient client = new TestClient()) {
            client.source.putBlob(loopback, LAYER, ProxyTest::open, Optional.empty());
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (secure != null) {
            secure.close();
        }
        if (plain != null) {
            plain.close();
        }
    }

    @BeforeEach
    void configure() throws IOException {
        certs = Files.createDirectory(directory.resolve("certs.d"));
        write("secure.test", "ca = '" + certificates.authority() + "'\n");
        write("plain.test", "server = 'http://plain.test'\n");
    }

    @Test
    void pushAndPull_tunnelled_work() throws Exception {
        try (TestProxy proxy = new TestProxy(ports, number -> Fault.NONE);
                TestClient client = client("http://" + proxy.address(), "")) {
            client.source.putBlob(SECURE, LAYER, ProxyTest::open, Optional.empty());
            assertArrayEquals(BLOB, all(client, SECURE));
            assertEquals(List.of("CONNECT secure.test:443"), List.copyOf(new TreeSet<>(proxy.requests())));
        }
    }

    @Test
    void pull_plain_asksTheProxyForTheWholeAddress() throws Exception {
        try (TestProxy proxy = new TestProxy(ports, number -> Fault.NONE);
                TestClient client = client("", proxy.address())) {
            assertArrayEquals(BLOB, all(client, PLAIN));
            assertEquals(List.of("GET http://plain.test/v2/team/app/blobs/" + LAYER.digest()), proxy.requests());
        }
    }

    @Test
    void pull_proxyThatWantsCredentials_getsThose() throws Exception {
        try (TestProxy proxy = new TestProxy(ports, number -> Fault.NONE);
                TestClient without = client("http://" + proxy.address(), "http://" + proxy.address());
                TestClient with =
                        client("http://me:p%40ss@" + proxy.address(), "http://me:p%40ss@" + proxy.address())) {
            proxy.require("me:p@ss");
            for (ImageReference name : List.of(PLAIN, SECURE)) {
                FeluccaException e = assertThrows(FeluccaException.class, () -> without.source.resolve(name));
                assertEquals(ErrorCode.UNAUTHENTICATED, e.code(), e::getMessage);
                assertTrue(e.getMessage().contains("proxy " + proxy.address() + " (HTTP"), e::getMessage);
                assertTrue(e.getMessage().contains("asks for other credentials; give them in its address"));
            }
            assertArrayEquals(BLOB, all(with, PLAIN));
            with.source.putBlob(SECURE, LAYER, ProxyTest::open, Optional.empty());
            assertArrayEquals(BLOB, all(with, SECURE));
        }
    }

    @Test
    void pull_thisMachine_isAskedWithoutTheProxyAndItsCredentials() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, request) -> ScriptedServer.answer(200, "", BLOB));
                TestProxy proxy = new TestProxy(
                        Map.of("plain.test:80", Integer.parseInt(server.domain().split(":")[1])), n -> Fault.NONE);
                TestClient client = client("", "http://me:secret@" + proxy.address())) {
            ImageReference direct = ImageReference.parse(server.domain() + "/team/app:1");
            assertArrayEquals(BLOB, all(client, direct));
            assertFalse(server.requests().get(0).headers().containsKey("proxy-authorization"));
            assertEquals(List.of(), proxy.requests());
        }
    }

    @Test
    void pull_proxyThatIsDown_namesIt() throws Exception {
        try (Socket reserved = new Socket()) {
            reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String address = "127.0.0.1:" + reserved.getLocalPort();
            try (TestClient client = client("http://" + address, "")) {
                FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.resolve(SECURE));
                assertEquals(ErrorCode.UNAVAILABLE, e.code());
                assertTrue(
                        e.getMessage()
                                .contains("registry secure.test through proxy " + address
                                        + " (HTTPS_PROXY) cannot be reached: it accepts no connection"),
                        e::getMessage);
                assertEquals(3, client.waits.size());
            }
        }
    }

    @Test
    void pull_connectionsThatAreCut_isResumed() throws Exception {
        try (TestProxy proxy = new TestProxy(ports, n -> n < 3 ? Fault.cut(100_000) : Fault.NONE);
                TestClient client = client("", proxy.address())) {
            assertArrayEquals(BLOB, all(client, PLAIN));
            assertEquals(4, proxy.requests().size());
        }
    }

    @Test
    void pull_tunnelsThatAreCut_isResumed() throws Exception {
        try (TestProxy working = new TestProxy(ports, n -> Fault.NONE);
                TestClient client = client(working.address(), "")) {
            client.source.putBlob(SECURE, LAYER, ProxyTest::open, Optional.empty());
        }
        try (TestProxy proxy = new TestProxy(ports, n -> n < 3 ? Fault.cut(100_000) : Fault.NONE);
                TestClient client = client(proxy.address(), "")) {
            assertArrayEquals(BLOB, all(client, SECURE));
            assertEquals(4, proxy.requests().size());
        }
    }

    @Test
    void pull_connectionThatHangs_isResumedAfterTheStallTimeout() throws Exception {
        try (TestProxy proxy = new TestProxy(ports, n -> n == 0 ? Fault.hang(100_000) : Fault.NONE);
                TestClient client = new TestClient(Duration.ofSeconds(2), certs, proxies("", proxy.address()))) {
            assertArrayEquals(BLOB, all(client, PLAIN));
            assertEquals(2, proxy.requests().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429 X", "500 X", "502 X", "503 X", "504 X"})
    void pull_proxyThatAnswersItself_isTriedAgain(String status) throws Exception {
        Plan plan = n -> n < 2 ? Fault.answer(status + "\r\nRetry-After: 7") : Fault.NONE;
        try (TestProxy proxy = new TestProxy(ports, plan);
                TestClient client = client("", proxy.address())) {
            assertArrayEquals(BLOB, all(client, PLAIN));
            assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(7)), client.waits);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429 X", "502 X", "503 X"})
    void pull_proxyThatRefusesTunnels_isTriedAgain(String status) throws Exception {
        try (TestProxy proxy = new TestProxy(ports, n -> n < 2 ? Fault.answer(status) : Fault.NONE);
                TestClient client = client(proxy.address(), "")) {
            FeluccaException e = assertThrows(
                    FeluccaException.class, () -> client.source.resolve(ImageReference.parse("secure.test/no/such:1")));
            assertEquals(ErrorCode.NOT_FOUND, e.code(), e::getMessage);
            assertEquals(2, client.waits.size());
        }
    }

    @Test
    void push_connectionsThatAreCut_isResumed() throws Exception {
        byte[] other = BLOB.clone();
        other[0]++;
        Descriptor blob = Descriptor.of(MediaType.OCI_LAYER, other);
        // Nothing of the answer to the second and fourth request passes: did the registry take it or not?
        try (TestProxy proxy = new TestProxy(ports, n -> n == 1 || n == 3 ? Fault.cut(0) : Fault.NONE);
                TestClient client = client("", proxy.address())) {
            client.source.putBlob(
                    PLAIN,
                    blob,
                    offset -> new ByteArrayInputStream(other, (int) offset, other.length),
                    Optional.empty());
            try (InputStream in = client.source.fetch(PLAIN, blob, 0)) {
                assertArrayEquals(other, in.readAllBytes());
            }
        }
    }

    private static int port(DockerRegistry registry) {
        return Integer.parseInt(registry.domain().split(":")[1]);
    }

    private void write(String domain, String text) throws IOException {
        Files.writeString(Files.createDirectory(certs.resolve(domain)).resolve("hosts.toml"), text);
    }

    private TestClient client(String https, String http) {
        return new TestClient(certs, proxies(https, http));
    }

    private static Proxies proxies(String https, String http) {
        return Proxies.of("", "", "", Map.of("HTTPS_PROXY", https, "HTTP_PROXY", http));
    }

    private static InputStream open(long offset) {
        return new ByteArrayInputStream(BLOB, (int) offset, BLOB.length);
    }

    private static byte[] all(TestClient client, ImageReference name) throws IOException {
        try (InputStream in = client.source.fetch(name, LAYER, 0)) {
            return in.readAllBytes();
        }
    }
}
