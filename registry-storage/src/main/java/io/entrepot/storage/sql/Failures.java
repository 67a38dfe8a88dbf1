package io.entrepot.storage.sql;

import io.entrepot.core.RegistryException;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** What the database's errors mean to a caller. */
final class Failures {
    private Failures() {}

    static RuntimeException of(Throwable failure) {
        if (failure instanceof SQLException e) {
            return of(e);
        }
        return failure instanceof RuntimeException e
                ? e
                : RegistryException.storage("the metadata database failed", failure);
    }

    private static RegistryException of(SQLException failure) {
        return full(failure)
                ? new RegistryException.InsufficientStorage(
                        "the disk of the metadata database is full: nothing was changed", failure)
                : RegistryException.storage("the metadata database could not be read or written", failure);
    }

    /** Whether the disk has no room for what must be written, be it only the index of the log. */
    static boolean full(SQLException failure) {
        return primaryCode(failure) == 13 || code(failure) == 4874; // SQLITE_FULL, SQLITE_IOERR_SHMSIZE
    }

    /** Whether the file is damaged or something else than a database. */
    static boolean damaged(SQLException failure) {
        int code = primaryCode(failure);
        return code == 11 || code == 26; // SQLITE_CORRUPT, SQLITE_NOTADB
    }

    /** Extended codes hold the primary one in their low byte. */
    private static int primaryCode(SQLException failure) {
        return code(failure) & 0xff;
    }

    private static int code(SQLException failure) {
        return failure instanceof SQLiteException e ? e.getResultCode().code : failure.getErrorCode();
    }
}
