package io.entrepot.storage.sql;

import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RepositoryName;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The rows of one registry's repositories. */
final class RepositoryRows {
    private final long registry;

    RepositoryRows(long registry) {
        this.registry = registry;
    }

    Optional<Long> id(Session session, RepositoryName name) throws SQLException {
        return session.number("SELECT id FROM repository WHERE registry_id = ? AND name = ?", registry, name.value());
    }

    /** Makes the repository if there is none. */
    long need(Session session, RepositoryName name) throws SQLException {
        Optional<Long> id = id(session, name);
        return id.isPresent()
                ? id.get()
                : session.insert(
                        "INSERT INTO repository (registry_id, name) VALUES (?, ?) RETURNING id",
                        registry,
                        name.value());
    }

    /** It holds a manifest now. */
    static void list(Session session, long repository) throws SQLException {
        session.update("UPDATE repository SET listed = 1 WHERE id = ? AND listed = 0", repository);
    }

    static void unlistIfEmpty(Session session, long repository) throws SQLException {
        if (!session.exists("SELECT 1 FROM manifest WHERE repository_id = ? LIMIT 1", repository)) {
            session.update("UPDATE repository SET listed = 0 WHERE id = ?", repository);
        }
    }

    Page<RepositoryName> page(Session session, PageRequest page) throws SQLException {
        List<RepositoryName> names = session.all(
                """
                SELECT name FROM repository INDEXED BY repository_listed
                WHERE registry_id = ? AND listed = 1 AND name > ? ORDER BY name LIMIT ?""",
                row -> new RepositoryName(row.getString(1)),
                registry,
                page.last().orElse(""),
                page.limit() + 1);
        return Page.cut(names, page.limit());
    }

    List<RepositoryName> holders(Session session, long blob, int limit) throws SQLException {
        return session.all("""
                SELECT r.name FROM repository_blob l JOIN repository r ON r.id = l.repository_id
                WHERE l.blob_id = ? AND r.registry_id = ? LIMIT ?""", row -> new RepositoryName(row.getString(1)), blob, registry, limit);
    }

    Optional<BlobRows.Row> linked(Session session, BlobRows blobs, RepositoryName name, Digest digest)
            throws SQLException {
        Optional<Long> id = id(session, name);
        return id.isPresent() ? blobs.linked(session, id.get(), digest) : Optional.empty();
    }
}
