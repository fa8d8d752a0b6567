package org.felucca.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/**
 * An open database file: makes connections to it and holds its log for syncing. Thread-safe; the connections it gives
 * out are not.
 *
 * <p>All connections use the write-ahead log with {@code synchronous=NORMAL}, so that a commit is a few writes and no
 * sync, and never checkpoint by themselves. Nothing here opens the main file by other means: closing a second descriptor
 * of it would drop SQLite's locks.
 */
final class Database implements AutoCloseable {
    /** How long a foreign writer (an operator's shell) is waited for. */
    private static final int BUSY_MILLIS = 10_000;

    /** To this size the log is cut when it starts over. */
    private static final int LOG_LIMIT = 16 << 20;

    /**
     * So much of the log is allocated from the start, and written over from then on: a full disk must not keep anybody from
     * recording what was removed. Some hundred transactions.
     */
    private static final int LOG_RESERVE = 2 << 20;

    private final Path file;
    private final List<Connection> connections = new ArrayList<>();
    private final FileChannel log;

    private Database(Path file, FileChannel log, Connection first) {
        this.file = file;
        this.log = log;
        connections.add(first);
    }

    /**
     * Opens or creates; then the schema is current.
     *
     * @throws FeluccaException DATA_LOSS if it is damaged, RESOURCE_EXHAUSTED if the disk is full, FAILED_PRECONDITION
     *     if it is not ours, too new, or not writable
     */
    static Database open(Path file, Schema schema) {
        String subject = "cannot open " + file;
        @Nullable Connection connection = null;
        @Nullable FileChannel log = null;
        try {
            Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "the directory of the database");
            createPrivate(directory);
            Path logFile = file.resolveSibling(file.getFileName() + "-wal");
            connection = connect(file);
            check(connection, file);
            schema.migrate(connection, file);
            touch(connection);
            // SQLite keeps the log file as long as a connection is open, so this descriptor stays the right one.
            log = FileChannel.open(logFile, StandardOpenOption.WRITE);
            reserve(log, directory);
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
            return new Database(file, log, connection);
        } catch (SQLException e) {
            throw closing(SqlFailure.of(subject, file, e), connection, log);
        } catch (IOException e) {
            String reason = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.toString();
            throw closing(
                    new FeluccaException(
                            ErrorCode.FAILED_PRECONDITION,
                            subject,
                            reason,
                            "check its directory and the space there",
                            e),
                    connection,
                    log);
        } catch (FeluccaException e) {
            throw closing(e, connection, log);
        }
    }

    /** Reads every record once; a row that nobody wrote is damage as well. */
    static void checkRows(Connection connection, Path file) {
        try {
            new RecordTables(connection).checkRows();
        } catch (SQLException e) {
            throw SqlFailure.of("cannot open " + file, file, e);
        }
    }

    /** Returns the file. */
    Path file() {
        return file;
    }

    /** Makes one more connection; {@link #close} closes it. */
    synchronized Connection connection() throws SQLException {
        Connection connection = connect(file);
        connections.add(connection);
        return connection;
    }

    /** Closes a connection that is in doubt. */
    synchronized void discard(Connection connection) {
        connections.remove(connection);
        try {
            connection.close();
        } catch (SQLException e) {
            // It is closed in order to be replaced; what is wrong with it was thrown to the caller before.
            return;
        }
    }

    /** Waits until what was written to the log is on the disk. */
    void syncLog() throws IOException {
        log.force(false);
    }

    /**
     * Closes all connections. The last one moves the log into the database.
     *
     * @throws FeluccaException if that fails; nothing is lost, the next open does it
     */
    @Override
    public synchronized void close() {
        FeluccaException failure = null;
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException e) {
                failure = SqlFailure.of("cannot close " + file, file, e);
            }
        }
        connections.clear();
        try {
            log.close();
        } catch (IOException e) {
            if (failure == null) {
                failure = new FeluccaException(
                        ErrorCode.INTERNAL, "cannot close the log of " + file, String.valueOf(e.getMessage()), null, e);
            } else {
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static Connection connect(Path file) throws SQLException {
        Connection connection = JDBC.createConnection(JDBC.PREFIX + file.toAbsolutePath(), new Properties());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("PRAGMA journal_size_limit = " + LOG_LIMIT);
            statement.execute("PRAGMA temp_store = MEMORY");
            statement.execute("PRAGMA cell_size_check = ON");
            return connection;
        } catch (SQLException e) {
            try {
                connection.close();
            } catch (SQLException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
    }

    /** Zeros behind the last frame are no frame to SQLite. Nothing is taken of a disk that is nearly full. */
    private static void reserve(FileChannel log, Path directory) throws IOException {
        long size = log.size();
        if (size >= LOG_RESERVE || Files.getFileStore(directory).getUsableSpace() < 8L * LOG_RESERVE) {
            return;
        }
        ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        for (long at = size; at < LOG_RESERVE; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), LOG_RESERVE - at));
            at += log.write(zeros, at);
        }
    }

    /** Reads every page once, so that damage is told now and by name. */
    private static void check(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            String answer = rows.next() ? rows.getString(1) : "no answer to quick_check";
            if (!answer.equals("ok")) {
                throw SqlFailure.damaged("cannot open " + file, file, answer, null);
            }
        }
    }

    /** Reads, so that the log file exists from here on even if nothing had to be migrated. */
    private static void touch(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM reference WHERE kind = ''")) {
            rows.next();
        }
    }

    private static void createPrivate(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static FeluccaException closing(FeluccaException failure, @Nullable AutoCloseable... parts) {
        for (@Nullable AutoCloseable part : parts) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        return failure;
    }
}
