package org.felucca.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainWindowTest {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private Duration now = Duration.ofDays(-3);
    private final DrainWindow window = new DrainWindow(() -> now.toNanos());

    private Duration leave(Duration grace, Duration takes) {
        Duration[] given = new Duration[1];
        window.leave(grace, left -> {
            given[0] = left;
            now = now.plus(takes);
        });
        return given[0];
    }

    @Test
    void providersThatLeaveTogether_shareOneGrace() {
        assertEquals(GRACE, leave(GRACE, Duration.ofSeconds(4)));
        assertEquals(Duration.ofSeconds(6), leave(GRACE, Duration.ofSeconds(6)));
        assertEquals(Duration.ZERO, leave(GRACE, Duration.ofMillis(900)));
        assertEquals(Duration.ZERO, leave(GRACE, Duration.ZERO));
    }

    @Test
    void providerThatLeavesLater_hasAGraceOfItsOwn() {
        leave(GRACE, Duration.ofSeconds(9));
        now = now.plusMillis(1001);

        assertEquals(GRACE, leave(GRACE, Duration.ZERO));
    }

    @Test
    void longerGraces_countFromTheSameBeginning() {
        assertEquals(Duration.ofSeconds(1), leave(Duration.ofSeconds(1), Duration.ofSeconds(1)));
        assertEquals(Duration.ofSeconds(9), leave(GRACE, Duration.ZERO));
    }

    @Test
    void unbindThatThrows_doesNotCloseTheWindow() {
        assertThrows(
                IllegalStateException.class,
                () -> window.leave(GRACE, left -> {
                    now = now.plusSeconds(5);
                    throw new IllegalStateException("no");
                }));
        assertEquals(Duration.ofSeconds(5), leave(GRACE, Duration.ZERO));
    }
}
