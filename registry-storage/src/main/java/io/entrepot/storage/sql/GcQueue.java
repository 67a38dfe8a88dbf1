package io.entrepot.storage.sql;

import java.sql.SQLException;
import java.time.Instant;

/** What the collector should look at, and when. Hints: what may go is decided by looking. */
final class GcQueue {
    private GcQueue() {}

    static void blob(Session session, long id, Instant after) throws SQLException {
        add(session, "BLOB", id, after);
    }

    /** A blob that was to be looked at later perhaps. */
    static void blobSooner(Session session, long id, Instant after) throws SQLException {
        session.update("""
                INSERT INTO gc_queue (kind, ref, review_after) VALUES ('BLOB', ?, ?)
                ON CONFLICT (kind, ref) DO UPDATE SET review_after = min(review_after, excluded.review_after)""", id, after.toEpochMilli());
    }

    static void manifest(Session session, long id, Instant after) throws SQLException {
        add(session, "MANIFEST", id, after);
    }

    private static void add(Session session, String kind, long id, Instant after) throws SQLException {
        session.update(
                "INSERT INTO gc_queue (kind, ref, review_after) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                kind,
                id,
                after.toEpochMilli());
    }

    /** All that a manifest refers to, and what refers to it as its subject, may be needless without it. */
    static void allAround(Session session, long manifest, Instant after) throws SQLException {
        session.update(
                """
                INSERT INTO gc_queue (kind, ref, review_after)
                SELECT 'BLOB', blob_id, ? FROM manifest_ref WHERE manifest_id = ? AND blob_id IS NOT NULL
                UNION ALL SELECT 'MANIFEST', child_id, ? FROM manifest_ref WHERE manifest_id = ? AND child_id IS NOT NULL
                UNION ALL SELECT 'MANIFEST', r.id, ? FROM manifest m
                  JOIN manifest r ON r.repository_id = m.repository_id AND r.subject = m.digest WHERE m.id = ?
                ON CONFLICT DO NOTHING""", after.toEpochMilli(), manifest, after.toEpochMilli(), manifest, after.toEpochMilli(), manifest);
    }

    static void later(Session session, long blob, Instant after) throws SQLException {
        session.update(
                "UPDATE gc_queue SET review_after = ? WHERE kind = 'BLOB' AND ref = ?", after.toEpochMilli(), blob);
    }

    static void done(Session session, long blob) throws SQLException {
        session.update("DELETE FROM gc_queue WHERE kind = 'BLOB' AND ref = ?", blob);
    }
}
