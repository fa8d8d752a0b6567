package org.felucca.shell.verb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live verbs by the names that call them. A name wins over an alias, an earlier verb over a later one. Reading is
 * lock-free; writers are serialised by the monitor of this object.
 */
public final class VerbDirectory implements Providers.ProviderListener<Verb> {
    private static final Logger LOG = LoggerFactory.getLogger(VerbDirectory.class);

    private final Map<String, Entry> byId = new java.util.LinkedHashMap<>();
    private volatile Map<String, Entry> byWord = Map.of();

    /**
     * A live verb.
     *
     * @param spec as it was at its arrival
     * @param provider the guard to call it through
     */
    public record Entry(VerbSpec spec, Provider<Verb> provider) {}

    private final Function<String, Optional<Provider<Verb>>> live;

    /**
     * Makes a directory without verbs.
     *
     * @param live finds a verb that is live but was not announced yet: announcements come on a thread of their own
     */
    public VerbDirectory(Function<String, Optional<Provider<Verb>>> live) {
        this.live = live;
    }

    /** Returns the verb that a name calls, of one word or two. */
    public Optional<Entry> find(String name) {
        Entry known = byWord.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        live.apply(name.replace(' ', '-')).ifPresent(this::arrived);
        return Optional.ofNullable(byWord.get(name));
    }

    /** Returns the verbs there are. */
    public synchronized List<VerbSpec> specs() {
        return byId.values().stream().map(Entry::spec).toList();
    }

    /** Returns every name that calls a verb. */
    public Collection<String> words() {
        return byWord.keySet();
    }

    @Override
    public void arrived(Provider<Verb> provider) {
        VerbSpec spec = provider.call(Verb::spec);
        if (!spec.id().equals(provider.id())) {
            LOG.warn("verb {} is called {} by its spec; it is not offered", provider.id(), spec.name());
            return;
        }
        synchronized (this) {
            byId.put(provider.id(), new Entry(spec, provider));
            index();
        }
    }

    @Override
    public synchronized void departed(String id) {
        byId.remove(id);
        index();
    }

    private void index() {
        Map<String, Entry> words = new HashMap<>();
        List<Entry> entries = new ArrayList<>(byId.values());
        entries.forEach(entry -> words.put(entry.spec().name(), entry));
        entries.forEach(entry -> entry.spec().aliases().forEach(alias -> words.putIfAbsent(alias, entry)));
        byWord = Map.copyOf(words);
    }
}
