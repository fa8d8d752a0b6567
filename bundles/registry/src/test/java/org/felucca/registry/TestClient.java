package org.felucca.registry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.felucca.api.image.CredentialProvider.Credentials;

/** A source under test: it notes its waits instead of waiting, and time moves only when a test says so. */
final class TestClient implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    final List<Duration> waits = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    final RegistryImageSource source;
    private final Transport transport;
    private Instant now = START;
    private Optional<Credentials> credentials = Optional.empty();

    TestClient() {
        this(Duration.ofSeconds(20));
    }

    TestClient(Duration stallTimeout) {
        RegistrySettings settings =
                new RegistrySettings(4, Duration.ofSeconds(30), Duration.ofSeconds(20), stallTimeout);
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
        transport = new Transport(settings);
        source = new RegistryImageSource(new RegistryClient(
                settings,
                transport,
                domain -> {
                    asked.add(domain);
                    return credentials;
                },
                new Backoff(settings.patience(), clock, new Random(1)),
                waits::add,
                clock));
    }

    TestClient withCredentials(String user, String secret) {
        credentials = Optional.of(new Credentials(user, secret));
        return this;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void close() {
        transport.close();
    }
}
