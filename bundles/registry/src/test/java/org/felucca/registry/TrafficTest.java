package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.Test;

/** How much goes to a host at a time, and when nothing does. */
class TrafficTest {
    private static final URI HOST = URI.create("https://example.com/v2/");
    private static final byte[] BLOB = new byte[10_000];
    private static final Descriptor LAYER = Descriptor.of(MediaType.OCI_LAYER, BLOB);

    private final Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @Test
    void enter_hostThatIsFull_waitsUntilOneLeaves() throws Exception {
        Traffic traffic = new Traffic(2, clock);
        Runnable first = traffic.enter(HOST);
        traffic.enter(HOST);
        traffic.enter(URI.create("https://example.com:444/"));
        CountDownLatch entered = new CountDownLatch(1);
        Thread third = new Thread(() -> {
            try {
                traffic.enter(URI.create("https://example.com/other"));
                entered.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        third.start();
        while (third.isAlive() && third.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(1, entered.getCount());
        first.run();
        third.join();
        assertEquals(0, entered.getCount());
    }

    @Test
    void enter_interruptedWhileWaiting_gaveUpItsTurn() throws Exception {
        Traffic traffic = new Traffic(1, clock);
        Runnable first = traffic.enter(HOST);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> traffic.enter(HOST));
        first.run();
        traffic.enter(HOST).run();
    }

    @Test
    void closed_host_isSoForTheLongestTimeAskedFor() {
        Traffic traffic = new Traffic(1, clock);
        traffic.close(HOST, Duration.ofSeconds(5));
        traffic.close(HOST, Duration.ofSeconds(3));
        assertEquals(Duration.ofSeconds(5), traffic.closed(URI.create("https://example.com/x")));
        assertEquals(Duration.ZERO, traffic.closed(URI.create("http://example.com/x")));
    }

    @Test
    void fetch_bodiesThatAreRead_countAsConnections() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, request) -> ScriptedServer.answer(200, "", BLOB));
                TestClient client = new TestClient()) {
            ImageReference name = ImageReference.parse(server.domain() + "/team/app:1");
            AtomicReference<Throwable> failure = new AtomicReference<>();
            CountDownLatch done = new CountDownLatch(1);
            Thread ninth;
            try (InputStream a = client.source.fetch(name, LAYER, 0);
                    InputStream b = client.source.fetch(name, LAYER, 0);
                    InputStream c = client.source.fetch(name, LAYER, 0);
                    InputStream d = client.source.fetch(name, LAYER, 0);
                    InputStream e = client.source.fetch(name, LAYER, 0);
                    InputStream f = client.source.fetch(name, LAYER, 0);
                    InputStream g = client.source.fetch(name, LAYER, 0);
                    InputStream h = client.source.fetch(name, LAYER, 0)) {
                ninth = new Thread(() -> {
                    try (InputStream in = client.source.fetch(name, LAYER, 0)) {
                        assertArrayEquals(BLOB, in.readAllBytes());
                    } catch (Throwable t) {
                        failure.set(t);
                    }
                    done.countDown();
                });
                ninth.start();
                while (ninth.isAlive() && ninth.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                assertEquals(8, server.requests().size());
                for (InputStream in : List.of(a, b, c, d, e, f, g, h)) {
                    assertArrayEquals(BLOB, in.readAllBytes());
                }
                assertEquals(1, done.getCount());
            }
            ninth.join();
            assertEquals(null, failure.get());
        }
    }

    @Test
    void fetch_hostThatLimitsTheRate_isLeftAloneByAllRequests() throws Exception {
        ScriptedServer.Script script = (n, request) -> n == 0
                ? ScriptedServer.answer(200, "RateLimit-Remaining: 0\r\nRateLimit-Reset: 20\r\n", BLOB)
                : ScriptedServer.answer(200, "", BLOB);
        try (ScriptedServer server = new ScriptedServer(script);
                TestClient client = new TestClient()) {
            ImageReference name = ImageReference.parse(server.domain() + "/team/app:1");
            client.source.fetch(name, LAYER, 0).close();
            assertEquals(List.of(), client.waits);
            client.source.fetch(name, LAYER, 0).close();
            assertEquals(List.of(Duration.ofSeconds(20)), client.waits);
            client.source.fetch(name, LAYER, 0).close();
            assertEquals(1, client.waits.size());
        }
    }

    @Test
    void fetch_limitBeyondPatience_isToldWithItsNumbers() throws Exception {
        String headers = "Retry-After: 3600\r\nRateLimit-Limit: 100;w=21600\r\nRateLimit-Remaining: 0;w=21600\r\n";
        try (ScriptedServer server =
                        new ScriptedServer((n, request) -> ScriptedServer.answer(429, headers, new byte[0]));
                TestClient client = new TestClient()) {
            ImageReference name = ImageReference.parse(server.domain() + "/team/app:1");
            FeluccaException e = assertThrows(FeluccaException.class, () -> client.source.fetch(name, LAYER, 0));
            assertEquals(ErrorCode.RESOURCE_EXHAUSTED, e.code());
            assertTrue(e.getMessage().contains("answered 429: limit 100;w=21600, remaining 0"), e::getMessage);
            assertEquals(List.of(), client.waits);
            assertFalse(server.requests().isEmpty());
        }
    }
}
