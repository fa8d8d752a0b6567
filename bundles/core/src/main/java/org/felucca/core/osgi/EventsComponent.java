package org.felucca.core.osgi;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.felucca.api.event.Event;
import org.felucca.api.event.Events;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.core.events.EventBus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The event bus as a service. */
@Component
public final class EventsComponent implements Events {
    private static final int MEMORY = 1024;
    private static final int QUEUE = 1024;
    private static final int THREADS = 32;

    private final ThreadPoolExecutor pool = Pools.of("felucca-events", THREADS);
    private final EventBus bus = new EventBus(Clock.systemUTC(), pool, MEMORY, QUEUE);

    /** Makes the bus. */
    @Activate
    public EventsComponent() {}

    /** Ends delivery. */
    @Deactivate
    void deactivate() {
        Pools.stop(pool);
    }

    @Override
    public void publish(NamespaceName namespace, String topic, String subject, Map<String, String> attributes) {
        bus.publish(namespace, topic, subject, attributes);
    }

    @Override
    public Subscription subscribe(
            Predicate<? super Event> filter, int replay, Consumer<? super Event> listener, Runnable overrun) {
        return bus.subscribe(filter, replay, listener, overrun);
    }
}
