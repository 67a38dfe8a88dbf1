package io.entrepot.storage.sql;

import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Tag;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of tags and of what they were. */
final class TagRows {
    private TagRows() {}

    /** What a tag points to. */
    record Target(long manifest, Digest digest) {}

    static Optional<Target> find(Session session, long repository, Tag tag) throws SQLException {
        return session.one(
                """
                SELECT m.id, m.digest FROM tag t JOIN manifest m ON m.id = t.manifest_id
                WHERE t.repository_id = ? AND t.name = ?""", row -> new Target(row.getLong(1), Digest.parse(row.getString(2))), repository, tag.name());
    }

    /** Points the tag to the manifest; what it pointed to may be needless now. */
    static void set(Session session, long repository, Tag tag, Target next, Instant now) throws SQLException {
        Optional<Target> old = find(session, repository, tag);
        if (old.isPresent() && old.get().manifest == next.manifest) {
            return;
        }
        long version = remember(session, repository, tag.name(), next.digest.toString(), now);
        session.update("""
                INSERT INTO tag (repository_id, name, manifest_id, version) VALUES (?, ?, ?, ?)
                ON CONFLICT (repository_id, name) DO UPDATE
                SET manifest_id = excluded.manifest_id, version = excluded.version""", repository, tag.name(), next.manifest, version);
        if (old.isPresent()) {
            GcQueue.manifest(session, old.get().manifest, now);
        }
    }

    static boolean delete(Session session, long repository, Tag tag, Instant now) throws SQLException {
        Optional<Target> old = find(session, repository, tag);
        if (old.isEmpty()) {
            return false;
        }
        session.update("DELETE FROM tag WHERE repository_id = ? AND name = ?", repository, tag.name());
        remember(session, repository, tag.name(), null, now);
        GcQueue.manifest(session, old.get().manifest, now);
        return true;
    }

    static void deleteAllOf(Session session, long repository, long manifest, Instant now) throws SQLException {
        for (String name :
                session.all("SELECT name FROM tag WHERE manifest_id = ?", row -> row.getString(1), manifest)) {
            remember(session, repository, name, null, now);
        }
        session.update("DELETE FROM tag WHERE manifest_id = ?", manifest);
    }

    /** Returns the version that the tag has from now on. */
    private static long remember(Session session, long repository, String name, @Nullable String digest, Instant now)
            throws SQLException {
        return session.insert("""
                INSERT INTO tag_history (repository_id, name, version, digest, at)
                VALUES (?, ?, (SELECT coalesce(max(version), 0) + 1 FROM tag_history
                               WHERE repository_id = ? AND name = ?), ?, ?)
                RETURNING version""", repository, name, repository, name, digest, now.toEpochMilli());
    }

    static Page<Tag> page(Session session, long repository, PageRequest page) throws SQLException {
        List<Tag> tags = session.all(
                "SELECT name FROM tag WHERE repository_id = ? AND name > ? ORDER BY name LIMIT ?",
                row -> new Tag(row.getString(1)),
                repository,
                page.last().orElse(""),
                page.limit() + 1);
        return Page.cut(tags, page.limit());
    }
}
