package org.felucca.snapshotter.ledger;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.MetadataStore.Transaction;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.SnapshotUsage;

/**
 * Snapshots as records, and what may become of them. Every change is one transaction, so that two callers never both
 * succeed with one key, and no parent goes while a child comes. Thread-safe.
 */
public final class Ledger {

    /** Label by which the committer says that the file system was synced since its last write. */
    public static final String LABEL_SYNCED = "felucca.synced";

    /** Value of {@link SnapshotInfo#LABEL_SEAL}. */
    static final String LATER = "later";

    private final String scope;
    private final MetadataStore store;
    private final Clock clock;
    private final String boot;

    /** @param scope the snapshotter's id */
    public Ledger(String scope, MetadataStore store, Clock clock) {
        this(scope, store, clock, Boot.id());
    }

    /** @param boot which boot of the host this is */
    Ledger(String scope, MetadataStore store, Clock clock, String boot) {
        this.scope = scope;
        this.store = store;
        this.clock = clock;
        this.boot = boot;
    }

    /** What another boot of the host left unsealed may have lost its contents: it is as if it had never been committed. */
    private boolean isThere(Entry entry) {
        return entry.unsealed().map(boot::equals).orElse(true);
    }

    private Optional<Entry> find(SnapshotKey key) {
        return store.get(Entry.id(scope, key)).map(Entry::of).filter(this::isThere);
    }

    private Optional<Entry> find(Transaction transaction, SnapshotKey key) {
        return transaction.get(Entry.id(scope, key)).map(Entry::of).filter(this::isThere);
    }

    /** Removes the records of what a crash of the host took; returns how many there were. */
    public int dropLost() {
        List<RecordId> lost = store.list(RecordKind.SNAPSHOT, scope).stream()
                .map(Entry::of)
                .filter(entry -> !isThere(entry))
                .map(entry -> Entry.id(scope, entry.info().key()))
                .toList();
        if (!lost.isEmpty()) {
            store.update(Durability.NORMAL, transaction -> {
                for (RecordId id : lost) {
                    if (find(transaction, SnapshotKey.of(id.key())).isEmpty()) {
                        transaction.remove(id);
                    }
                }
                return Boolean.TRUE;
            });
        }
        return lost.size();
    }

    /** @throws FeluccaException NOT_FOUND if there is no such snapshot */
    public Entry get(SnapshotKey key, String operation) {
        return find(key).orElseThrow(() -> notFound(operation, key));
    }

    /** Every snapshot, parents before their children. */
    public List<Entry> list() {
        return parentsFirst(store.list(RecordKind.SNAPSHOT, scope));
    }

    /** The committed parent that a request asks for, with the errors of {@code prepare}. */
    public Optional<Entry> parent(SnapshotRequest request) {
        return request.parent().map(parent -> requireParent(subject(request), parent, find(parent)));
    }

    private static String subject(SnapshotRequest request) {
        return "cannot prepare snapshot " + request.key();
    }

