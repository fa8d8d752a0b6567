package org.felucca.core.record;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.jspecify.annotations.Nullable;

/** All containers, in memory. Thread-safe. */
public final class Table {
    private final Map<ContainerKey, Entry> entries = new ConcurrentHashMap<>();
    private final Map<Name, String> ids = new ConcurrentHashMap<>();

    private record Name(NamespaceName namespace, String text) {}

    /**
     * Reserves a name for a container that is about to be made.
     *
     * @return {@code false} if it is in use
     */
    public boolean reserve(ContainerKey key, String name) {
        return ids.putIfAbsent(new Name(key.namespace(), name), key.id()) == null;
    }

    /** Frees a name. */
    public void release(ContainerKey key, String name) {
        ids.remove(new Name(key.namespace(), name), key.id());
    }

    /** Returns the id that has a name; null if it is free. */
    public @Nullable String owner(NamespaceName namespace, String name) {
        return ids.get(new Name(namespace, name));
    }

    /** Makes a container visible. */
    public void add(Entry entry) {
        entries.put(entry.key(), entry);
    }

    /** Takes a container out, and frees its name. */
    public void remove(Entry entry) {
        entries.remove(entry.key(), entry);
        release(entry.key(), entry.record().name());
        entry.goneForGood();
    }

    /** Returns the container with this key; null if there is none. */
    public @Nullable Entry get(ContainerKey key) {
        return entries.get(key);
    }

    /** Returns all containers, in no order. */
    public Collection<Entry> all() {
        return entries.values();
    }

    /** Returns the containers of a tenant, newest first. */
    public List<Entry> list(NamespaceName namespace) {
        List<Entry> result = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.key().namespace().equals(namespace)) {
                result.add(entry);
            }
        }
        result.sort(Comparator.comparing((Entry entry) -> entry.record().created())
                .reversed()
                .thenComparing(entry -> entry.key().id()));
        return result;
    }

    /**
     * Finds a container by id, name, or unique prefix of the id, in this order.
     *
     * @throws FeluccaException NOT_FOUND if nothing fits, INVALID_ARGUMENT if a prefix fits more than one
     */
    public Entry find(NamespaceName namespace, String text) {
        Entry exact = entries.get(new ContainerKey(namespace, text));
        if (exact != null) {
            return exact;
        }
        String id = owner(namespace, text);
        Entry named = id == null ? null : entries.get(new ContainerKey(namespace, id));
        if (named != null) {
            return named;
        }
        Entry found = null;
        for (Entry entry : entries.values()) {
            if (text.isEmpty()
                    || !entry.key().namespace().equals(namespace)
                    || !entry.key().id().startsWith(text)) {
                continue;
            }
            if (found != null) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "cannot find container " + text,
                        "more than one id starts so",
                        "give more digits or the name");
            }
            found = entry;
        }
        if (found == null) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot find container " + text,
                    "no container of namespace " + namespace + " has that id or name",
                    "list them all with ps -a");
        }
        return found;
    }
}
