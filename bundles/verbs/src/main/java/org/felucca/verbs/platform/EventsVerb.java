package org.felucca.verbs.platform;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.felucca.api.command.Column;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Event;
import org.felucca.api.event.Events;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code events}: shows what happens, as it happens. */
@Component(service = Verb.class)
@PluginId("events")
public final class EventsVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("events", "show what happens, as it happens")
            .option(OptionSpec.value("topic", Kind.STRING, "TOPIC", "only topics that start so: container, image/pull")
                    .repeating())
            .option(OptionSpec.value("replay", Kind.INTEGER, "NUMBER", "show so many past events first")
                    .defaultValue("0"))
            .option(OptionSpec.flag("all-namespaces", "show those of every tenant"))
            .build();

    private static final List<Column> COLUMNS = List.of(
            Column.text("TIME", "time"),
            Column.text("TOPIC", "topic"),
            Column.text("SUBJECT", "subject"),
            Column.text("ATTRIBUTES", "attributes"));

    private static final int QUEUE = 4096;

    private final Events events;

    /** Makes the verb. */
    @Activate
    public EventsVerb(@Reference Events events) {
        this.events = events;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        List<String> topics = invocation.texts("topic");
        boolean everyone = invocation.flag("all-namespaces");
        Predicate<Event> filter = event -> (everyone || event.namespace().equals(invocation.namespace()))
                && (topics.isEmpty() || topics.stream().anyMatch(event.topic()::startsWith));
        long replay = invocation.number("replay").orElse(0);
        int most = (int) Math.max(0, Math.min(QUEUE, replay));
        return new Result.Flow(COLUMNS, sink -> follow(filter, most, sink));
    }

    private void follow(Predicate<Event> filter, int replay, Consumer<? super JsonObject> sink) {
        BlockingQueue<Optional<Event>> queue = new ArrayBlockingQueue<>(QUEUE + 1);
        Consumer<Event> listener = event -> {
            try {
                queue.put(Optional.of(event)); // waiting here lets the platform notice that we are slow
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Events.Subscription subscription = events.subscribe(filter, replay, listener, () -> overrun(queue));
        try {
            Optional<Event> next = queue.take();
            while (next.isPresent()) {
                sink.accept(document(next.get()));
                next = queue.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            subscription.close();
        }
        throw new FeluccaException(
                ErrorCode.RESOURCE_EXHAUSTED,
                "cannot show events any longer",
                "they came faster than they were read",
                "read faster, or ask for some --topic only");
    }

    /** What is queued is dropped: after a gap it would only seem whole. */
    private static void overrun(BlockingQueue<Optional<Event>> queue) {
        queue.clear();
        queue.add(Optional.empty());
    }

    private static JsonObject document(Event event) {
        return JsonObject.builder()
                .put("time", event.time().toString())
                .put("namespace", event.namespace().value())
                .put("topic", event.topic())
                .put("subject", event.subject())
                .stringMap("attributes", new java.util.TreeMap<>(event.attributes()))
                .put("sequence", event.sequence())
                .build();
    }
}
