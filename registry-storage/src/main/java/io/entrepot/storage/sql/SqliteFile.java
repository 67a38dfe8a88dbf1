package io.entrepot.storage.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteJDBCLoader;

/** A SQLite database file and how connections to it are set, which is checked each time. */
final class SqliteFile {
    private static final String NATIVE_FOLDER = "org.sqlite.tmpdir";

    /** Seconds are nothing to a start, and whoever looks in with a command line tool is gone by then. */
    private static final int BUSY_MILLIS = 10_000;

    /**
     * Committed is durable: a WAL that is synced at every commit. It is copied into the database every 4,000 pages. Never
     * memory-mapped: an unreadable disk would then end the process instead of a request.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            "journal_mode", "wal",
            "synchronous", "2",
            "foreign_keys", "1",
            "busy_timeout", Integer.toString(BUSY_MILLIS),
            "wal_autocheckpoint", "4000",
            "temp_store", "2",
            "cell_size_check", "1",
            "mmap_size", "0");

    private final Path file;
    private final Probe probe;

    SqliteFile(Path file, Probe probe) {
        this.file = file;
        this.probe = probe;
    }

    Path path() {
        return file;
    }

    Path wal() {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    /** Makes an empty file for its owner's eyes only, if there is none. */
    void create() throws IOException {
        if (Files.exists(file)) {
            return;
        }
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    Session writer() throws SQLException {
        Session session = connect();
        session.script("PRAGMA cache_size = -16384");
        session.script("PRAGMA journal_size_limit = 67108864");
        // Where a plain sync does not reach the platter (macOS).
        session.script("PRAGMA fullfsync = 1");
        session.script("PRAGMA checkpoint_fullfsync = 1");
        return session;
    }

    Session reader() throws SQLException {
        Session session = connect();
        session.script("PRAGMA cache_size = -4096");
        session.script("PRAGMA query_only = 1");
        return session;
    }

    private Session connect() throws SQLException {
        Properties none = new Properties();
        Session session = new Session(JDBC.createConnection("jdbc:sqlite:" + file.toUri(), none), probe);
        try {
            // First, so that the others already wait for whoever holds the file.
            session.script("PRAGMA busy_timeout = " + BUSY_MILLIS);
            for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
                session.script("PRAGMA " + setting.getKey() + " = " + setting.getValue());
            }
            requireSettings(session);
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static void requireSettings(Session session) throws SQLException {
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            String value = session.setting("PRAGMA " + setting.getKey());
            if (!value.equals(setting.getValue())) {
                throw new UnusableDatabaseException(
                        "the database cannot be used safely: " + setting.getKey() + " is '" + value + "' where '"
                                + setting.getValue() + "' is needed. It must lie on a local file system",
                        null);
            }
        }
    }

    /**
     * Loads the native library by way of {@code folder}: the driver's default, the system's temporary folder, is often
     * mounted such that nothing in it can be executed. A folder that the program's starter chose is kept to.
     */
    static synchronized void loadDriver(Path folder) throws IOException {
        boolean chosen = System.getProperty(NATIVE_FOLDER) != null;
        try {
            if (!chosen) {
                Files.createDirectories(folder);
                System.setProperty(NATIVE_FOLDER, folder.toString());
            }
            SQLiteJDBCLoader.initialize();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new UnusableDatabaseException("SQLite's native library could not be loaded from " + folder, e);
        } finally {
            if (!chosen) {
                System.clearProperty(NATIVE_FOLDER);
            }
        }
    }
}