    private static Entry requireParent(String subject, SnapshotKey parent, Optional<Entry> found) {
        Entry entry = found.orElseThrow(() -> new FeluccaException(
                ErrorCode.NOT_FOUND, subject, "there is no parent " + parent, "pull the image again"));
        if (entry.info().kind() != SnapshotKind.COMMITTED) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "parent " + parent + " is not committed",
                    "commit it first");
        }
        return entry;
    }

    /** Records a new active snapshot or view in directory {@code storage}. */
    public Entry insert(SnapshotRequest request, SnapshotKind kind, long storage) {
        return store.update(Durability.NORMAL, transaction -> {
            List<Long> below = request.parent()
                    .map(parent -> requireParent(subject(request), parent, find(transaction, parent))
                            .stack())
                    .orElse(List.of());
            Instant now = now();
            SnapshotInfo info = new SnapshotInfo(request.key(), kind, request.parent(), request.labels(), now, now);
            boolean ephemeral = request.ephemeral() && kind == SnapshotKind.ACTIVE;
            Entry entry = new Entry(info, storage, below, ephemeral, Optional.empty(), Optional.empty());
            insert(transaction, entry, subject(request));
            return entry;
        });
    }

    /**
     * The active snapshot that may be committed as {@code name}, with the errors of {@code commit}.
     *
     * @param onto the parent that it gets, if it is to get one
     */
    public Entry committable(SnapshotKey name, SnapshotKey active, Optional<SnapshotKey> onto) {
        if (find(name).isPresent()) {
            throw inUse("cannot commit snapshot " + active, name);
        }
        Entry entry = requireCommittable(active, find(active));
        onto.ifPresent(parent -> requireOnto(entry, parent, find(parent)));
        return entry;
    }

    private static Entry requireOnto(Entry active, SnapshotKey parent, Optional<Entry> found) {
        SnapshotKey key = active.info().key();
        String subject = "cannot commit snapshot " + key;
        active.info().parent().ifPresent(present -> {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "it lies on " + present + " already",
                    "commit it without naming a parent");
        });
        return requireParent(subject, parent, found);
    }

    private static Entry requireCommittable(SnapshotKey active, Optional<Entry> found) {
        String subject = "cannot commit snapshot " + active;
        Entry entry = found.orElseThrow(() -> notFound("commit", active));
        if (entry.info().kind() != SnapshotKind.ACTIVE) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "it is " + (entry.info().kind() == SnapshotKind.VIEW ? "a view" : "committed already"),
                    "prepare an active one");
        }
        if (entry.ephemeral()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "it is ephemeral, its contents were never synced",
                    "prepare it without that permission");
        }
        return entry;
    }

    /**
     * Replaces the record of {@code active} by a committed one.
     *
     * @param onto the parent that it gets, if it is to get one
     */
    public void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels, Optional<SnapshotKey> onto) {
        Map<String, String> kept = new HashMap<>(labels);
        boolean synced = "true".equals(kept.remove(LABEL_SYNCED));
        boolean later = LATER.equals(kept.remove(SnapshotInfo.LABEL_SEAL));
        Optional<String> unsealed = later && !synced ? Optional.of(boot) : Optional.empty();
        store.update(Durability.NORMAL, transaction -> {
            Entry entry = requireCommittable(active, find(transaction, active));
            List<Long> below = onto.map(parent -> requireOnto(entry, parent, find(transaction, parent))
                            .stack())
                    .orElse(entry.below());
            SnapshotInfo info = new SnapshotInfo(
                    name,
                    SnapshotKind.COMMITTED,
                    onto.or(() -> entry.info().parent()),
                    kept,
                    entry.info().created(),
                    now());
            Entry committed = new Entry(info, entry.storage(), below, false, Optional.empty(), unsealed);
            insert(transaction, committed, "cannot commit snapshot " + active);
            transaction.remove(Entry.id(scope, active));
            return Boolean.TRUE;
        });
    }

    /** Keeps a committed snapshot's size; nothing happens if it has gone meanwhile. */
    public void keepUsage(SnapshotKey key, SnapshotUsage usage) {
        store.update(Durability.NORMAL, transaction -> {
            find(transaction, key)
                    .map(entry -> entry.measured(usage).toRecord(scope))
                    .ifPresent(transaction::put);
            return Boolean.TRUE;
        });
    }

    /** Those of these snapshots that are committed and not durable yet. */
    public List<SnapshotKey> unsealed(Collection<SnapshotKey> names) {
        return names.stream()
                .filter(name ->
                        find(name).filter(entry -> entry.unsealed().isPresent()).isPresent())
                .toList();
    }

    /** Records that snapshots are durable; the file system was synced since they were committed. */
    public void seal(Collection<SnapshotKey> names) {
        store.update(Durability.NORMAL, transaction -> {
            for (SnapshotKey name : names) {
                find(transaction, name)
                        .map(entry -> entry.sealed().toRecord(scope))
                        .ifPresent(transaction::put);
            }
            return Boolean.TRUE;
        });
    }

    /** Replaces the labels of a committed snapshot. */
    public Entry relabel(SnapshotKey key, Map<String, String> labels) {
        return store.update(Durability.FULL, transaction -> {
            Entry entry = requireCommitted(find(transaction, key), "relabel", key);
            Entry next = labelled(entry, labels, entry.usage());
            transaction.put(next.toRecord(scope));
            return next;
        });
    }

    private Entry labelled(Entry entry, Map<String, String> labels, Optional<SnapshotUsage> usage) {
        SnapshotInfo before = entry.info();
        SnapshotInfo info =
                new SnapshotInfo(before.key(), before.kind(), before.parent(), labels, before.created(), now());
        return new Entry(info, entry.storage(), entry.below(), entry.ephemeral(), usage, entry.unsealed());
    }

    private static Entry requireCommitted(Optional<Entry> found, String operation, SnapshotKey key) {
        Entry entry = found.orElseThrow(() -> notFound(operation, key));
        if (entry.info().kind() != SnapshotKind.COMMITTED) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot " + operation + " snapshot " + key,
                    "it is not committed",
                    "commit it first");
        }
        return entry;
    }

    /** The snapshots that may change their contents, with the errors of {@code replace}. */
    public Replacement replaceable(SnapshotKey damaged, SnapshotKey active) {
        return replaceable(damaged, find(damaged), active, find(active));
    }

    private static Replacement replaceable(
            SnapshotKey damaged, Optional<Entry> committed, SnapshotKey active, Optional<Entry> fresh) {
        Entry old = requireCommitted(committed, "replace", damaged);
        Entry with = requireCommittable(active, fresh);
        if (!old.info().parent().equals(with.info().parent())) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot replace snapshot " + damaged,
                    active + " has another parent",
                    "prepare one with the same");
        }
        return new Replacement(old, with);
    }

    /** A committed snapshot, and the active one whose contents it gets. */
    public record Replacement(Entry damaged, Entry active) {}

    /** The directories have changed places: the damaged snapshot is whole, and the active one is gone. */
    public void replaced(SnapshotKey damaged, SnapshotKey active) {
        store.update(Durability.FULL, transaction -> {
            Replacement pair = replaceable(damaged, find(transaction, damaged), active, find(transaction, active));
            Map<String, String> labels = new HashMap<>(pair.damaged().info().labels());
            labels.remove(SnapshotInfo.LABEL_DAMAGED);
            labels.remove(SnapshotInfo.LABEL_DAMAGED_BELOW);
            // What lies below may have been made again elsewhere.
            Entry whole = labelled(pair.damaged(), labels, Optional.empty())
                    .sealed()
                    .on(pair.active().below());
            transaction.put(whole.toRecord(scope));
            restack(transaction, whole);
            transaction.remove(Entry.id(scope, active));
            return Boolean.TRUE;
        });
    }

    /** Has everything on a snapshot lie on what that one lies on now. */
    private void restack(Transaction transaction, Entry below) {
        Map<SnapshotKey, Entry> changed = new HashMap<>(Map.of(below.info().key(), below));
        for (Entry entry : parentsFirst(transaction.list(RecordKind.SNAPSHOT, scope))) {
            Optional<Entry> parent = entry.info().parent().map(changed::get);
            if (parent.isPresent() && !entry.below().equals(parent.get().stack())) {
                Entry moved = entry.on(parent.get().stack());
                transaction.put(moved.toRecord(scope));
                changed.put(moved.info().key(), moved);
            }
        }
    }

    private List<Entry> parentsFirst(List<MetadataRecord> records) {
        return records.stream()
                .map(Entry::of)
                .filter(this::isThere)
                .sorted(Comparator.comparingInt((Entry entry) -> entry.below().size())
                        .thenComparing(entry -> entry.info().key()))
                .toList();
    }

    /** Removes a record. @return what it was */
    public Entry remove(SnapshotKey key) {
        return store.update(Durability.NORMAL, transaction -> {
            RecordId id = Entry.id(scope, key);
            Entry entry = find(transaction, key).orElseThrow(() -> notFound("remove", key));
            if (entry.info().kind() == SnapshotKind.COMMITTED) {
                Predicate<RecordId> isChild = referrer -> referrer.kind() == RecordKind.SNAPSHOT
                        && referrer.scope().equals(scope);
                List<String> children = transaction.referrers(id).stream()
                        .filter(isChild)
                        .map(RecordId::key)
                        .toList();
                if (!children.isEmpty()) {
                    throw new FeluccaException(
                            ErrorCode.FAILED_PRECONDITION,
                            "cannot remove snapshot " + key,
                            children.get(0)
                                    + (children.size() > 1 ? " and " + (children.size() - 1) + " others lie" : " lies")
                                    + " on it",
                            "remove what lies on it first");
                }
            }
            transaction.remove(id);
            return entry;
        });
    }

    private void insert(Transaction transaction, Entry entry, String subject) {
        RecordId id = Entry.id(scope, entry.info().key());
        if (transaction.get(id).map(Entry::of).filter(there -> !isThere(there)).isPresent()) {
            transaction.remove(id);
        }
        try {
            transaction.insert(entry.toRecord(scope));
        } catch (FeluccaException e) {
            throw e.is(ErrorCode.ALREADY_EXISTS) ? inUse(subject, entry.info().key()) : e;
        }
    }

    /** Milliseconds: what every store of records keeps without loss. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static FeluccaException inUse(String subject, SnapshotKey key) {
        return new FeluccaException(
                ErrorCode.ALREADY_EXISTS,
                subject,
                "the key " + key + " is in use",
                "choose another one or remove that snapshot");
    }

    private static FeluccaException notFound(String operation, SnapshotKey key) {
        return new FeluccaException(
                ErrorCode.NOT_FOUND, "cannot " + operation + " snapshot " + key, "there is none of this name");
    }
}
