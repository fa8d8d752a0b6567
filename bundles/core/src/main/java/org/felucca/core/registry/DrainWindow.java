package org.felucca.core.registry;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long providers that leave one after the other may finish what is under way: a bundle with many of them, or a
 * platform that stops, has one grace and not one for each. Thread-safe.
 */
public final class DrainWindow {
    /** Providers that leave within this time of each other leave together. */
    private static final long TOGETHER_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier clock;
    private long opened;
    private long last;
    private boolean used;

    /**
     * Makes a window that is not open.
     *
     * @param clock monotonic nanoseconds
     */
    public DrainWindow(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Lets a provider go.
     *
     * @param grace how long it would have if it left alone
     * @param unbind is given what is left of the grace
     */
    public void leave(Duration grace, Consumer<Duration> unbind) {
        Duration left;
        synchronized (this) {
            long now = clock.getAsLong();
            if (!used || now - last > TOGETHER_NANOS) {
                opened = now;
                used = true;
            }
            last = now;
            left = grace.minusNanos(now - opened);
        }
        try {
            unbind.accept(left.isNegative() ? Duration.ZERO : left);
        } finally {
            synchronized (this) {
                last = clock.getAsLong();
            }
        }
    }
}
