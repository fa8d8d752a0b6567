package org.felucca.core.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.Providers.ProviderListener;
import org.felucca.api.plugin.Role;
import org.felucca.core.turn.SerialExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of one role. Identity is the plugin id: the first service with an id fills it, another one with the
 * same id is a conflict and waits until the first has gone. Thread-safe; the lock is held for bookkeeping only, so that
 * draining one provider holds up no other.
 */
public final class Registry<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private final Role<T> role;
    private final Guard<T> guard;
    private final Executor executor;
    private final Map<String, ProviderHandle<T>> handles = new LinkedHashMap<>();
    private final Map<String, Origin> origins = new LinkedHashMap<>();
    private final List<Refused<T>> refused = new ArrayList<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private long sequence;

    /** A service that is registered but not used. */
    private record Refused<T>(String id, T service, Origin origin, String why) {}

    /** Makes the registry of a role. */
    public Registry(Role<T> role, Guard<T> guard, Executor executor) {
        this.role = role;
        this.guard = guard;
        this.executor = executor;
    }

    /** Takes a service in. */
    public void bind(@Nullable String id, T service, Origin origin) {
        if (id == null || !ID.matcher(id).matches()) {
            String why = id == null ? "it has no property " + PluginId.PROPERTY : "its id is malformed";
            LOG.warn("refused a {} provider of bundle {}: {}", role.name(), origin.bundle(), why);
            synchronized (this) {
                refused.add(new Refused<>(id == null ? "" : id, service, origin, why));
            }
            return;
        }
        synchronized (this) {
            ProviderHandle<T> handle = handle(id);
            Binding<T> current = handle.binding();
            if (current != null) {
                String why = "bundle " + current.origin().bundle() + " already provides " + handle;
                LOG.warn("refused a provider of bundle {}: {}", origin.bundle(), why);
                refused.add(new Refused<>(id, service, origin, why));
                return;
            }
            fill(handle, service, origin);
        }
    }

    private void fill(ProviderHandle<T> handle, T service, Origin origin) {
        Gate gate = new Gate(handle.toString());
        handle.fill(new Binding<>(service, guard.guard(service, gate, executor), gate, origin, sequence++));
        origins.put(handle.id(), origin);
        watchers.forEach(watcher -> watcher.arrived(handle));
    }

    /** Takes over a changed ranking. */
    public synchronized void updated(T service, Origin origin) {
        for (ProviderHandle<T> handle : handles.values()) {
            Binding<T> current = handle.binding();
            if (current != null && current.service() == service) {
                handle.fill(new Binding<>(service, current.view(), current.gate(), origin, current.sequence()));
                origins.put(handle.id(), origin);
            }
        }
    }

    /**
     * Lets a service go: closes intake, waits for what is under way, at most for the grace, then cuts off the rest. The
     * service may be stopped when this returns. A provider that waited for its identity then gets it.
     */
    public void unbind(T service, Duration grace) {
        ProviderHandle<T> handle = null;
        Binding<T> binding = null;
        synchronized (this) {
            refused.removeIf(other -> other.service() == service);
            for (ProviderHandle<T> candidate : handles.values()) {
                Binding<T> current = candidate.binding();
                if (current != null && current.service() == service) {
                    handle = candidate;
                    binding = current;
                    current.gate().drain();
                }
            }
        }
        if (handle == null || binding == null) {
            return;
        }
        binding.gate().close(grace);
        synchronized (this) {
            handle.fill(null);
            String id = handle.id();
            watchers.forEach(watcher -> watcher.departed(id));
            for (Refused<T> waiting : refused) {
                if (waiting.id().equals(id)) {
                    refused.remove(waiting);
                    fill(handle, waiting.service(), waiting.origin());
                    break;
                }
            }
        }
    }

    private ProviderHandle<T> handle(String id) {
        return handles.computeIfAbsent(id, key -> new ProviderHandle<>(role, key));
    }

    /** See {@link org.felucca.api.plugin.Providers#require}. */
    public Provider<T> require(String id) {
        return find(id).orElseThrow(() -> new FeluccaException(
                ErrorCode.UNAVAILABLE,
                "cannot use " + role.name() + "=" + id,
                "no such provider is live",
                "live are: " + names()));
    }

    private String names() {
        List<String> ids = live().stream().map(Provider::id).toList();
        return ids.isEmpty() ? "none" : String.join(", ", ids);
    }

    /** See {@link org.felucca.api.plugin.Providers#find}. */
    public synchronized Optional<Provider<T>> find(String id) {
        ProviderHandle<T> handle = handles.get(id);
        return handle != null && handle.live() ? Optional.of(handle) : Optional.empty();
    }

    /** See {@link org.felucca.api.plugin.Providers#live}. */
    public synchronized List<Provider<T>> live() {
        List<Binding<T>> order = new ArrayList<>(handles.size());
        Map<Binding<T>, Provider<T>> owners = new java.util.IdentityHashMap<>();
        for (ProviderHandle<T> handle : handles.values()) {
            Binding<T> current = handle.binding();
            if (current != null && !current.gate().draining()) {
                order.add(current);
                owners.put(current, handle);
            }
        }
        order.sort((a, b) -> a == b ? 0 : a.before(b) ? -1 : 1);
        List<Provider<T>> result = new ArrayList<>(order.size());
        order.forEach(binding -> result.add(owners.get(binding)));
        return result;
    }

    /** See {@link org.felucca.api.plugin.Providers#inventory}; by id. */
    public synchronized List<ProviderInfo> inventory() {
        List<ProviderInfo> result = new ArrayList<>();
        for (ProviderHandle<T> handle : handles.values()) {
            Binding<T> current = handle.binding();
            Origin origin = origins.get(handle.id());
            if (origin == null) {
                continue;
            }
            ProviderInfo.State state = current == null
                    ? ProviderInfo.State.DEPARTED
                    : current.gate().draining() ? ProviderInfo.State.DRAINING : ProviderInfo.State.LIVE;
            result.add(info(handle.id(), state, origin, ""));
        }
        refused.forEach(
                other -> result.add(info(other.id(), ProviderInfo.State.CONFLICT, other.origin(), other.why())));
        result.sort(Comparator.comparing(ProviderInfo::id).thenComparing(ProviderInfo::state));
        return result;
    }

    private ProviderInfo info(String id, ProviderInfo.State state, Origin origin, String note) {
        return new ProviderInfo(role.name(), id, state, origin.ranking(), origin.bundle(), origin.version(), note);
    }

    /** See {@link org.felucca.api.plugin.Providers#watch}. */
    public synchronized AutoCloseable watch(ProviderListener<T> listener) {
        Watcher watcher = new Watcher(listener);
        for (Provider<T> provider : live()) {
            watcher.arrived(provider);
        }
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Tells one listener, in order, on the executor. */
    private final class Watcher {
        private final ProviderListener<T> listener;
        private final SerialExecutor queue = new SerialExecutor(executor);

        Watcher(ProviderListener<T> listener) {
            this.listener = listener;
        }

        void arrived(Provider<T> provider) {
            queue.execute(() -> listener.arrived(provider));
        }

        void departed(String id) {
            queue.execute(() -> listener.departed(id));
        }
    }
}
