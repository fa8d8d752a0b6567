package org.felucca.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.storage.Finding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store on one SQLite file. Construction returns at once; the file is opened by a thread of its own and every call
 * waits for that. A store that could not be opened says why on every call.
 *
 * <p>Thread-safe. Writes run one at a time under {@code writer}; {@code FULL} waits for its sync after letting go of it,
 * so that the next transaction runs meanwhile and shares a sync. Reads go to the cache, then to a few connections of
 * their own, and never wait for a writer.
 */
final class SqliteMetadataStore implements MetadataStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteMetadataStore.class);

    /** A commit nobody waits for reaches the disk within this. */
    private static final Duration LAZY_SYNC = Duration.ofSeconds(2);

    private static final int CACHED_RECORDS = 512;

    /** Beside the database. */
    private static final String COPIES = "records";

    private final Path file;
    private final RecordCache cache = new RecordCache(CACHED_RECORDS);
    private final ReentrantLock writer = new ReentrantLock();
    private final CompletableFuture<Parts> opening = new CompletableFuture<>();
    private final Thread opener;
    private volatile boolean closed;

    /** What is there once the file is open. */
    private record Parts(
            Database database,
            Writer writer,
            Readers readers,
            WalSync sync,
            Checkpoints checkpoints,
            Sidecars copies,
            Mirror mirror) {}

    /**
     * Starts opening.
     *
     * @param file the database; made, with its directory, if it is not there
     */
    SqliteMetadataStore(Path file) {
        this(file, Schema.CURRENT);
    }

    SqliteMetadataStore(Path file, Schema schema) {
        this.file = file;
        this.opener = new Thread(() -> open(schema), "felucca-metadata-open");
        opener.setDaemon(true);
        opener.start();
    }

    private void open(Schema schema) {
        long start = System.nanoTime();
        try {
            Sidecars copies = new Sidecars(file.toAbsolutePath().resolveSibling(COPIES));
            Database database = new Rebuild(file, schema, copies, Clock.systemUTC()).open();
            try {
                Writer connection = new Writer(database);
                Readers readers = new Readers(database);
                Checkpoints checkpoints = new Checkpoints(database, database.connection(), writer);
                WalSync sync = new WalSync(file, database::syncLog, LAZY_SYNC);
                Mirror mirror = new Mirror(
                        copies,
                        flush -> countFlush(connection, sync, flush),
                        schema.version(),
                        Math.max(copies.state().flush(), 0),
                        () -> copies.state().complete()
                                ? Map.of()
                                : CopiesCheck.lag(
                                        CopiesCheck.all(kind -> list(readers, kind, tables -> tables.list(kind))),
                                        copies.read()));
                opening.complete(new Parts(database, connection, readers, sync, checkpoints, copies, mirror));
            } catch (IOException e) {
                database.close();
                throw new FeluccaException(
                        ErrorCode.INTERNAL, "cannot open " + file, String.valueOf(e.getMessage()), null, e);
            } catch (SQLException e) {
                FeluccaException failure = SqlFailure.of("cannot open " + file, file, e);
                try {
                    database.close();
                } catch (FeluccaException close) {
                    failure.addSuppressed(close);
                }
                throw failure;
            }
            LOG.debug("opened {} in {} ms", file, (System.nanoTime() - start) / 1_000_000);
        } catch (FeluccaException e) {
            LOG.error("{}", e.getMessage());
            opening.completeExceptionally(e);
        } catch (SQLException e) {
            FeluccaException failure = SqlFailure.of("cannot open " + file, file, e);
            LOG.error("{}", failure.getMessage());
            opening.completeExceptionally(failure);
        } catch (RuntimeException | LinkageError e) {
            FeluccaException failure = new FeluccaException(
                    ErrorCode.INTERNAL,
                    "cannot open " + file,
                    "the SQLite library did not start (" + e + ")",
                    "check that org.sqlite.lib.path names the directory of the native library",
                    e);
            LOG.error("{}", failure.getMessage());
            opening.completeExceptionally(failure);
        }
    }

    @Override
    public Optional<MetadataRecord> get(RecordId id) {
        Parts parts = parts();
        MetadataRecord cached = cache.get(id);
        if (cached != null) {
            return Optional.of(cached);
        }
        long stamp = cache.stamp();
        MetadataRecord found = read(parts.readers(), "cannot read " + id, tables -> tables.get(id));
        if (found != null) {
            cache.offer(stamp, found);
        }
        return Optional.ofNullable(found);
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind, String scope) {
        return list(parts().readers(), kind, tables -> tables.list(kind, scope));
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind) {
        return list(parts().readers(), kind, tables -> tables.list(kind));
    }

    private List<MetadataRecord> list(Readers readers, RecordKind kind, Readers.Query<List<MetadataRecord>> query) {
        List<MetadataRecord> found = read(readers, "cannot list " + kind.label() + " records", query);
        return found == null ? List.of() : found;
    }

    private <T> @Nullable T read(Readers readers, String subject, Readers.Query<T> query) {
        try {
            return readers.read(subject, query);
        } catch (SQLException e) {
            throw SqlFailure.of(subject, file, e);
        }
    }

    @Override
    public <R> R update(Durability durability, Function<? super Transaction, ? extends R> work) {
        Parts parts = parts();
        if (writer.isHeldByCurrentThread()) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL, "cannot start a transaction", "this thread is in one already");
        }
        Result<R> result;
        long commit;
        writer.lock();
        try {
            requireOpen();
            result = transact(parts, durability, work);
            commit = parts.sync().last();
        } finally {
            writer.unlock();
        }
        if (durability == Durability.FULL) {
            parts.sync().await(commit);
            parts.mirror().await(result.copies());
        }
        return result.value();
    }

    /** What a transaction came to, and what to wait for if its records are to have copies. */
    private record Result<R>(R value, long copies) {}

    /** Counts a flush of the copies; returns when that is on the disk. Works while the store is closing. */
    private void countFlush(Writer connection, WalSync sync, long flush) {
        long commit;
        writer.lock();
        try {
            connection.countFlush(flush);
            connection.commit();
            commit = sync.committed();
        } catch (SQLException e) {
            FeluccaException failure = SqlFailure.of("cannot count a flush", file, e);
            connection.rollback(failure);
            throw failure;
        } finally {
            writer.unlock();
        }
        sync.await(commit);
    }

    @Override
    public int check(boolean repair, Consumer<? super Finding> found) {
        Parts parts = parts();
        try {
            String answer = parts.readers().read("cannot check the records", RecordTables::quickCheck);
            if (!"ok".equals(answer)) {
                found.accept(Finding.of(
                        Finding.Part.RECORDS,
                        file.toString(),
                        "it is damaged (" + answer + "); restart the daemon, which rebuilds it",
                        Finding.Outcome.LEFT));
            }
        } catch (SQLException e) {
            throw SqlFailure.of("cannot check the records", file, e);
        }
        return new CopiesCheck(file, this, parts.copies(), parts.mirror(), repair, found).run();
    }

    /** Runs one transaction; the writer's lock is held. */
    private <R> Result<R> transact(
            Parts parts, Durability durability, Function<? super Transaction, ? extends R> work) {
        WriteTransaction transaction;
        try {
            transaction = new WriteTransaction(parts.writer().tables(), cache, file);
        } catch (SQLException e) {
            throw SqlFailure.of("cannot start a transaction", file, e);
        }
        R result;
        try {
            result = work.apply(transaction);
        } catch (RuntimeException | Error e) {
            parts.writer().rollback(e);
            throw e;
        } finally {
            transaction.end();
        }
        Map<RecordId, Optional<MetadataRecord>> changes = transaction.changes();
        if (transaction.inDoubt()) {
            // The work caught what a statement threw; what SQLite undid by itself is not known, so nothing is kept.
            FeluccaException failure = new FeluccaException(
                    ErrorCode.ABORTED, "cannot commit a transaction", "a statement in it failed", "try again");
            parts.writer().rollback(failure);
            throw failure;
        }
        if (changes.isEmpty()) {
            parts.writer().rollback(null);
            return new Result<>(result, 0);
        }
        cache.beginChange(changes.keySet());
        boolean committed = false;
        try {
            parts.writer().commit();
            committed = true;
        } catch (SQLException e) {
            FeluccaException failure = SqlFailure.of("cannot commit a transaction", file, e);
            parts.writer().rollback(failure);
            if (failure.is(ErrorCode.RESOURCE_EXHAUSTED)) {
                parts.checkpoints().soon();
            }
            throw failure;
        } finally {
            cache.endChange(committed ? changes.entrySet() : List.of());
        }
        parts.sync().committed();
        parts.checkpoints().changed(changes.size());
        return new Result<>(result, parts.mirror().changed(durability, changes.entrySet()));
    }

    private Parts parts() {
        requireOpen();
        try {
            return opening.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof FeluccaException f) {
                throw new FeluccaException(
                        f.code(), f.subject(), f.reason(), f.fix().orElse(null), f);
            }
            throw e;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot use the metadata database", "the daemon is stopping", null);
        }
    }

    /** Refuses further calls, waits for the transaction under way, syncs, and closes. Idempotent. */
    @Override
    public void close() {
        writer.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            writer.unlock();
        }
        Threads.join(opener);
        if (opening.isCompletedExceptionally()) {
            return;
        }
        Parts parts = opening.join();
        parts.mirror().close();
        parts.checkpoints().close();
        parts.sync().close();
        parts.readers().close();
        try {
            parts.database().close();
        } catch (FeluccaException e) {
            LOG.error("{}", e.getMessage());
        }
    }
}
