package io.entrepot.storage.sql;

import io.entrepot.storage.file.DataFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** A data folder with its database, opened for a test and closed with it. */
final class Databases implements AutoCloseable {
    static final Duration LEASE = Duration.ofHours(1);

    private final DataFolder folder;
    private final SqlDatabase database;

    private Databases(DataFolder folder, SqlDatabase database) {
        this.folder = folder;
        this.database = database;
    }

    static Databases open(Path path) {
        return open(path, Probe.NONE);
    }

    static Databases open(Path path, Probe probe) {
        return open(path, Migration.sqlite(), probe);
    }

    static Databases open(Path path, List<Migration> steps, Probe probe) {
        DataFolder folder = DataFolder.open(path);
        try {
            SqlDatabase database = SqlDatabase.open(folder, LEASE, InstantSource.system(), steps, probe);
            folder.establish();
            return new Databases(folder, database);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    SqlDatabase database() {
        return database;
    }

    @Override
    public void close() {
        try (folder) {
            database.close();
        }
    }
}
