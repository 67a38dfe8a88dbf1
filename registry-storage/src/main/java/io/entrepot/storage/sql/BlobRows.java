package io.entrepot.storage.sql;

import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.StoredBlob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of one blob store: its objects, who is linked to them, and the ledger of the dead. */
final class BlobRows {
    private final long store;
    private final Leases leases;

    BlobRows(long store, Leases leases) {
        this.store = store;
        this.leases = leases;
    }

    /** An object and its row's id. */
    record Row(long id, StoredBlob blob) {}

    /** The blob as a repository may show it. */
    Optional<Row> linked(Session session, long repository, Digest digest) throws SQLException {
        return session.one("""
                SELECT b.id, b.gen, b.size FROM blob b
                JOIN repository_blob l ON l.blob_id = b.id AND l.repository_id = ?
                WHERE b.store_id = ? AND b.digest = ? AND b.state = 'LIVE'""", row -> read(row, digest), repository, store, digest.toString());
    }

    Optional<Row> live(Session session, Digest digest) throws SQLException {
        return session.one(
                "SELECT id, gen, size FROM blob WHERE store_id = ? AND digest = ? AND state = 'LIVE'",
                row -> read(row, digest),
                store,
                digest.toString());
    }

    private static Row read(ResultSet row, Digest digest) throws SQLException {
        BlobKey key = new BlobKey(digest, UploadId.parse(row.getString(2)));
        return new Row(row.getLong(1), new StoredBlob(key, row.getLong(3)));
    }

    /** The object that holds the digest from now on; the key that lost goes to the ledger. */
    Row record(Session session, StoredBlob fresh, Instant leased, Instant now) throws SQLException {
        Optional<Row> live = live(session, fresh.digest());
        if (live.isPresent()) {
            if (!live.get().blob().key().equals(fresh.key())) {
                bury(session, fresh.key(), now);
            }
            return live.get();
        }
        if (isDead(session, fresh.key())) {
            // Its bytes may be going at this moment: nothing brings it back.
            throw RegistryException.storage("blob " + fresh.digest() + " was collected before it was used", null);
        }
        return new Row(replaceOrInsert(session, fresh, leased, now), fresh);
    }

    /** Takes the place of an object that turned out to be damaged, if there is one: that heals all who refer to it. */
    private long replaceOrInsert(Session session, StoredBlob fresh, Instant leased, Instant now) throws SQLException {
        String digest = fresh.digest().toString();
        Optional<BlobKey> damaged = session.one(
                "SELECT gen FROM blob WHERE store_id = ? AND digest = ?",
                row -> new BlobKey(fresh.digest(), UploadId.parse(row.getString(1))),
                store,
                digest);
        if (damaged.isPresent()) {
            bury(session, damaged.get(), now);
        }
        long id = session.insert(
                """
                INSERT INTO blob (store_id, digest, gen, size, pushed_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (store_id, digest) DO UPDATE
                SET gen = excluded.gen, size = excluded.size, state = 'LIVE', pushed_at = excluded.pushed_at
                RETURNING id""", store, digest, fresh.key().generation().toString(), fresh.size(), now.toEpochMilli());
        GcQueue.blob(session, id, leased);
        return id;
    }

    /** Links a blob to a repository, also where manifests there refer to it already. */
    void link(Session session, long repository, Row row, Instant now) throws SQLException {
        int fresh = session.update("""
                INSERT INTO repository_blob (repository_id, blob_id, linked_at) VALUES (?, ?, ?)
                ON CONFLICT DO NOTHING""", repository, row.id(), now.toEpochMilli());
        if (fresh > 0) {
            session.update("""
                    UPDATE manifest_ref INDEXED BY manifest_ref_blobless SET blob_id = ?
                    WHERE digest = ? AND blob_id IS NULL
                    AND EXISTS (SELECT 1 FROM manifest m WHERE m.id = manifest_id AND m.repository_id = ?)""", row.id(), row.blob().digest().toString(), repository);
        }
    }

