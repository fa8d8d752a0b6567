package org.felucca.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of the database means to the caller. Stateless. */
final class SqlFailure {
    /** SQLite's shared memory file grows by this much; below it even an open can fail for want of space. */
    private static final long SHARED_MEMORY_STEP = 32 << 10;

    private SqlFailure() {}

    /** Returns {@code true} if a row with the same key is already there. */
    static boolean isDuplicate(SQLException failure) {
        return failure instanceof SQLiteException e
                && (e.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                        || e.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE);
    }

    /**
     * Translates.
     *
     * @param subject what could not be done: {@code cannot list container records}
     * @param file the database
     */
    static FeluccaException of(String subject, Path file, SQLException failure) {
        String detail = String.valueOf(failure.getMessage());
        if (failure instanceof RecordTables.MalformedRowException) {
            return damaged(subject, file, detail, failure);
        }
        // Extended codes carry the primary one in their low byte.
        int code = failure instanceof SQLiteException e ? e.getResultCode().code & 0xff : failure.getErrorCode() & 0xff;
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return damaged(subject, file, detail, failure);
        }
        if (code == SQLiteErrorCode.SQLITE_FULL.code
                || ((code == SQLiteErrorCode.SQLITE_IOERR.code || code == SQLiteErrorCode.SQLITE_CANTOPEN.code)
                        && isFull(file))) {
            return new FeluccaException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    subject,
                    "no space left for " + file,
                    "free some space there; nothing was changed",
                    failure);
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    subject,
                    "another process holds a lock on " + file,
                    "end the program that writes to it; only the daemon may",
                    failure);
        }
        if (code == SQLiteErrorCode.SQLITE_PERM.code
                || code == SQLiteErrorCode.SQLITE_READONLY.code
                || code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            return new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "cannot open " + file + " for writing (" + detail + ")",
                    "check the owner and the mount of its directory",
                    failure);
        }
        return new FeluccaException(
                ErrorCode.INTERNAL, subject, file + ": " + detail, "look for disk errors in the kernel log", failure);
    }

    /** The database, or something in it, is not what it was written as. */
    static FeluccaException damaged(String subject, Path file, String detail, @Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.DATA_LOSS,
                subject,
                file + " is damaged (" + detail + ")",
                "restart the daemon: it puts the file aside and rebuilds the records from their copies",
                cause);
    }

    private static boolean isFull(Path file) {
        try {
            return Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() < SHARED_MEMORY_STEP;
        } catch (IOException e) {
            return false;
        }
    }
}
