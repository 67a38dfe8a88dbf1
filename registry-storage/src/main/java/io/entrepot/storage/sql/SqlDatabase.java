package io.entrepot.storage.sql;

import io.entrepot.core.store.CachingProxyState;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import io.entrepot.storage.file.DataFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A SQLite database of registries' metadata, and of documents, in a data folder. What a call has acknowledged survives crashes and power
 * cuts. Safe for all threads.
 */
public final class SqlDatabase implements AutoCloseable {
    private static final int READERS = 4;

    /** Some 5,000 answers for each proxy. */
    private static final long ANSWER_CACHE_BYTES = 4 << 20;

    private final Session session;
    private final GroupCommit writer;
    private final Readers readers;
    private final InstantSource clock;
    /** What an earlier process leased may be so long leased still. */
    private final Instant leasedBefore;

    private final Map<Long, Leases> leases = new ConcurrentHashMap<>();
    private final Map<Long, MetadataStore> registries = new ConcurrentHashMap<>();
    private final Map<Long, ProxyState> proxies = new ConcurrentHashMap<>();

    private SqlDatabase(SqliteFile file, Session session, Instant leasedBefore, InstantSource clock) {
        this.session = session;
        this.writer = new GroupCommit(session, new WalLimit(session, file.wal(), WalLimit.MOST_BYTES));
        this.readers = new Readers(file, READERS);
        this.leasedBefore = leasedBefore;
        this.clock = clock;
    }

    /**
     * Opens the database of a data folder, and makes it first if the folder is new.
     *
     * @param folder stays open for longer than the database: its lock is what keeps others off
     * @param longestLease for so long after opening an existing database no blob is given up, since leases are not stored
     * @throws UnusableDatabaseException if it is missing, damaged or made by a newer program
     */
    public static SqlDatabase open(DataFolder folder, Duration longestLease, InstantSource clock) {
        return open(folder, longestLease, clock, Migration.sqlite(), Probe.NONE);
    }

    static SqlDatabase open(
            DataFolder folder, Duration longestLease, InstantSource clock, List<Migration> steps, Probe probe) {
        SqliteFile file = new SqliteFile(folder.database(), probe);
        if (!folder.isNew() && !Files.exists(file.path())) {
            throw new UnusableDatabaseException(
                    file.path() + " is missing, so nothing is known of the blobs. Restore a backup of it", null);
        }
        try {
            SqliteFile.loadDriver(folder.path().resolve("tmp"));
            SqlDatabase database = open(file, longestLease, clock, new Migrations(steps, clock));
            sync(folder.path());
            database.writer.start();
            return database;
        } catch (SQLException e) {
            throw new UnusableDatabaseException(file.path() + because(e), e);
        } catch (IOException e) {
            throw new UnusableDatabaseException(file.path() + " cannot be opened: " + e, e);
        }
    }

    private static String because(SQLException e) {
        if (Failures.full(e)) {
            return " cannot be opened, since its disk is full: make room there";
        }
        return Failures.damaged(e)
                ? " is damaged or is not a database. Restore a backup of it"
                : " cannot be opened: " + e.getMessage();
    }

    private static SqlDatabase open(SqliteFile file, Duration longestLease, InstantSource clock, Migrations migrations)
            throws SQLException, IOException {
        file.create();
        Session session = file.writer();
        try {
            boolean existed = migrations.bringUpToDate(session, file.path());
            Instant leasedBefore = existed ? clock.instant().plus(longestLease) : Instant.EPOCH;
            return new SqlDatabase(file, session, leasedBefore, clock);
        } catch (SQLException | IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** New names in a folder last once the folder is synced. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The metadata of a registry, which is made if there is none of that name. The same object for the same name.
     *
     * @param blobStore what the blob store is called whose objects the registry uses; others may use it as well
     * @throws IllegalArgumentException if the registry exists over another blob store
     */
    public MetadataStore registry(String name, String blobStore) {
        return write(session -> {
            long store = blobStore(session, blobStore);
            session.update(
                    "INSERT INTO registry (name, store_id) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, store);
            Registered found = registered(session, name).orElseThrow();
            if (found.store != store) {
                throw new IllegalArgumentException(
                        "registry " + name + " exists, but not over the blob store " + blobStore);
            }
            return registries.computeIfAbsent(found.id, id -> metadata(id, store));
        });
    }

    /**
     * What the proxy remembers whose cache is this registry. The same object for the same name; whoever uses it closes it
     * before the database.
     *
     * @throws IllegalArgumentException if there is no such registry: {@link #registry} makes it
     */
    public ProxyState proxyState(String registry) {
        Registered found = read(session -> registered(session, registry))
                .orElseThrow(() -> new IllegalArgumentException("there is no registry " + registry));
        return proxies.computeIfAbsent(
                found.id, id -> new CachingProxyState(new SqlProxyState(this, id, found.store), ANSWER_CACHE_BYTES));
    }

    /** What the other parts of the system keep here. */
    public DocumentStore documents() {
        return new SqlDocuments(this);
    }

    private MetadataStore metadata(long registry, long store) {
        Leases shared = leases.computeIfAbsent(store, id -> new Leases(leasedBefore));
        return new SqlMetadata(this, registry, store, shared, clock);
    }

    private record Registered(long id, long store) {}

    private static Optional<Registered> registered(Session session, String name) throws SQLException {
        return session.one(
                "SELECT id, store_id FROM registry WHERE name = ?",
                row -> new Registered(row.getLong(1), row.getLong(2)),
                name);
    }

    private static long blobStore(Session session, String name) throws SQLException {
        session.update("INSERT INTO blob_store (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name);
        return session.number("SELECT id FROM blob_store WHERE name = ?", name).orElseThrow();
    }

    /** One transaction: durable when this returns. */
    <T> T write(Work<T> work) {
        return writer.run(work);
    }

    /** Reads what is committed. */
    <T> T read(Work<T> work) {
        return readers.run(work);
    }

    /** What is wrong with the file, read from end to end; nothing if all is well. Takes its time on a large one. */
    public List<String> verify() {
        return read(session -> {
            try {
                return wrong(session);
            } catch (SQLException e) {
                if (Failures.damaged(e)) {
                    // Too much so to be looked at in detail.
                    return List.of("the database is damaged: " + e.getMessage());
                }
                throw e;
            }
        });
    }

    private static List<String> wrong(Session session) throws SQLException {
        List<String> wrong = session.all("PRAGMA integrity_check(100)", row -> row.getString(1));
        wrong.remove("ok");
        wrong.addAll(session.all(
                "PRAGMA foreign_key_check", row -> "a row of " + row.getString(1) + " refers to one that is missing"));
        return wrong;
    }

    /** Finishes what was begun and moves all of it into the database's file. */
    @Override
    public void close() {
        writer.close();
        try (session) {
            readers.close();
            session.script("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
