package io.entrepot.storage.sql;

import io.entrepot.core.store.DocumentStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The documents in a {@link SqlDatabase}. The number of a commit is the version of all that it wrote. */
final class SqlDocuments implements DocumentStore {
    private final SqlDatabase database;

    SqlDocuments(SqlDatabase database) {
        this.database = database;
    }

    @Override
    public Optional<Document> get(String collection, String id) {
        return database.read(session -> session.one(
                "SELECT collection, id, version, json FROM document WHERE collection = ? AND id = ?",
                SqlDocuments::document,
                collection,
                id));
    }

    @Override
    public List<Document> all(String collection) {
        return database.read(session -> session.all(
                "SELECT collection, id, version, json FROM document WHERE collection = ? ORDER BY id",
                SqlDocuments::document,
                collection));
    }

    private static Document document(ResultSet row) throws SQLException {
        return new Document(row.getString(1), row.getString(2), row.getLong(3), row.getString(4));
    }

    @Override
    public void commit(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        List<Change> all = List.copyOf(changes);
        database.write(session -> {
            long revision = session.insert("UPDATE document_revision SET number = number + 1 RETURNING number");
            for (Change change : all) {
                make(session, change, revision);
            }
            return revision;
        });
    }

    private static void make(Session session, Change change, long version) throws SQLException {
        long present = session.number(
                        "SELECT version FROM document WHERE collection = ? AND id = ?",
                        change.collection(),
                        change.id())
                .orElse(ABSENT);
        if (present != change.seen()) {
            throw new ConflictException(change.collection(), change.id());
        }
        if (change instanceof Put put) {
            session.update("""
                    INSERT INTO document (collection, id, version, json) VALUES (?, ?, ?, ?)
                    ON CONFLICT (collection, id) DO UPDATE SET version = excluded.version, json = excluded.json""", put.collection(), put.id(), version, put.json());
        } else {
            session.update("DELETE FROM document WHERE collection = ? AND id = ?", change.collection(), change.id());
        }
    }

    @Override
    public long revision() {
        return database.read(session -> session.number("SELECT number FROM document_revision"))
                .orElseThrow();
    }
}
