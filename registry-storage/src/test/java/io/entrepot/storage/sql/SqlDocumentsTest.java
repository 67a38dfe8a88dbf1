package io.entrepot.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.DocumentStore.Put;
import io.entrepot.core.store.DocumentStoreContract;
import io.entrepot.storage.file.DataFolder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents in SQLite keep the contract, also between databases that share nothing but the file. */
class SqlDocumentsTest extends DocumentStoreContract {
    @TempDir
    Path path;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private volatile boolean failing;

    @Override
    protected DocumentStore open() {
        DataFolder folder = DataFolder.open(path);
        opened.add(folder);
        DocumentStore documents = database(folder).documents();
        folder.establish();
        return documents;
    }

    private SqlDatabase database(DataFolder folder) {
        SqlDatabase database =
                SqlDatabase.open(folder, Duration.ZERO, InstantSource.system(), Migration.sqlite(), sql -> {
                    if (failing && sql.contains("INTO document ")) {
                        throw new SQLException("the disk is gone");
                    }
                });
        opened.add(database);
        return database;
    }

    /** As another process has it: connections and a writer of its own. */
    @Override
    protected DocumentStore another() {
        return database((DataFolder) opened.get(0)).documents();
    }

    @Override
    protected Optional<DocumentStore> reopen() {
        close();
        return Optional.of(open());
    }

    @AfterEach
    void close() {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        opened.clear();
    }

    @Test
    void a_disk_that_fails_changes_nothing_and_the_next_commit_succeeds() {
        DocumentStore documents = another();
        long revision = documents.revision();
        failing = true;
        assertThatThrownBy(() -> documents.commit(List.of(new Put("users", "eve", DocumentStore.ABSENT, "{}"))))
                .isInstanceOf(RegistryException.Unavailable.class);
        assertThat(documents.revision()).isEqualTo(revision);
        failing = false;
        documents.commit(List.of(new Put("users", "eve", DocumentStore.ABSENT, "{}")));
        assertThat(documents.all("users")).hasSize(1);
    }

    @Test
    void the_revision_is_asked_for_thousands_of_times_a_second() {
        DocumentStore documents = another();
        documents.revision();
        long begun = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            documents.revision();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }
}
