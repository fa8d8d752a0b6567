package org.example.felucca;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.SnapshotUsage;

/**
 * Snapshots as plain directories with records beside them.
 *
 * <p>The directory is complete before its record is made, and the record is gone before the directory is: a crash leaves
 * at most a directory that no record names, and {@link #cleanup} removes it. Thread-safe: the record store decides who
 * gets a key.
 */
final class PlainStore {
    /** The plugin id, which is also the scope of the records. */
    static final String ID = "plain";

    private final Path directory;
    private final MetadataStore records;
    private final HostTools tools;
    private final Clock clock;

    /** Directories whose record is about to be made; cleanup leaves them alone. */
    private final Set<String> inTheMaking = ConcurrentHashMap.newKeySet();

    PlainStore(Path directory, MetadataStore records, HostTools tools, Clock clock) {
        this.directory = directory;
        this.records = records;
        this.tools = tools;
        this.clock = clock;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL,
                    "cannot use directory " + directory,
                    String.valueOf(e.getMessage()),
                    "make it writable for the daemon",
                    e);
        }
    }

    List<SnapshotMount> make(SnapshotRequest request, SnapshotKind kind) {
        Optional<Entry> parent = request.parent().map(key -> committed(key, request.key()));
        String name = UUID.randomUUID().toString();
        inTheMaking.add(name);
        try {
            Path tree = directory.resolve(name);
            try {
                if (parent.isPresent()) {
                    copy(parent.get(), tree, request.key());
                } else {
                    tools.makeDirectory(tree);
                }
                Instant now = clock.instant();
                Entry entry = new Entry(
                        request.key(), kind, request.parent(), name, request.ephemeral(), request.labels(), now, now);
                records.update(Durability.NORMAL, tx -> {
                    // Looked up again: the parent may have been removed while its tree was copied.
                    request.parent().ifPresent(key -> requireCommitted(tx.get(id(key)), key, request.key()));
                    tx.insert(entry.toRecord());
                    return true;
                });
                return mounts(entry);
            } catch (FeluccaException e) {
                discard(tree, e);
                throw e;
            }
        } finally {
            inTheMaking.remove(name);
        }
    }

    private void copy(Entry parent, Path tree, SnapshotKey child) {
        try {
            tools.copyTree(parent.tree(directory), tree);
        } catch (FeluccaException e) {
            // A parent that was removed meanwhile is the better reason.
            committed(parent.key(), child);
            throw e;
        }
    }

    void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels) {
        Entry entry = find(active);
        requireActive(entry, name);
        if (!"true".equals(labels.get("felucca.synced"))) {
            tools.sync(entry.tree(directory));
        }
        records.update(Durability.FULL, tx -> {
            Entry current = tx.get(id(active)).map(Entry::of).orElseThrow(() -> missing(active));
            requireActive(current, name);
            tx.insert(new Entry(
                            name,
                            SnapshotKind.COMMITTED,
                            current.parent(),
                            current.directory(),
                            false,
                            labels,
                            current.created(),
                            clock.instant())
                    .toRecord());
            tx.remove(id(active));
            return true;
        });
    }

    List<SnapshotMount> mounts(SnapshotKey key) {
        Entry entry = find(key);
        if (entry.kind() == SnapshotKind.COMMITTED) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot mount snapshot " + key,
                    "it is committed",
                    "prepare a snapshot on top of it");
        }
        return mounts(entry);
    }

    SnapshotInfo stat(SnapshotKey key) {
        return find(key).info();
    }

    SnapshotUsage usage(SnapshotKey key) {
        try {
            return tools.usage(find(key).tree(directory));
        } catch (FeluccaException e) {
            find(key); // one that is removed while it is measured is not found
            throw e;
        }
    }

    void walk(Consumer<? super SnapshotInfo> visitor) {
        List<Entry> left = new ArrayList<>(entries());
        Set<SnapshotKey> seen = new HashSet<>();
        while (!left.isEmpty()) {
            List<Entry> ready =
                    left.stream().filter(e -> e.parent().map(seen::contains).orElse(true)).toList();
            if (ready.isEmpty()) {
                throw new FeluccaException(
                        ErrorCode.DATA_LOSS, "cannot list snapshots of " + ID, "a parent is missing from the records");
            }
            for (Entry entry : ready) {
                visitor.accept(entry.info());
                seen.add(entry.key());
            }
            left.removeAll(ready);
        }
    }

    void remove(SnapshotKey key) {
        Entry removed = records.update(Durability.NORMAL, tx -> {
            Entry entry = tx.get(id(key)).map(Entry::of).orElseThrow(() -> missing(key));
            Optional<Entry> child = tx.list(RecordKind.SNAPSHOT, ID).stream()
                    .map(Entry::of)
                    .filter(e -> e.parent().equals(Optional.of(key)))
                    .findFirst();
            if (child.isPresent()) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        "cannot remove snapshot " + key,
                        "it is the parent of " + child.get().key(),
                        "remove that one first");
            }
            tx.remove(id(key));
            return entry;
        });
        tools.removeTree(removed.tree(directory));
    }

    void cleanup() {
        List<Path> found;
        try (Stream<Path> list = Files.list(directory)) {
            found = list.toList();
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL, "cannot list " + directory, String.valueOf(e.getMessage()), null, e);
        }
        // Read after the listing: a directory listed above either has its record by now, or is in the making.
        Set<String> used = new HashSet<>(inTheMaking);
        entries().forEach(e -> used.add(e.directory()));
        found.stream().filter(p -> !used.contains(p.getFileName().toString())).forEach(tools::removeTree);
    }

    private List<Entry> entries() {
        return records.list(RecordKind.SNAPSHOT, ID).stream().map(Entry::of).toList();
    }

    private List<SnapshotMount> mounts(Entry entry) {
        return List.of(new SnapshotMount.Bind(entry.tree(directory), entry.kind() == SnapshotKind.VIEW));
    }

    private Entry find(SnapshotKey key) {
        return records.get(id(key)).map(Entry::of).orElseThrow(() -> missing(key));
    }

    private Entry committed(SnapshotKey parent, SnapshotKey child) {
        return requireCommitted(records.get(id(parent)), parent, child);
    }

    private static Entry requireCommitted(Optional<MetadataRecord> found, SnapshotKey parent, SnapshotKey child) {
        Entry entry = found.map(Entry::of)
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.NOT_FOUND, "cannot prepare snapshot " + child, "there is no parent " + parent));
        if (entry.kind() != SnapshotKind.COMMITTED) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot prepare snapshot " + child,
                    "parent " + parent + " is not committed",
                    "commit it first");
        }
        return entry;
    }

    private static void requireActive(Entry entry, SnapshotKey name) {
        if (entry.kind() != SnapshotKind.ACTIVE || entry.ephemeral()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot commit snapshot " + entry.key() + " as " + name,
                    entry.ephemeral() ? "it was prepared to be thrown away" : "it is not active");
        }
    }

    private static FeluccaException missing(SnapshotKey key) {
        return new FeluccaException(
                ErrorCode.NOT_FOUND, "no snapshot " + key, "snapshotter " + ID + " has none with this key");
    }

    private void discard(Path tree, FeluccaException reason) {
        try {
            tools.removeTree(tree);
        } catch (FeluccaException e) {
            reason.addSuppressed(e);
        }
    }

    private static RecordId id(SnapshotKey key) {
        return new RecordId(RecordKind.SNAPSHOT, ID, key.value());
    }
}
