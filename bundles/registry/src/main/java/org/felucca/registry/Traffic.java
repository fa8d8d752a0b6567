package org.felucca.registry;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * How much goes to each host at a time, and until when nothing may because the host said so. A host is a scheme and an
 * authority. Thread-safe.
 */
final class Traffic {
    private final int connections;
    private final Clock clock;

    /** Guarded by itself. */
    private final Map<String, Lane> lanes = new HashMap<>();

    /** One host. */
    private static final class Lane {
        final Semaphore free;
        Instant closedUntil = Instant.MIN;

        /** Requests that run or wait; a lane nobody uses and nobody closed is forgotten. */
        int users;

        Lane(int connections) {
            free = new Semaphore(connections, true);
        }
    }

    /** @param connections most requests to one host at a time */
    Traffic(int connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * Waits until a request may go to a host.
     *
     * @return what to run, once, when its answer has been read
     */
    Runnable enter(URI uri) throws InterruptedException {
        Lane lane;
        synchronized (lanes) {
            lane = lanes.computeIfAbsent(host(uri), key -> new Lane(connections));
            lane.users++;
        }
        boolean entered = false;
        try {
            lane.free.acquire();
            entered = true;
        } finally {
            if (!entered) {
                leave(uri, lane);
            }
        }
        return () -> {
            lane.free.release();
            leave(uri, lane);
        };
    }

    private void leave(URI uri, Lane lane) {
        synchronized (lanes) {
            lane.users--;
            if (lane.users == 0 && !clock.instant().isBefore(lane.closedUntil)) {
                lanes.remove(host(uri), lane);
            }
        }
    }

    /** Sends nothing more to a host for some time. */
    void close(URI uri, Duration time) {
        synchronized (lanes) {
            Lane lane = lanes.computeIfAbsent(host(uri), key -> new Lane(connections));
            Instant until = clock.instant().plus(time);
            if (until.isAfter(lane.closedUntil)) {
                lane.closedUntil = until;
            }
        }
    }

    /** How long a host is closed yet; zero if it is not. */
    Duration closed(URI uri) {
        synchronized (lanes) {
            Lane lane = lanes.get(host(uri));
            if (lane == null) {
                return Duration.ZERO;
            }
            Instant now = clock.instant();
            return now.isBefore(lane.closedUntil) ? Duration.between(now, lane.closedUntil) : Duration.ZERO;
        }
    }

    private static String host(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
