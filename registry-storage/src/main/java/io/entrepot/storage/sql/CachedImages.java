package io.entrepot.storage.sql;

import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.store.ProxyState.Image;
import io.entrepot.core.store.Touches;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The manifests of one registry as a cache sees them: when they were used, and how much goes with them. */
final class CachedImages {
    private final long registry;
    private final long store;

    CachedImages(long registry, long store) {
        this.registry = registry;
        this.store = store;
    }

    private record Row(long id, String repository, String digest, long size, long usedAt) {}

    /** A manifest of the repository that refers to the blob, whether or not that is here. */
    Optional<Manifest> manifestReferringTo(Session session, RepositoryName repository, Digest blob)
            throws SQLException {
        return session.one(
                """
                SELECT m.digest, m.media_type, m.bytes FROM repository r
                JOIN manifest_ref f INDEXED BY manifest_ref_blobless ON f.digest = ? AND f.blob_id IS NULL
                JOIN manifest m ON m.id = f.manifest_id AND m.repository_id = r.id
                WHERE r.registry_id = ? AND r.name = ?
                UNION ALL
                SELECT m.digest, m.media_type, m.bytes FROM repository r
                JOIN blob b ON b.store_id = ? AND b.digest = ?
                JOIN manifest_ref f INDEXED BY manifest_ref_blob ON f.blob_id = b.id
                JOIN manifest m ON m.id = f.manifest_id AND m.repository_id = r.id
                WHERE r.registry_id = ? AND r.name = ?
                LIMIT 1""",
                ManifestRows::read,
                blob.toString(),
                registry,
                repository.value(),
                store,
                blob.toString(),
                registry,
                repository.value());
    }

    void touch(Session session, Touches.Touch touch) throws SQLException {
        session.update(
                """
                UPDATE manifest_use SET used_at = max(used_at, ?) WHERE manifest_id =
                (SELECT m.id FROM repository r JOIN manifest m ON m.repository_id = r.id AND m.digest = ?
                 WHERE r.registry_id = ? AND r.name = ?)""",
                touch.at().toEpochMilli(),
                touch.manifest().toString(),
                registry,
                touch.repository().value());
    }

    /** Walks along everything that the registry has, about a quarter of a second for 100,000 blobs. */
    long heldBytes(Session session) throws SQLException {
        long manifests = session.number("""
                SELECT coalesce(sum(m.size), 0) FROM manifest_use u INDEXED BY manifest_use_order
                CROSS JOIN manifest m ON m.id = u.manifest_id WHERE u.registry_id = ?""", registry).orElseThrow();
        long blobs = session.number("""
                SELECT coalesce(sum(b.size), 0) FROM blob b WHERE b.id IN
                (SELECT f.blob_id FROM manifest_use u INDEXED BY manifest_use_order
                 CROSS JOIN manifest_ref f ON f.manifest_id = u.manifest_id
                 WHERE u.registry_id = ? AND f.blob_id IS NOT NULL)""", registry).orElseThrow();
        return manifests + blobs;
    }

    List<Image> coldest(Session session, int limit) throws SQLException {
        List<Image> images = new ArrayList<>();
        for (Row row : rows(session, limit)) {
            images.add(new Image(
                    new RepositoryName(row.repository),
                    Digest.parse(row.digest),
                    row.size + ownBlobs(session, row.id),
                    Instant.ofEpochMilli(row.usedAt)));
        }
        return images;
    }

    /** Pins protect what is up to four indexes below them. */
    private List<Row> rows(Session session, int limit) throws SQLException {
        return session.all(
                """
                WITH RECURSIVE pinned (id, depth) AS (
                  SELECT m.id, 0 FROM proxy_pin p
                    JOIN repository r ON r.registry_id = p.registry_id AND r.name = p.repository
                    JOIN manifest m ON m.repository_id = r.id AND m.digest = p.reference
                    WHERE p.registry_id = ?
                  UNION
                  SELECT t.manifest_id, 0 FROM proxy_pin p
                    JOIN repository r ON r.registry_id = p.registry_id AND r.name = p.repository
                    JOIN tag t ON t.repository_id = r.id AND t.name = p.reference
                    WHERE p.registry_id = ?
                  UNION
                  SELECT f.child_id, pinned.depth + 1 FROM pinned
                    JOIN manifest_ref f ON f.manifest_id = pinned.id AND f.kind = 'CHILD'
                    WHERE f.child_id IS NOT NULL AND pinned.depth < 4
                )
                SELECT u.manifest_id, r.name, m.digest, m.size, u.used_at
                FROM manifest_use u INDEXED BY manifest_use_order
                CROSS JOIN manifest m ON m.id = u.manifest_id
                CROSS JOIN repository r ON r.id = m.repository_id
                WHERE u.registry_id = ? AND u.manifest_id NOT IN (SELECT id FROM pinned)
                ORDER BY u.used_at, u.manifest_id LIMIT ?""",
                row -> new Row(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5)),
                registry,
                registry,
                registry,
                limit);
    }

    /** Bytes of the blobs here that no other manifest of this registry refers to. */
    private long ownBlobs(Session session, long manifest) throws SQLException {
        return session.number("""
                SELECT coalesce(sum(b.size), 0) FROM blob b WHERE b.id IN
                (SELECT blob_id FROM manifest_ref WHERE manifest_id = ? AND blob_id IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM manifest_ref o INDEXED BY manifest_ref_blob
                  JOIN manifest_use u ON u.manifest_id = o.manifest_id AND u.registry_id = ?
                  WHERE o.blob_id = b.id AND o.manifest_id <> ?)""", manifest, registry, manifest).orElseThrow();
    }
}
