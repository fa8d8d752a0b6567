package org.felucca.registry.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.tls.TlsFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsDirectoryTest {
    @TempDir
    Path root;

    @Test
    void hosts_nothingConfigured_areTheRegistryItself() {
        assertEquals(List.of(RegistryHost.of("example.com")), hosts("example.com"));
        assertEquals(
                URI.create("https://registry-1.docker.io/v2"),
                hosts("docker.io").get(0).api());
    }

    @Test
    void hosts_file_areItsTablesInOrderAndTheServerLast() throws IOException {
        Path directory = write("docker.io", """
                server = "https://registry.internal"

                [host."https://z.example.com:5000"]
                  capabilities = ["pull", "resolve"]
                  ca = "z.crt"
                  client = [["a.cert", "a.key"], ["b.pem"]]
                  dial_timeout = "1m500ms"
                  [host."https://z.example.com:5000".header]
                    X-One = "1"
                    X-Two = ["2", "3"]

                [host."http://a.example.com/proxy/v2/"]
                  skip_verify = true
                  capabilities = []

                [host."b.example.com/base"]
                  override_path = true
                  ca = ["/etc/one.crt", "two.crt"]
                  client = "both.pem"
                """);
        List<RegistryHost> hosts = hosts("docker.io");
        assertEquals(4, hosts.size());
        RegistryHost first = hosts.get(0);
        assertEquals(URI.create("https://z.example.com:5000/v2"), first.api());
        assertEquals("z.example.com:5000", first.domain());
        assertEquals("docker.io", first.mirrored());
        assertEquals(Set.of(Capability.PULL, Capability.RESOLVE), first.capabilities());
        assertEquals(
                new TlsFiles(
                        List.of(directory.resolve("z.crt")),
                        List.of(
                                new TlsFiles.Pair(directory.resolve("a.cert"), directory.resolve("a.key")),
                                new TlsFiles.Pair(directory.resolve("b.pem"), directory.resolve("b.pem"))),
                        false),
                first.tls());
        assertEquals(Duration.ofMillis(60_500), first.dialTimeout());
        assertEquals(Map.of("X-One", List.of("1"), "X-Two", List.of("2", "3")), first.headers());
        RegistryHost second = hosts.get(1);
        assertEquals(URI.create("http://a.example.com/proxy/v2"), second.api());
        assertTrue(second.tls().skipVerify());
        assertEquals(EnumSet.allOf(Capability.class), second.capabilities());
        RegistryHost third = hosts.get(2);
        assertEquals(URI.create("https://b.example.com/base"), third.api());
        assertEquals(
                List.of(Path.of("/etc/one.crt"), directory.resolve("two.crt")),
                third.tls().authorities());
        Path both = directory.resolve("both.pem");
        assertEquals(List.of(new TlsFiles.Pair(both, both)), third.tls().clients());
        RegistryHost server = hosts.get(3);
        assertEquals(URI.create("https://registry.internal/v2"), server.api());
        assertTrue(server.tls().isNone());
    }

    @Test
    void hosts_fileWithoutServer_endWithTheRegistryItself() throws IOException {
        write("docker.io", "[host.'https://m.example.com']\n");
        List<RegistryHost> hosts = hosts("docker.io");
        assertEquals(URI.create("https://registry-1.docker.io/v2"), hosts.get(1).api());
        assertEquals("docker.io", hosts.get(1).domain());
        assertNull(hosts.get(1).mirrored());
    }

    @Test
    void hosts_serverWithCertificates_isSpokenToOverTlsOnThisMachineToo() throws IOException {
        write("localhost_5000_", "skip_verify = true\n");
        assertEquals(
                URI.create("https://localhost:5000/v2"),
                hosts("localhost:5000").get(0).api());
    }

    @Test
    void hosts_default_isForAllWithoutADirectory() throws IOException {
        write("_default", "[host.'http://mirror:5000']\n");
        write("example.com", "server = 'https://other'\n");
        assertEquals("mirror:5000", hosts("docker.io").get(0).domain());
        assertEquals("docker.io", hosts("docker.io").get(1).domain());
        assertEquals("other", hosts("example.com").get(0).domain());
    }

    @Test
    void hosts_port_isWrittenWithUnderscoresOrAColon() throws IOException {
        write("example.com:5000", "server = 'https://colon'\n");
        assertEquals("colon", hosts("example.com:5000").get(0).domain());
        write("example.com_5000_", "server = 'https://underscores'\n");
        assertEquals("underscores", hosts("example.com:5000").get(0).domain());
    }

    @Test
    void hosts_severalRoots_firstWithADirectoryCounts() throws IOException {
        Path second = Files.createDirectory(root.resolve("second"));
        Path first = Files.createDirectory(root.resolve("first"));
        Files.createDirectory(second.resolve("a.com"));
        Files.writeString(second.resolve("a.com/hosts.toml"), "server='https://second'\n");
        HostsDirectory directories = new HostsDirectory(List.of(root.resolve("absent"), first, second));
        assertEquals("second", directories.hosts("a.com").get(0).domain());
        Files.createDirectory(first.resolve("_default"));
        Files.writeString(first.resolve("_default/hosts.toml"), "server='https://first'\n");
        assertEquals("first", directories.hosts("a.com").get(0).domain());
    }

    @Test
    void hosts_dockersLayout_givesCertificates() throws IOException {
        Path directory = Files.createDirectory(root.resolve("127.0.0.1:5000"));
        for (String name : List.of("ca.crt", "b.cert", "b.key", "a.cert", "a.key", "README")) {
            Files.createFile(directory.resolve(name));
        }
        RegistryHost host = hosts("127.0.0.1:5000").get(0);
        assertEquals(URI.create("https://127.0.0.1:5000/v2"), host.api());
        assertEquals(List.of(directory.resolve("ca.crt")), host.tls().authorities());
        assertEquals(
                List.of(
                        new TlsFiles.Pair(directory.resolve("a.cert"), directory.resolve("a.key")),
                        new TlsFiles.Pair(directory.resolve("b.cert"), directory.resolve("b.key"))),
                host.tls().clients());
    }

    @Test
    void hosts_dockersLayoutWithoutKey_isRefused() throws IOException {
        Path directory = Files.createDirectory(root.resolve("example.com"));
        Files.createFile(directory.resolve("client.cert"));
        assertRefused(
                "example.com",
                "client certificate " + directory.resolve("client.cert")
                        + " has no key; put it beside it as client.key");
    }

    @Test
    void hosts_emptyDirectory_changesNothing() throws IOException {
        Files.createDirectory(root.resolve("localhost:5000"));
        assertEquals(List.of(RegistryHost.of("localhost:5000")), hosts("localhost:5000"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x = | line 1: a value was expected",
                "mirror = 'a' | line 1, key mirror: there is no such key; use one of ca, capabilities, client, ",
                "server = 5 | line 1, key server: it is an integer; write it as a string, in quotes",
                "server = 'https://u:p@h' | key server: it has a user in its address; run 'felucca login'",
                "server = 'https://' | key server: 'https://' is no address; write https://host:port",
                "server = 'https://a b' | key server: 'https://a b' is no address",
                "host = 'a' | line 1, key host: it is a string; write it as a table",
                "[host.'https://m']~capabilities=['pul'] | line 2, key host.\"https://m\".capabilities: 'pul' is no",
                "[host.'https://m']~server='x' | line 2, key host.\"https://m\".server: there is no such key",
                "skip_verify = 'yes' | line 1, key skip_verify: it is a string; write true or false",
                "client = [['a','b','c']] | line 1, key client: it has 3 files; write [[\"certificate\", \"key\"]]",
                "ca = [1] | line 1, key ca: it is an integer; write it as a string",
                "dial_timeout = '10' | line 1, key dial_timeout: '10' is no duration; write it like \"10s\"",
                "header = {Host='x'} | line 1, key header.Host: no request may have a header of that name",
                "header = {X=\"a\\nb\"} | line 1, key header.X: its value has characters that no header has",
                "override_path = true | line 1, key override_path: there is no 'server'; add one",
                "header = 1 | line 1, key header: it is an integer; write it as a table",
            })
    void hosts_fileThatIsWrong_isRefusedWithFileLineKeyAndFix(String text, String message) throws IOException {
        Path directory = write("example.com", text.replace('~', '\n') + "\n");
        FeluccaException e = assertRefused("example.com", message);
        assertTrue(e.getMessage().contains(directory.resolve("hosts.toml").toString()), e::getMessage);
    }

    @Test
    void hosts_fileThatIsNotUtf8_isRefused() throws IOException {
        Path directory = Files.createDirectory(root.resolve("example.com"));
        Files.write(directory.resolve("hosts.toml"), new byte[] {'#', (byte) 0xff});
        assertRefused("example.com", "hosts.toml is not UTF-8; write it anew");
    }

    @Test
    void urls_mirror_areToldWhichRegistryIsMeant() throws IOException {
        write("example.com", "[host.'https://m']\n");
        ImageReference reference = ImageReference.parse("example.com/team/app");
        List<RegistryHost> hosts = hosts("example.com");
        assertEquals(
                URI.create("https://m/v2/team/app/manifests/1?ns=example.com"),
                hosts.get(0).manifest(reference, "1"));
        assertEquals(
                URI.create("https://m/v2/team/app/blobs/uploads/?mount=x&ns=example.com"),
                hosts.get(0).uploads(reference, "mount=x"));
        assertEquals(
                URI.create("https://example.com/v2/team/app/manifests/1"),
                hosts.get(1).manifest(reference, "1"));
    }

    @Test
    void maySendTo_plainHttp_onlyFromAHostConfiguredSo() throws IOException {
        write("example.com", "server = 'http://plain'\n");
        URI elsewhere = URI.create("http://elsewhere/x");
        assertTrue(hosts("example.com").get(0).maySendTo(elsewhere));
        assertFalse(RegistryHost.of("other.com").maySendTo(elsewhere));
        assertFalse(RegistryHost.of("localhost:5000").maySendTo(elsewhere));
        assertTrue(RegistryHost.of("localhost:5000").maySendTo(URI.create("http://127.0.0.1:1/x")));
    }

    private List<RegistryHost> hosts(String domain) {
        return new HostsDirectory(List.of(root)).hosts(domain);
    }

    private FeluccaException assertRefused(String domain, String message) {
        FeluccaException e = assertThrows(FeluccaException.class, () -> hosts(domain));
        assertEquals(ErrorCode.FAILED_PRECONDITION, e.code());
        assertTrue(e.getMessage().startsWith("cannot use registry " + domain + ": "), e::getMessage);
        assertTrue(e.getMessage().contains(message), e::getMessage);
        return e;
    }

    private Path write(String name, String text) throws IOException {
        Path directory = Files.createDirectory(root.resolve(name));
        Files.writeString(directory.resolve("hosts.toml"), text);
        return directory;
    }
}
