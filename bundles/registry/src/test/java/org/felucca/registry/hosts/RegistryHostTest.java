package org.felucca.registry.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryHostTest {

    @ParameterizedTest
    @CsvSource({
        "alpine, https://registry-1.docker.io",
        "example.com/a, https://example.com",
        "example.com:5000/a, https://example.com:5000",
        "localhost:5000/a, http://localhost:5000",
        "localhost/a, http://localhost",
        "localhost:443/a, https://localhost:443",
        "127.1.2.3:5000/a, http://127.1.2.3:5000",
        "[::1]:5000/a, http://[::1]:5000",
        "128.0.0.1:5000/a, https://128.0.0.1:5000",
        "127.0.0.1.example.com/a, https://127.0.0.1.example.com",
        "localhost.example.com/a, https://localhost.example.com",
        "[::2]:5000/a, https://[::2]:5000",
    })
    void of_reference_isPlainForLoopbackOnly(String reference, String base) {
        assertEquals(
                URI.create(base + "/v2"),
                RegistryHost.of(ImageReference.parse(reference).domain()).api());
    }

    @Test
    void owns_otherSchemeHostOrPort_isNotIts() {
        RegistryHost host = RegistryHost.of("example.com");
        assertTrue(host.owns(URI.create("https://EXAMPLE.com:443/v2/x")));
        assertFalse(host.owns(URI.create("http://example.com/v2/x")));
        assertFalse(host.owns(URI.create("https://example.com:444/v2/x")));
        assertFalse(host.owns(URI.create("https://cdn.example.com/v2/x")));
    }
}
