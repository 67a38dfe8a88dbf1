package io.entrepot.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Reach;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.DocumentStore.Put;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database is of one schema or of the next, never between, and is copied before it changes. */
class MigrationsTest {
    private static final Migration COLOURS = new Migration(
            4, "V004__colours.sql", "CREATE TABLE colour (name TEXT); INSERT INTO colour VALUES ('red');");
    private static final Migration HALF_WRONG =
            new Migration(4, "V004__wrong.sql", "CREATE TABLE colour (name TEXT); INSERT INTO shade VALUES ('red');");

    @TempDir
    Path folder;

    private static List<Migration> upTo(Migration step) {
        List<Migration> steps = new ArrayList<>(Migration.sqlite());
        steps.add(step);
        return steps;
    }

    private List<Integer> versions(Databases opened) {
        return opened.database()
                .read(s -> s.all("SELECT version FROM schema_migration ORDER BY version", row -> row.getInt(1)));
    }

    private Path copy() {
        return folder.resolve("entrepot.db.before-V004");
    }

    @Test
    void a_new_database_gets_every_step_and_needs_no_copy() {
        try (Databases opened = Databases.open(folder, upTo(COLOURS), Probe.NONE)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3, 4);
            assertThat(copy()).doesNotExist();
        }
    }

    @Test
    void an_older_database_is_copied_and_gets_what_it_lacks() throws Exception {
        try (Databases opened = Databases.open(folder)) {
            opened.database().registry("main", "default");
        }
        try (Databases opened = Databases.open(folder, upTo(COLOURS), Probe.NONE)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3, 4);
        }
        Files.move(copy(), folder.resolve("entrepot.db"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (Databases opened = Databases.open(folder)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3);
            assertThat(opened.database()
                            .<List<String>>read(s -> s.all("SELECT name FROM registry", r -> r.getString(1))))
                    .containsExactly("main");
        }
    }

    /** As a program did that did not write down yet when manifests are used. */
    private static void pushAsBefore(Databases opened, String registry, int number) {
        opened.database().write(s -> s.update("CREATE TABLE manifest_use (manifest_id, registry_id, used_at)"));
        Pushes.push(opened.database().registry(registry, "default"), number);
        opened.database().write(s -> s.update("DROP TABLE manifest_use"));
    }

    /** What the first release wrote is still there, and there is a place for documents now. */
    @Test
    void a_database_of_the_first_schema_keeps_its_content_and_takes_documents() {
        try (Databases opened = Databases.open(folder, Migration.sqlite().subList(0, 1), Probe.NONE)) {
            pushAsBefore(opened, "main", 1);
        }
        try (Databases opened = Databases.open(folder)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3);
            assertThat(folder.resolve("entrepot.db.before-V002")).exists();
            assertThat(opened.database().registry("main", "default").manifest(Pushes.APP, Pushes.tag(1), Reach.LOCAL))
                    .isPresent();
            DocumentStore documents = opened.database().documents();
            assertThat(documents.revision()).isZero();
            documents.commit(List.of(new Put("users", "eve", DocumentStore.ABSENT, "{}")));
            assertThat(documents.get("users", "eve")).isPresent();
            assertThat(opened.database().verify()).isEmpty();
        }
    }

    /** Whatever a registry held counts as read when it was stored, and a proxy may take it for its cache. */
    @Test
    void a_database_of_the_schema_before_proxies_keeps_its_content_and_takes_them() {
        try (Databases opened = Databases.open(folder, Migration.sqlite().subList(0, 2), Probe.NONE)) {
            pushAsBefore(opened, "hub", 1);
            pushAsBefore(opened, "main", 2);
        }
        try (Databases opened = Databases.open(folder)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3);
            assertThat(folder.resolve("entrepot.db.before-V003")).exists();
            MetadataStore hub = opened.database().registry("hub", "default");
            assertThat(hub.manifest(Pushes.APP, Pushes.tag(1), Reach.LOCAL)).isPresent();
            ProxyState state = opened.database().proxyState("hub");
            long stored = opened.database()
                    .read(s -> s.number(
                            "SELECT pushed_at FROM manifest WHERE digest = ?",
                            Pushes.image(1).digest().toString()))
                    .orElseThrow();
            assertThat(state.coldest(10))
                    .containsExactly(new ProxyState.Image(
                            Pushes.APP, Pushes.image(1).digest(), state.heldBytes(), Instant.ofEpochMilli(stored)));
            Pushes.push(hub, 3);
            assertThat(state.coldest(10)).hasSize(2);
            assertThat(opened.database().verify()).isEmpty();
        }
    }

    @Test
    void a_database_of_a_newer_program_is_refused() {
        Databases.open(folder, upTo(COLOURS), Probe.NONE).close();
        assertThatThrownBy(() -> Databases.open(folder))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("schema version 4, which a newer program made; this one knows 3");
        Databases.open(folder, upTo(COLOURS), Probe.NONE).close();
    }

    @Test
    void a_step_that_is_not_the_one_that_was_applied_is_refused() {
        Databases.open(folder, upTo(COLOURS), Probe.NONE).close();
        assertThatThrownBy(() -> Databases.open(folder, upTo(HALF_WRONG), Probe.NONE))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("V004__wrong.sql");
    }

    @Test
    void a_step_that_fails_leaves_the_schema_as_it_was() {
        Databases.open(folder).close();
        assertThatThrownBy(() -> Databases.open(folder, upTo(HALF_WRONG), Probe.NONE))
                .isInstanceOf(UnusableDatabaseException.class);
        try (Databases opened = Databases.open(folder)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3);
        }
        Databases.open(folder, upTo(COLOURS), Probe.NONE).close();
    }

    @Test
    void whichever_statement_of_a_migration_fails_the_next_start_mends_it() {
        Databases.open(folder).close();
        int failures = 0;
        for (int n = 0; ; n++) {
            int[] left = {n};
            try {
                Databases.open(folder, upTo(COLOURS), sql -> {
                            if (left[0]-- == 0) {
                                throw new SQLException("the disk is gone");
                            }
                        })
                        .close();
                break;
            } catch (UnusableDatabaseException | io.entrepot.core.RegistryException e) {
                failures++;
            }
        }
        assertThat(failures).isGreaterThan(10);
        try (Databases opened = Databases.open(folder, upTo(COLOURS), Probe.NONE)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3, 4);
            assertThat(opened.database().verify()).isEmpty();
        }
    }

    @Test
    void a_process_killed_during_a_migration_leaves_the_schema_as_it_was() throws Exception {
        Databases.open(folder).close();
        assertThat(Child.run("migrate", folder, folder.resolve("said")).waitFor())
                .isEqualTo(Child.HALTED);
        try (Databases opened = Databases.open(folder)) {
            assertThat(versions(opened)).containsExactly(1, 2, 3);
        }
        assertThat(copy()).exists();
    }

    /** What the child process does: it ends at once when the step is about to be committed. */
    static void migrateAndHalt(Path folder) {
        boolean[] inStep = {false};
        Databases.open(folder, upTo(COLOURS), sql -> {
            inStep[0] |= sql.equals(COLOURS.sql());
            if (inStep[0] && sql.equals("COMMIT")) {
                Runtime.getRuntime().halt(Child.HALTED);
            }
        });
    }
}
