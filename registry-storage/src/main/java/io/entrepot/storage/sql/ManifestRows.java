package io.entrepot.storage.sql;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.reflect.TypeToken;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Links;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Tag;
import io.entrepot.core.store.ManifestPut;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows of manifests and of what they refer to. */
final class ManifestRows {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final TypeToken<Map<String, String>> ANNOTATIONS = new TypeToken<>() {};

    private final BlobRows blobs;

    ManifestRows(BlobRows blobs) {
        this.blobs = blobs;
    }

    static Optional<Manifest> byDigest(Session session, long registry, String repository, Digest digest)
            throws SQLException {
        return session.one("""
                SELECT m.digest, m.media_type, m.bytes FROM repository r
                JOIN manifest m ON m.repository_id = r.id AND m.digest = ?
                WHERE r.registry_id = ? AND r.name = ?""", ManifestRows::read, digest.toString(), registry, repository);
    }

    static Optional<Manifest> byTag(Session session, long registry, String repository, Tag tag) throws SQLException {
        return session.one("""
                SELECT m.digest, m.media_type, m.bytes FROM repository r
                JOIN tag t ON t.repository_id = r.id AND t.name = ?
                JOIN manifest m ON m.id = t.manifest_id
                WHERE r.registry_id = ? AND r.name = ?""", ManifestRows::read, tag.name(), registry, repository);
    }

    static Manifest read(ResultSet row) throws SQLException {
        return Manifest.stored(new MediaType(row.getString(2)), Digest.parse(row.getString(1)), row.getBytes(3));
    }

    Optional<Long> id(Session session, long repository, Digest digest) throws SQLException {
        return session.number(
                "SELECT id FROM manifest WHERE repository_id = ? AND digest = ?", repository, digest.toString());
    }

    /** @throws RegistryException.Invalid if a required blob is not in the repository, or has another size */
    void requireBlobs(Session session, long repository, List<Descriptor> required) throws SQLException {
        Set<Digest> missing = new LinkedHashSet<>();
        Optional<String> wrong = Optional.empty();
        for (Descriptor wanted : required) {
            Optional<BlobRows.Row> row = blobs.linked(session, repository, wanted.digest());
            if (row.isEmpty()) {
                missing.add(wanted.digest());
            } else if (row.get().blob().size() != wanted.size() && wrong.isEmpty()) {
                wrong = Optional.of("the manifest says that " + wanted.digest() + " has " + wanted.size()
                        + " bytes, but it has " + row.get().blob().size());
            }
        }
        if (!missing.isEmpty()) {
            throw RegistryException.missingBlobs(List.copyOf(missing));
        }
        if (wrong.isPresent()) {
            throw RegistryException.invalidManifest(wrong.get());
        }
    }

    long insert(Session session, long repository, ManifestPut put, Instant now) throws SQLException {
        Manifest manifest = put.manifest();
        Descriptor referrer = put.links().asReferrer(manifest.descriptor());
        Optional<String> subject = put.links().subject().map(s -> s.digest().toString());
        byte[] bytes = new byte[manifest.size()];
        manifest.bytes().get(bytes);
        long id = session.insert(
                """
                INSERT INTO manifest
                (repository_id, digest, media_type, size, subject, artifact_type, annotations, pushed_at, bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
                repository,
                manifest.digest().toString(),
                manifest.mediaType().value(),
                manifest.size(),
                subject.orElse(null),
                referrer.artifactType().map(MediaType::value).orElse(null),
                subject.isPresent() ? GSON.toJson(referrer.annotations()) : null,
                now.toEpochMilli(),
                bytes);
        session.update("""
                INSERT INTO manifest_use (manifest_id, registry_id, used_at)
                SELECT ?, registry_id, ? FROM repository WHERE id = ?""", id, now.toEpochMilli(), repository);
        insertReferences(session, repository, id, put.links());
        linkParents(session, repository, id, manifest.digest());
        return id;
    }

    private void insertReferences(Session session, long repository, long manifest, Links links) throws SQLException {
        if (links.config().isPresent()) {
            insertReference(
                    session, repository, manifest, "CONFIG", links.config().get(), Optional.empty());
        }
        for (Descriptor layer : links.layers()) {
            insertReference(session, repository, manifest, "LAYER", layer, Optional.empty());
        }
        for (Descriptor child : links.children()) {
            insertReference(session, repository, manifest, "CHILD", child, id(session, repository, child.digest()));
        }
    }

    private void insertReference(
            Session session, long repository, long manifest, String kind, Descriptor to, Optional<Long> child)
            throws SQLException {
        Optional<Long> blob = blobs.linked(session, repository, to.digest()).map(BlobRows.Row::id);
        session.update("""
                INSERT INTO manifest_ref (manifest_id, kind, digest, blob_id, child_id) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING""", manifest, kind, to.digest().toString(), blob.orElse(null), child.orElse(null));
    }

    /** Indexes may have come before their children. */
    private static void linkParents(Session session, long repository, long child, Digest digest) throws SQLException {
        session.update("""
                UPDATE manifest_ref INDEXED BY manifest_ref_childless SET child_id = ?
                WHERE digest = ? AND child_id IS NULL AND kind = 'CHILD'
                AND EXISTS (SELECT 1 FROM manifest m WHERE m.id = manifest_id AND m.repository_id = ?)""", child, digest.toString(), repository);
    }

    void delete(Session session, long manifest, Instant now) throws SQLException {
        GcQueue.allAround(session, manifest, now);
        session.update("DELETE FROM manifest WHERE id = ?", manifest);
    }

    /** Whether a manifest of the repository refers to the blob. */
    boolean refersTo(Session session, long repository, long blob) throws SQLException {
        return session.exists("""
                SELECT 1 FROM manifest_ref f JOIN manifest m ON m.id = f.manifest_id
                WHERE f.blob_id = ? AND m.repository_id = ? LIMIT 1""", blob, repository);
    }

    static Page<Descriptor> referrers(
            Session session, long repository, Digest subject, Set<MediaType> types, PageRequest page)
            throws SQLException {
        List<Descriptor> found = session.all(
                """
                SELECT media_type, digest, size, artifact_type, annotations FROM manifest
                INDEXED BY manifest_referrers
                WHERE repository_id = ? AND subject = ? AND digest > ?
                AND (? OR artifact_type IN (SELECT value FROM json_each(?)))
                ORDER BY digest LIMIT ?""",
                ManifestRows::referrer,
                repository,
                subject.toString(),
                page.last().orElse(""),
                types.isEmpty() ? 1 : 0,
                GSON.toJson(types.stream().map(MediaType::value).toList()),
                page.limit() + 1);
        return Page.cut(found, page.limit());
    }

    private static Descriptor referrer(ResultSet row) throws SQLException {
        return new Descriptor(
                new MediaType(row.getString(1)),
                Digest.parse(row.getString(2)),
                row.getLong(3),
                Optional.ofNullable(row.getString(4)).map(MediaType::new),
                new LinkedHashMap<>(GSON.fromJson(row.getString(5), ANNOTATIONS)));
    }
}
