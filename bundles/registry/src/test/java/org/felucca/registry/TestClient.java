package org.felucca.registry;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.registry.hosts.HostsDirectory;
import org.felucca.registry.proxy.Proxies;

/** A source under test: it notes its waits instead of waiting, and time moves only by them and when a test says so. */
final class TestClient implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    static final Proxies NO_PROXIES = Proxies.of("", "", "", Map.of());

    final List<Duration> waits = new CopyOnWriteArrayList<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final RegistryImageSource source;
    private final Transport transport;
    private volatile Instant now = START;
    private volatile Optional<Credentials> credentials = Optional.empty();

    TestClient() {
        this(Duration.ofSeconds(20));
    }

    TestClient(Duration stallTimeout) {
        this(stallTimeout, List.of(), NO_PROXIES);
    }

    /** @param hosts the directory of configuration per host */
    TestClient(Path hosts) {
        this(Duration.ofSeconds(20), List.of(hosts), NO_PROXIES);
    }

    TestClient(Path hosts, Proxies proxies) {
        this(Duration.ofSeconds(20), List.of(hosts), proxies);
    }

    TestClient(Duration stallTimeout, Path hosts, Proxies proxies) {
        this(stallTimeout, List.of(hosts), proxies);
    }

    private TestClient(Duration stallTimeout, List<Path> hosts, Proxies proxies) {
        RegistrySettings settings = new RegistrySettings(
                4, Duration.ofSeconds(30), Duration.ofSeconds(20), stallTimeout, 8, hosts, proxies);
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("UTC only");
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        transport = new Transport(settings, clock);
        RegistryClient client = new RegistryClient(
                settings,
                transport,
                domain -> {
                    asked.add(domain);
                    return credentials;
                },
                new Backoff(settings.patience(), clock, new Random(1)),
                this::pause,
                clock);
        source = new RegistryImageSource(client, new Candidates(new HostsDirectory(hosts)::hosts, clock));
    }

    private synchronized void pause(Duration time) {
        waits.add(time);
        pass(time);
    }

    TestClient withCredentials(String user, String secret) {
        credentials = Optional.of(new Credentials(user, secret));
        return this;
    }

    synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void close() {
        transport.close();
    }
}
