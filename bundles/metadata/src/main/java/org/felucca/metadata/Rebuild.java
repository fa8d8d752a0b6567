package org.felucca.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database; one that is damaged, missing, or behind its copies is put aside and made anew from them. Used
 * once.
 */
final class Rebuild {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    private static final String ASIDE = ".damaged-";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int USER_VERSION_AT = 60;
    private static final int APPLICATION_ID_AT = 68;

    private final Path file;
    private final Schema schema;
    private final Sidecars copies;
    private final Clock clock;

    Rebuild(Path file, Schema schema, Sidecars copies, Clock clock) {
        this.file = file;
        this.schema = schema;
        this.copies = copies;
        this.clock = clock;
    }

    /**
     * Opens, after a rebuild if there is need of one.
     *
     * @throws FeluccaException as {@link Database#open}; DATA_LOSS only if the damaged file cannot be put aside
     */
    Database open() throws SQLException {
        Sidecars.State state = state();
        Database database;
        try {
            database = Database.open(file, schema);
        } catch (FeluccaException e) {
            // Where copies are, the database was ours and worked: whatever else is the matter with it now is damage.
            boolean garbled = state.flush() > 0
                    && (e.is(ErrorCode.INTERNAL) || (e.is(ErrorCode.FAILED_PRECONDITION) && isOursGarbled(state)));
            if (e.is(ErrorCode.DATA_LOSS) || garbled) {
                return rebuilt(e.reason());
            }
            throw e;
        }
        try {
            Connection connection = database.connection();
            Database.checkRows(connection, file);
            long known = flush(connection);
            database.discard(connection);
            if (known >= state.flush()) {
                return database;
            }
            database.close();
            return rebuilt("it knows " + known + " of " + state.flush() + " flushes");
        } catch (FeluccaException e) {
            database.close();
            if (e.is(ErrorCode.DATA_LOSS)) {
                return rebuilt(e.reason());
            }
            throw e;
        }
    }

    private Sidecars.State state() {
        try {
            return copies.state();
        } catch (IOException e) {
            LOG.warn("the state of the copies of records cannot be read: {}", e.getMessage());
            return new Sidecars.State(0, 0, false);
        }
    }

    /** Whether a header says another program's or a newer schema, where the copies know better. */
    private boolean isOursGarbled(Sidecars.State state) {
        if (state.schema() == 0 || state.schema() > schema.version()) {
            return false;
        }
        ByteBuffer header = ByteBuffer.allocate(100);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.read(header, 0) < header.capacity()) {
                return true;
            }
            return header.getInt(USER_VERSION_AT) > schema.version()
                    || header.getInt(APPLICATION_ID_AT) != Schema.APPLICATION_ID;
        } catch (IOException e) {
            return false;
        }
    }

    private Database rebuilt(String reason) throws SQLException {
        String subject = "cannot rebuild " + file;
        try {
            Path aside = putAside();
            Database database = Database.open(file, schema);
            try {
                Sidecars.Contents contents = copies.read();
                Connection connection = database.connection();
                fill(connection, contents, copies.state().flush());
                database.discard(connection);
                LOG.warn(
                        "{} was damaged ({}): it was rebuilt with {} records from their copies, and kept as {};"
                                + " run felucca fsck",
                        file,
                        reason,
                        contents.records().size(),
                        aside);
                contents.damaged()
                        .forEach(damaged -> LOG.warn("the copy {} is damaged, too: its record is lost", damaged));
                return database;
            } catch (IOException | SQLException | RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS, subject, String.valueOf(e.getMessage()), "move it away by hand", e);
        }
    }

    /** Moves the database and its log to names that say when. */
    private Path putAside() throws IOException {
        String suffix = ASIDE + STAMP.format(clock.instant());
        Path aside = file.resolveSibling(file.getFileName() + suffix);
        move(file, aside);
        move(file.resolveSibling(file.getFileName() + "-wal"), file.resolveSibling(aside.getFileName() + "-wal"));
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
        return aside;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to);
        } catch (NoSuchFileException e) {
            // A missing one is what this is about.
            LOG.debug("there is no {}", from);
        }
    }

    /** Databases that were put aside. */
    static List<Path> putAside(Path file) throws IOException {
        TreeSet<Path> found = new TreeSet<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(file.toAbsolutePath().getParent(), file.getFileName() + ASIDE + "*")) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().endsWith("-wal")) {
                    found.add(entry);
                }
            }
        }
        return new ArrayList<>(found);
    }

    private static void fill(Connection connection, Sidecars.Contents contents, long flush) throws SQLException {
        connection.setAutoCommit(false);
        RecordTables tables = new RecordTables(connection);
        for (MetadataRecord record : contents.records().values()) {
            tables.insert(record);
        }
        count(connection, flush);
        connection.commit();
    }

    /** How often the copies were brought up to date, as the database knows it. */
    static long flush(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT flush FROM copies")) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Writes that number; the caller commits. */
    static void count(Connection connection, long flush) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT OR REPLACE INTO copies (id, flush) VALUES (1, ?)")) {
            statement.setLong(1, flush);
            statement.executeUpdate();
        }
    }
}
