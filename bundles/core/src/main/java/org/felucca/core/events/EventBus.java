package org.felucca.core.events;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.felucca.api.event.Event;
import org.felucca.api.event.Events;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.core.turn.SerialExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events out. Thread-safe; the lock orders events and is never held while a listener runs.
 */
public final class EventBus implements Events {
    private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);

    private final Clock clock;
    private final Executor executor;
    private final int memory;
    private final int queue;
    private final ArrayDeque<Event> past = new ArrayDeque<>();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private long sequence;

    /**
     * Makes a bus without subscribers.
     *
     * @param clock for the time of events
     * @param executor where listeners run
     * @param memory how many past events can be replayed
     * @param queue how many events a subscriber may be behind before it is ended
     */
    public EventBus(Clock clock, Executor executor, int memory, int queue) {
        this.clock = clock;
        this.executor = executor;
        this.memory = memory;
        this.queue = queue;
    }

    @Override
    public void publish(NamespaceName namespace, String topic, String subject, Map<String, String> attributes) {
        synchronized (past) {
            Event event = new Event(++sequence, clock.instant(), namespace, topic, subject, attributes);
            if (past.size() == memory) {
                past.removeFirst();
            }
            past.addLast(event);
            for (Subscriber subscriber : subscribers) {
                subscriber.offer(event);
            }
        }
    }

    @Override
    public Subscription subscribe(
            Predicate<? super Event> filter, int replay, Consumer<? super Event> listener, Runnable overrun) {
        Subscriber subscriber = new Subscriber(filter, listener, overrun);
        synchronized (past) {
            List<Event> matching = new ArrayList<>();
            Iterator<Event> newestFirst = past.descendingIterator();
            while (newestFirst.hasNext() && matching.size() < replay) {
                Event event = newestFirst.next();
                if (filter.test(event)) {
                    matching.add(event);
                }
            }
            Collections.reverse(matching);
            matching.forEach(subscriber::replay);
            subscribers.add(subscriber);
        }
        return subscriber;
    }

    private final class Subscriber implements Subscription {
        private final Predicate<? super Event> filter;
        private final Consumer<? super Event> listener;
        private final Runnable overrun;
        private final SerialExecutor order = new SerialExecutor(executor);
        private int behind;
        private boolean ended;
        private boolean closed;

        Subscriber(Predicate<? super Event> filter, Consumer<? super Event> listener, Runnable overrun) {
            this.filter = filter;
            this.listener = listener;
            this.overrun = overrun;
        }

        void offer(Event event) {
            if (!matches(event)) {
                return;
            }
            synchronized (this) {
                if (ended) {
                    return;
                }
                if (behind >= queue) {
                    ended = true;
                    subscribers.remove(this);
                    order.execute(overrun);
                    return;
                }
                behind++;
            }
            order.execute(() -> deliver(event, true));
        }

        private boolean matches(Event event) {
            try {
                return filter.test(event);
            } catch (RuntimeException e) {
                LOG.error("the filter of an event subscription failed; it is ended", e);
                close();
                return false;
            }
        }

        void replay(Event event) {
            order.execute(() -> deliver(event, false));
        }

        private void deliver(Event event, boolean counted) {
            synchronized (this) {
                behind -= counted ? 1 : 0;
                if (closed) { // after an overrun, by contrast, what was queued before it is still told
                    return;
                }
            }
            listener.accept(event);
        }

        @Override
        public synchronized void close() {
            ended = true;
            closed = true;
            subscribers.remove(this);
        }
    }
}
