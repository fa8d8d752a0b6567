package org.felucca.api.event;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.felucca.api.metadata.NamespaceName;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Publishes events and lets others hear of them. Thread-safe. Publishing never blocks; each subscriber has a queue of
 * its own and hears events in order, on an executor of the platform; one that falls behind by more than its queue holds
 * is ended, and told so.
 */
@ProviderType
public interface Events {
    /** Publishes an event as of now. */
    void publish(NamespaceName namespace, String topic, String subject, Map<String, String> attributes);

    /**
     * Subscribes.
     *
     * @param filter which events to hear; quick and pure
     * @param replay how many of the last matching events to hear first
     * @param listener hears events one at a time
     * @param overrun called once if the subscription was ended because the listener was too slow
     * @return close it to unsubscribe
     */
    Subscription subscribe(
            Predicate<? super Event> filter, int replay, Consumer<? super Event> listener, Runnable overrun);

    /** A subscription; closing it twice does nothing. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
