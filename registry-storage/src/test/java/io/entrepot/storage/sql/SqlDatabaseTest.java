package io.entrepot.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.testkit.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database is opened with the settings that its promises rest on, or not at all. */
class SqlDatabaseTest {
    private static final int PAGE = 4096;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("entrepot.db");
    }

    @Test
    void every_connection_is_set_so_that_what_is_committed_is_durable() {
        try (Databases opened = Databases.open(folder)) {
            for (Work<List<String>> settings : List.<Work<List<String>>>of(s -> List.of(
                    s.setting("PRAGMA journal_mode"),
                    s.setting("PRAGMA synchronous"),
                    s.setting("PRAGMA foreign_keys"),
                    s.setting("PRAGMA wal_autocheckpoint")))) {
                assertThat(opened.database().write(settings)).containsExactly("wal", "2", "1", "4000");
                assertThat(opened.database().read(settings)).containsExactly("wal", "2", "1", "4000");
            }
            assertThat(opened.database().<String>read(s -> s.setting("PRAGMA query_only")))
                    .isEqualTo("1");
        }
    }

    @Test
    void closing_leaves_one_file_and_no_thread() throws Exception {
        Set<Thread> before = Threads.all();
        try (Databases opened = Databases.open(folder)) {
            Pushes.push(opened.database().registry("main", "default"), 1);
            assertThat(folder.resolve("entrepot.db-wal")).exists();
        }
        assertThat(folder.resolve("entrepot.db-wal")).doesNotExist();
        assertThat(folder.resolve("entrepot.db-shm")).doesNotExist();
        assertThat(Threads.since(before)).noneMatch(name -> name.startsWith("entrepot-sql"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void the_driver_leaves_no_setting_behind() {
        Databases.open(folder).close();
        assertThat(System.getProperty("org.sqlite.tmpdir")).isNull();
    }

    @Test
    void what_is_not_a_database_is_refused_and_left_alone() throws IOException {
        Files.write(file(), "these are some notes, not a database. ".repeat(300).getBytes(UTF_8));
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(() -> Databases.open(folder))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("is damaged or is not a database. Restore a backup of it");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void a_database_whose_schema_cannot_be_read_is_refused() throws IOException {
        fill();
        overwrite(100, PAGE - 100);
        assertThatThrownBy(() -> Databases.open(folder))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void damage_inside_is_found_by_verifying() throws IOException {
        fill();
        try (Databases opened = Databases.open(folder)) {
            assertThat(opened.database().verify()).isEmpty();
        }
        int pages = (int) (Files.size(file()) / PAGE);
        overwrite((long) (pages / 2) * PAGE, 3 * PAGE);
        try (Databases opened = Databases.open(folder)) {
            assertThat(opened.database().verify()).isNotEmpty();
        } catch (UnusableDatabaseException e) {
            assertThat(e).hasMessageContaining("is damaged");
        }
    }

    @Test
    void a_database_that_has_gone_is_not_quietly_replaced_by_an_empty_one() throws IOException {
        fill();
        Files.delete(file());
        assertThatThrownBy(() -> Databases.open(folder))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("is missing");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_folder_may_have_any_name() {
        Path odd = folder.resolve("a b?c#d%20é");
        try (Databases opened = Databases.open(odd)) {
            Pushes.push(opened.database().registry("main", "default"), 1);
        }
        assertThat(odd.resolve("entrepot.db")).isNotEmptyFile();
    }

    @Test
    void a_registry_is_the_same_object_each_time_and_stays_over_its_blob_store() {
        try (Databases opened = Databases.open(folder)) {
            MetadataStore main = opened.database().registry("main", "default");
            assertThat(opened.database().registry("main", "default")).isSameAs(main);
            assertThatThrownBy(() -> opened.database().registry("main", "other"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("registry main exists, but not over the blob store other");
        }
    }

    private void fill() {
        try (Databases opened = Databases.open(folder)) {
            MetadataStore store = opened.database().registry("main", "default");
            for (int i = 0; i < 50; i++) {
                Pushes.push(store, new RepositoryName("team/app" + i % 5), i);
            }
        }
    }

    private void overwrite(long at, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            byte[] garbage = new byte[length];
            java.util.Arrays.fill(garbage, (byte) 0x5a);
            channel.write(ByteBuffer.wrap(garbage), at);
        }
    }
}
