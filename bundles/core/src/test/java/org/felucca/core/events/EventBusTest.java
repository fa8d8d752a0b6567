package org.felucca.core.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.felucca.api.event.Events.Subscription;
import org.felucca.api.metadata.NamespaceName;
import org.junit.jupiter.api.Test;

class EventBusTest {
    private static final NamespaceName NS = NamespaceName.DEFAULT;

    /** Runs nothing until it is told to. */
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();

    private final EventBus bus = new EventBus(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), work::add, 4, 2);
    private final List<String> heard = new ArrayList<>();

    private void run() {
        while (!work.isEmpty()) {
            work.poll().run();
        }
    }

    private void publish(String... topics) {
        for (String topic : topics) {
            bus.publish(NS, topic, "s", Map.of());
        }
    }

    private Subscription subscribe(int replay) {
        return bus.subscribe(
                event -> !event.topic().startsWith("no"),
                replay,
                event -> heard.add(event.sequence() + event.topic()),
                () -> heard.add("overrun"));
    }

    @Test
    void subscriber_hearsMatchingEventsInOrder() {
        subscribe(0);
        publish("a", "no", "b");
        assertEquals(List.of(), heard, "publishing runs no listener");
        run();
        assertEquals(List.of("1a", "3b"), heard);
    }

    @Test
    void replay_tellsTheLastMatchingEventsFirst() {
        publish("a", "b", "no", "c");
        subscribe(2);
        publish("d");
        run();
        assertEquals(List.of("2b", "4c", "5d"), heard);
    }

    @Test
    void memory_isBounded() {
        publish("a", "b", "c", "d", "e", "f");
        subscribe(100);
        run();
        assertEquals(List.of("3c", "4d", "5e", "6f"), heard);
    }

    @Test
    void subscriberThatFallsBehind_isEndedAndTold() {
        subscribe(0);
        publish("a", "b", "c", "d");
        run();
        publish("e");
        run();
        assertEquals(List.of("1a", "2b", "overrun"), heard);
    }

    @Test
    void replayedEvents_doNotCountAsBeingBehind() {
        publish("a", "b", "c", "d");
        subscribe(4);
        publish("e");
        run();
        assertEquals(List.of("1a", "2b", "3c", "4d", "5e"), heard);
    }

    @Test
    void closedSubscription_hearsNothingMore() {
        Subscription subscription = subscribe(0);
        publish("a");
        subscription.close();
        publish("b");
        run();
        subscription.close();
        assertEquals(List.of(), heard);
    }

    @Test
    void listenerThatThrows_hearsTheNextEventAllTheSame() {
        bus.subscribe(
                event -> true,
                0,
                event -> {
                    heard.add(event.topic());
                    throw new IllegalStateException("no");
                },
                () -> {});
        publish("a", "b");
        run();
        assertEquals(List.of("a", "b"), heard);
    }

    @Test
    void filterThatThrows_endsItsSubscriptionOnly() {
        bus.subscribe(
                event -> {
                    throw new IllegalStateException("no");
                },
                0,
                event -> heard.add("never"),
                () -> {});
        subscribe(0);
        publish("a");
        run();
        assertEquals(List.of("1a"), heard);
    }

    @Test
    void event_carriesWhatWasPublished() {
        bus.subscribe(
                event -> true,
                0,
                event -> {
                    assertEquals(Instant.EPOCH, event.time());
                    assertEquals(Map.of("k", "v"), event.attributes());
                    assertEquals("x", event.subject());
                    heard.add("ok");
                },
                () -> {});
        bus.publish(NS, "t", "x", Map.of("k", "v"));
        run();
        assertTrue(heard.contains("ok"));
    }
}
