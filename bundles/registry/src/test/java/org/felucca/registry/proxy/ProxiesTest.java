package org.felucca.registry.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
    private static final URI HTTPS = URI.create("https://registry.test/v2/");
    private static final URI HTTP = URI.create("http://registry.test/v2/");

    @ParameterizedTest
    @CsvSource({
        "example.com, https://example.com/, true",
        "example.com, https://a.example.com/, true",
        "example.com, https://anexample.com/, false",
        ".example.com, https://a.example.com/, true",
        ".example.com, https://example.com/, false",
        "*.example.com, https://a.example.com/, true",
        "*.example.com, https://example.com/, false",
        "EXAMPLE.com, https://Example.COM/, true",
        "example.com:8443, https://example.com:8443/, true",
        "example.com:443, https://example.com/, true",
        "example.com:80, http://example.com/, true",
        "example.com:8443, https://example.com/, false",
        "*, https://example.com/, true",
        "10.1.2.3, https://10.1.2.3/, true",
        "10.1.2.3:5000, https://10.1.2.3:5000/, true",
        "10.1.2.3:5000, https://10.1.2.3/, false",
        "10.0.0.0/8, https://10.255.2.3/, true",
        "10.0.0.0/8, https://11.0.0.1/, false",
        "10.1.2.0/23, https://10.1.3.255/, true",
        "10.1.2.0/23, https://10.1.4.0/, false",
        "0.0.0.0/0, https://10.1.4.0/, true",
        "0.0.0.0/0, https://example.com/, false",
        "fd00::/8, 'https://[fd12::1]/', true",
        "fd00::/8, 'https://[fe00::1]/', false",
        "::1:2, 'https://[::1:2]:5000/', true",
        "'[fd00::1]:5000', 'https://[fd00::1]:5000/', true",
        "10.0.0.0/33, https://10.0.0.1/, false",
        "10.0.0.0/x, https://10.0.0.1/, false",
        "'', https://localhost:5000/, true",
        "'', http://127.0.0.2/, true",
        "'', 'https://[::1]/', true",
        "'', https://example.com/, false",
        "'a.com, b.com ,c.com', https://b.com/, true",
        "'a.com, b.com ,c.com', https://d.com/, false",
    })
    void covers_host_byTheRulesOfNoProxy(String list, URI uri, boolean covered) {
        assertEquals(covered, new Bypass(list).covers(uri));
    }

    @Test
    void select_environment_byScheme() {
        Proxies proxies = Proxies.of(
                "",
                "",
                "",
                Map.of("HTTPS_PROXY", "http://secure:3128", "http_proxy", "plain", "no_proxy", "near.test"));
        assertEquals("proxy secure:3128 (HTTPS_PROXY)", describe(proxies, HTTPS));
        assertEquals("proxy plain:80 (http_proxy)", describe(proxies, HTTP));
        assertEquals("", describe(proxies, URI.create("https://near.test/")));
        assertEquals(
                List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("secure", 3128))),
                proxies.selector().select(HTTPS));
        assertEquals(List.of(Proxy.NO_PROXY), proxies.selector().select(URI.create("https://near.test/")));
    }

    @Test
    void select_setting_countsBeforeTheEnvironment() {
        Map<String, String> environment =
                Map.of("HTTPS_PROXY", "http://env:1", "HTTP_PROXY", "http://env:2", "NO_PROXY", "*");
        Proxies proxies = Proxies.of("http://set:3", "direct", "none.test", environment);
        assertEquals("proxy set:3 (httpsProxy)", describe(proxies, HTTPS));
        assertEquals("", describe(proxies, HTTP));
        assertFalse(proxies.isEmpty());
        assertTrue(Proxies.of("", "", "", Map.of()).isEmpty());
    }

    @Test
    void authorization_userInTheAddress_isDecoded() {
        Proxies proxies = Proxies.of("http://us%40er:p%3Ass+1@proxy:1", "http://only@proxy:1", "", Map.of());
        assertEquals(Optional.of("Basic dXNAZXI6cDpzcysx"), proxies.authorization("cannot", HTTPS));
        assertEquals(Optional.of("Basic b25seTo="), proxies.authorization("cannot", HTTP));
        assertEquals(Optional.empty(), Proxies.of("proxy:1", "", "", Map.of()).authorization("cannot", HTTPS));
    }

    @ParameterizedTest
    @CsvSource({
        "socks5://secret@h:1, 'the proxy of httpsProxy has scheme socks5, which is not spoken here'",
        "https://h:1, 'the proxy of httpsProxy has scheme https, which is not spoken here'",
        "http://u:se cret@h, the proxy of httpsProxy is malformed",
        "http://, the proxy of httpsProxy is malformed",
    })
    void describe_proxyNobodySpeaksTo_isRefusedWithoutItsPassword(String text, String reason) {
        Proxies proxies = Proxies.of(text, "", "", Map.of());
        FeluccaException e = assertThrows(FeluccaException.class, () -> proxies.describe("cannot pull", HTTPS));
        assertEquals(ErrorCode.FAILED_PRECONDITION, e.code());
        assertEquals(
                "cannot pull: " + reason + "; write http://host:port, or http://user:password@host:port",
                e.getMessage());
    }

    private static String describe(Proxies proxies, URI uri) {
        return proxies.describe("cannot", uri).orElse("");
    }
}