    boolean unlink(Session session, long repository, Digest digest, Instant now) throws SQLException {
        Optional<Row> row = linked(session, repository, digest);
        if (row.isEmpty()) {
            return false;
        }
        session.update(
                "DELETE FROM repository_blob WHERE repository_id = ? AND blob_id = ?",
                repository,
                row.get().id());
        GcQueue.blobSooner(session, row.get().id(), now);
        return true;
    }

    boolean knows(Session session, BlobKey key) throws SQLException {
        return session.exists(
                        "SELECT 1 FROM blob WHERE store_id = ? AND digest = ? AND gen = ?",
                        store,
                        key.digest().toString(),
                        key.generation().toString())
                || isDead(session, key);
    }

    private boolean isDead(Session session, BlobKey key) throws SQLException {
        return session.exists(
                "SELECT 1 FROM dead_object WHERE store_id = ? AND digest = ? AND gen = ?",
                store,
                key.digest().toString(),
                key.generation().toString());
    }

    private void bury(Session session, BlobKey key, Instant now) throws SQLException {
        session.update("""
                INSERT INTO dead_object (store_id, digest, gen, died_at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING""", store, key.digest().toString(), key.generation().toString(), now.toEpochMilli());
    }

    void damaged(Session session, BlobKey key) throws SQLException {
        session.update(
                "UPDATE blob SET state = 'QUARANTINED' WHERE store_id = ? AND digest = ? AND gen = ?",
                store,
                key.digest().toString(),
                key.generation().toString());
    }

    void buried(Session session, BlobKey key) throws SQLException {
        session.update(
                "DELETE FROM dead_object WHERE store_id = ? AND digest = ? AND gen = ?",
                store,
                key.digest().toString(),
                key.generation().toString());
    }

    /** Readers keep their open files, so whatever is dead may go at once. */
    List<BlobKey> dead(Session session, int limit) throws SQLException {
        return session.all(
                """
                SELECT digest, gen FROM dead_object INDEXED BY dead_object_order
                WHERE store_id = ? ORDER BY id LIMIT ?""",
                row -> new BlobKey(Digest.parse(row.getString(1)), UploadId.parse(row.getString(2))),
                store,
                limit);
    }

    /** A blob that the queue says is to be looked at. */
    private record Candidate(long id, BlobKey key) {}

    /** Whether any candidate is due: cheap, to be asked before {@link #condemn}. */
    boolean anyDue(Session session, Instant now) throws SQLException {
        return !candidates(session, now, 1).isEmpty();
    }

    /**
     * Gives up blobs that no manifest refers to and that nobody has leased: their rows go, their keys stand on the ledger.
     * A lease on what no repository shows any more is worth nothing, so deleting makes room at once. On the writer's
     * thread this is one decision: whoever comes later finds the blob gone.
     */
    void condemn(Session session, Instant now, int limit) throws SQLException {
        for (Candidate candidate : candidates(session, now, limit)) {
            Optional<Instant> leased = leases.until(candidate.key.digest(), now);
            if (session.exists("SELECT 1 FROM manifest_ref WHERE blob_id = ? LIMIT 1", candidate.id)) {
                // When the manifest goes, the blob comes here again.
                GcQueue.done(session, candidate.id);
            } else if (leased.isPresent() && isLinked(session, candidate)) {
                GcQueue.later(session, candidate.id, leased.get());
            } else {
                bury(session, candidate.key, now);
                session.update("DELETE FROM blob WHERE id = ?", candidate.id);
                GcQueue.done(session, candidate.id);
            }
        }
    }

    private static boolean isLinked(Session session, Candidate candidate) throws SQLException {
        return session.exists("SELECT 1 FROM repository_blob WHERE blob_id = ? LIMIT 1", candidate.id);
    }

    private List<Candidate> candidates(Session session, Instant now, int limit) throws SQLException {
        return session.all(
                """
                SELECT b.id, b.digest, b.gen FROM gc_queue q JOIN blob b ON b.id = q.ref
                WHERE q.kind = 'BLOB' AND q.review_after <= ? AND b.store_id = ? ORDER BY q.review_after LIMIT ?""",
                row -> new Candidate(
                        row.getLong(1), new BlobKey(Digest.parse(row.getString(2)), UploadId.parse(row.getString(3)))),
                now.toEpochMilli(),
                store,
                limit);
    }
}
