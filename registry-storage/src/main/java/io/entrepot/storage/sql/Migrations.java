package io.entrepot.storage.sql;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database to the present schema: each step in a transaction of its own, so that a crash leaves one schema or the
 * other. An existing database is copied first; one of a newer program is refused.
 */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private final List<Migration> steps;
    private final InstantSource clock;

    Migrations(List<Migration> steps, InstantSource clock) {
        this.steps = List.copyOf(steps);
        this.clock = clock;
    }

    /** Returns whether the database existed before. */
    boolean bringUpToDate(Session session, Path file) throws SQLException, IOException {
        session.script("CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY,"
                + " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)");
        Map<Integer, String> applied = applied(session);
        refuseOthers(applied);
        List<Migration> missing =
                steps.stream().filter(s -> !applied.containsKey(s.version())).toList();
        if (!applied.isEmpty() && !missing.isEmpty()) {
            keepCopy(session, file, missing.get(0));
        }
        for (Migration step : missing) {
            apply(session, step);
        }
        return !applied.isEmpty();
    }

    private static Map<Integer, String> applied(Session session) throws SQLException {
        Map<Integer, String> applied = new TreeMap<>();
        session.all(
                "SELECT version, checksum FROM schema_migration", row -> applied.put(row.getInt(1), row.getString(2)));
        return applied;
    }

    private void refuseOthers(Map<Integer, String> applied) {
        for (Migration step : steps) {
            String checksum = applied.get(step.version());
            if (checksum != null && !checksum.equals(step.checksum())) {
                throw new UnusableDatabaseException(
                        "the database was made by another build of this program: its " + step.name()
                                + " is not the one here. Start the program that made it",
                        null);
            }
        }
        int newest = steps.get(steps.size() - 1).version();
        applied.keySet().stream().filter(v -> v > newest).findFirst().ifPresent(version -> {
            throw new UnusableDatabaseException(
                    "the database has schema version " + version + ", which a newer program made; this one knows "
                            + newest + ". Start the newer program, or go back to the copy that it made before",
                    null);
        });
    }

    private static void keepCopy(Session session, Path file, Migration next) throws SQLException, IOException {
        String name = String.format(Locale.ROOT, "%s.before-V%03d", file.getFileName(), next.version());
        Path copy = file.resolveSibling(name);
        Path part = file.resolveSibling(name + ".part");
        Files.deleteIfExists(part);
        session.update("VACUUM INTO ?", part.toString());
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("The database is about to be changed to a newer schema; a copy of it is kept in {}", copy);
    }

    private void apply(Session session, Migration step) throws SQLException {
        session.script("BEGIN IMMEDIATE");
        try {
            session.script(step.sql());
            session.update(
                    "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
                    step.version(),
                    step.name(),
                    step.checksum(),
                    clock.millis());
            session.script("COMMIT");
        } catch (SQLException | RuntimeException e) {
            try {
                session.script("ROLLBACK");
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }
}
