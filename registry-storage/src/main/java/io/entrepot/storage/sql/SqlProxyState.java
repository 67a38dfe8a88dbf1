package io.entrepot.storage.sql;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.store.Touches;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a proxy remembers in a {@link SqlDatabase}. Memory never tells: put a cache before it. */
final class SqlProxyState implements ProxyState {
    /** So that whoever else writes need not wait for many. */
    private static final int AT_ONCE = 1_000;

    private final SqlDatabase database;
    private final long registry;
    private final CachedImages images;
    private final int mostKept;
    private final Touches touches = new Touches();

    SqlProxyState(SqlDatabase database, long registry, long store) {
        this(database, registry, store, MAX_KEPT);
    }

    SqlProxyState(SqlDatabase database, long registry, long store, int mostKept) {
        this.database = database;
        this.registry = registry;
        this.images = new CachedImages(registry, store);
        this.mostKept = mostKept;
    }

    @Override
    public Optional<Answer> answer(RepositoryName repository, Reference reference, Reach reach) {
        reach.require(Reach.LOCAL);
        return database.read(session -> session.one(
                "SELECT digest, said_at FROM proxy_answer WHERE registry_id = ? AND repository = ? AND reference = ?",
                row -> new Answer(Optional.ofNullable(row.getString(1)).map(Digest::parse), at(row, 2)),
                registry,
                repository.value(),
                reference.toString()));
    }

    @Override
    public void answered(RepositoryName repository, Reference reference, Answer answer) {
        update(
                """
                INSERT INTO proxy_answer (registry_id, repository, reference, digest, said_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (registry_id, repository, reference) DO UPDATE
                SET digest = excluded.digest, said_at = excluded.said_at""",
                registry,
                repository.value(),
                reference.toString(),
                answer.digest().map(Digest::toString).orElse(null),
                answer.at().toEpochMilli());
    }

    @Override
    public Optional<Listing> listing(RepositoryName repository, String key) {
        String which = ProxyState.requireKey(key);
        return database.read(session -> session.one(
                "SELECT text, said_at FROM proxy_list WHERE registry_id = ? AND repository = ? AND key = ?",
                row -> new Listing(row.getString(1), at(row, 2)),
                registry,
                repository.value(),
                which));
    }

    @Override
    public void listed(RepositoryName repository, String key, Listing listing) {
        update(
                """
                INSERT INTO proxy_list (registry_id, repository, key, text, said_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (registry_id, repository, key) DO UPDATE
                SET text = excluded.text, said_at = excluded.said_at""",
                registry,
                repository.value(),
                ProxyState.requireKey(key),
                listing.text(),
                listing.at().toEpochMilli());
    }

    @Override
    public void forget(RepositoryName repository) {
        database.write(session -> session.update(
                        "DELETE FROM proxy_answer WHERE registry_id = ? AND repository = ?",
                        registry,
                        repository.value())
                + session.update(
                        "DELETE FROM proxy_list WHERE registry_id = ? AND repository = ?",
                        registry,
                        repository.value()));
    }

    @Override
    public void forgetAll() {
        database.write(session -> session.update("DELETE FROM proxy_answer WHERE registry_id = ?", registry)
                + session.update("DELETE FROM proxy_list WHERE registry_id = ?", registry));
    }

    @Override
    public Optional<Descriptor> referred(RepositoryName repository, Digest blob) {
        return database.read(session -> images.manifestReferringTo(session, repository, blob))
                .flatMap(manifest -> manifest.links().blob(blob));
    }

    @Override
    public void touch(RepositoryName repository, Digest manifest, Instant at) {
        touches.note(repository, manifest, at);
    }

    @Override
    public long heldBytes() {
        return database.read(images::heldBytes);
    }

    @Override
    public List<Image> coldest(int limit) {
        writeTouches();
        return database.read(session -> images.coldest(session, limit));
    }

    @Override
    public void pin(Pin pin) {
        update("""
                INSERT INTO proxy_pin (registry_id, repository, reference) VALUES (?, ?, ?)
                ON CONFLICT DO NOTHING""", registry, pin.repository().value(), pin.reference().toString());
    }

    @Override
    public boolean unpin(Pin pin) {
        return update(
                        "DELETE FROM proxy_pin WHERE registry_id = ? AND repository = ? AND reference = ?",
                        registry,
                        pin.repository().value(),
                        pin.reference().toString())
                > 0;
    }

    @Override
    public List<Pin> pins() {
        return database.read(session -> session.all(
                "SELECT repository, reference FROM proxy_pin WHERE registry_id = ? ORDER BY repository, reference",
                row -> new Pin(new RepositoryName(row.getString(1)), Reference.parse(row.getString(2))),
                registry));
    }

    @Override
    public void begun(Unfinished download) {
        update(
                """
                INSERT INTO proxy_download (registry_id, digest, repository, upload, begun_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (registry_id, digest) DO UPDATE
                SET repository = excluded.repository, upload = excluded.upload, begun_at = excluded.begun_at""",
                registry,
                download.digest().toString(),
                download.repository().value(),
                download.upload().toString(),
                download.begun().toEpochMilli());
    }

    @Override
    public Optional<Unfinished> unfinished(Digest digest) {
        return database.read(session -> session.one(
                "SELECT repository, upload, begun_at FROM proxy_download WHERE registry_id = ? AND digest = ?",
                row -> new Unfinished(
                        new RepositoryName(row.getString(1)), digest, UploadId.parse(row.getString(2)), at(row, 3)),
                registry,
                digest.toString()));
    }

    @Override
    public void ended(Digest digest) {
        update("DELETE FROM proxy_download WHERE registry_id = ? AND digest = ?", registry, digest.toString());
    }

    @Override
    public void flush() {
        writeTouches();
        forgetTooMany("""
                SELECT said_at FROM proxy_answer INDEXED BY proxy_answer_absences
                WHERE registry_id = ? AND digest IS NULL ORDER BY said_at DESC LIMIT 1 OFFSET ?""", """
                DELETE FROM proxy_answer WHERE registry_id = ? AND digest IS NULL AND said_at <= ?""");
        forgetTooMany("""
                SELECT said_at FROM proxy_list INDEXED BY proxy_list_order
                WHERE registry_id = ? ORDER BY said_at DESC LIMIT 1 OFFSET ?""", """
                DELETE FROM proxy_list WHERE registry_id = ? AND said_at <= ?""");
    }

    /** The newest that is too much and all that are older. Mostly there is none, and the writer is not troubled. */
    private void forgetTooMany(String newest, String delete) {
        Optional<Long> tooOld = database.read(session -> session.number(newest, registry, mostKept));
        tooOld.ifPresent(at -> update(delete, registry, at));
    }

    private void writeTouches() {
        List<Touches.Touch> noted = touches.noted();
        for (int from = 0; from < noted.size(); from += AT_ONCE) {
            List<Touches.Touch> some = noted.subList(from, Math.min(noted.size(), from + AT_ONCE));
            database.write(session -> {
                for (Touches.Touch touch : some) {
                    images.touch(session, touch);
                }
                return some;
            });
            touches.written(some);
        }
    }

    @Override
    public void close() {
        flush();
    }

    private int update(String sql, @Nullable Object... arguments) {
        return database.write(session -> session.update(sql, arguments));
    }

    private static Instant at(ResultSet row, int column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }
}
