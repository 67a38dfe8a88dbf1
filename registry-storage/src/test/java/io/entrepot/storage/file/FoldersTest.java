package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which folders hold data, which may become one that does, and who may use them at a time. */
class FoldersTest {
    @TempDir
    Path temporary;

    @Test
    void a_new_data_folder_is_new_until_its_stores_are_made() {
        Path path = temporary.resolve("a/b");
        try (DataFolder data = DataFolder.open(path)) {
            assertThat(data.isNew()).isTrue();
        }
        try (DataFolder data = DataFolder.open(path)) {
            assertThat(data.isNew()).isTrue();
            data.establish();
        }
        try (DataFolder data = DataFolder.open(path)) {
            assertThat(data.isNew()).isFalse();
            assertThat(data.blobs()).startsWithRaw(data.path());
            assertThat(data.database()).startsWithRaw(data.path());
        }
    }

    @Test
    void a_second_server_in_this_process_is_refused() {
        try (DataFolder data = DataFolder.open(temporary)) {
            assertRefused(() -> DataFolder.open(temporary.resolve("../" + temporary.getFileName())), "already");
            assertThat(data.isNew()).isTrue();
        }
        DataFolder.open(temporary).close();
    }

    @Test
    void a_second_process_is_refused_even_after_this_one_tried_twice() throws Exception {
        try (DataFolder data = DataFolder.open(temporary)) {
            assertRefused(() -> DataFolder.open(temporary), "already");
            assertThat(inAnotherProcess(data.path())).contains("Another process uses the folder");
        }
        assertThat(inAnotherProcess(temporary)).contains("opened");
    }

    private static String inAnotherProcess(Path path) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** The other process. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] path) {
            try (DataFolder data = DataFolder.open(Path.of(path[0]))) {
                System.out.println("opened " + data.path());
            } catch (DataFolderException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void a_folder_of_a_newer_version_is_refused_and_a_damaged_one_too() throws IOException {
        Files.writeString(temporary.resolve("format"), "2\n");
        assertRefused(() -> DataFolder.open(temporary), "start the version that wrote it");
        Files.writeString(temporary.resolve("format"), "");
        assertRefused(() -> DataFolder.open(temporary), "restore it from a backup");
        Files.writeString(temporary.resolve("format"), "1\n");
        DataFolder.open(temporary).close();
    }

    @Test
    void a_file_is_no_folder() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertRefused(() -> DataFolder.open(file), "choose another folder");
        assertRefused(() -> FileBlobStore.create(file, FileStoreOptions.DEFAULT), "choose another folder");
    }

    @Test
    void a_store_is_made_in_a_new_or_an_empty_folder_only() throws IOException {
        create(temporary.resolve("new/store"));
        create(Files.createDirectory(temporary.resolve("empty")));
        Path disk =
                Files.createDirectories(temporary.resolve("disk/lost+found")).getParent();
        create(disk);
        Path photos = Files.createDirectory(temporary.resolve("photos"));
        Files.createFile(photos.resolve("cat.jpg"));
        assertRefused(() -> create(photos), "cat.jpg");
        assertThat(photos).isDirectoryContaining("glob:**cat.jpg");
        assertThat(photos.toFile().list()).hasSize(1);
    }

    @Test
    void a_store_that_is_there_is_opened_by_both() {
        Path root = temporary.resolve("store");
        create(root);
        create(root);
        FileBlobStore.open(root, FileStoreOptions.DEFAULT).close();
    }

    @Test
    void a_store_whose_disk_is_not_mounted_is_not_made_anew() throws IOException {
        assertRefused(() -> FileBlobStore.open(temporary.resolve("none"), FileStoreOptions.DEFAULT), "mounted");
        Path mountPoint = Files.createDirectory(temporary.resolve("point"));
        assertRefused(() -> FileBlobStore.open(mountPoint, FileStoreOptions.DEFAULT), "mounted");
        assertThat(mountPoint).isEmptyDirectory();
    }

    @Test
    void two_stores_cannot_share_a_folder_or_stand_in_each_other() {
        Path root = temporary.resolve("store");
        try (FileBlobStore store = FileBlobStore.create(root, FileStoreOptions.DEFAULT)) {
            assertThat(store).isNotNull();
            assertRefused(() -> create(root), "already");
            assertRefused(() -> create(root.resolve("blobs/other")), "inside the blob store");
        }
    }

    @Test
    void a_store_cannot_stand_in_the_root_of_the_system() {
        assertRefused(() -> create(Path.of("/")), "choose a folder of its own");
        assertRefused(() -> create(Path.of("/proc/store")), "choose a folder of its own");
        assertRefused(() -> DataFolder.open(Path.of("/")), "choose a folder of its own");
    }

    @Test
    void making_a_store_that_was_cut_short_is_finished_at_the_next_start() throws IOException {
        Path root = temporary.resolve("store");
        create(root);
        Path shard = root.resolve("blobs/sha512/ff");
        Files.delete(shard);
        create(root);
        assertThat(shard).isDirectory();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_directory_that_leads_elsewhere_is_refused() throws IOException {
        Path root = temporary.resolve("store");
        create(root);
        Path shard = root.resolve("blobs/sha256/ab");
        Files.delete(shard);
        Files.createSymbolicLink(shard, temporary);
        assertRefused(() -> create(root), "symbolic link");
        assertThatCode(() -> Files.delete(shard)).doesNotThrowAnyException();
    }

    private static void create(Path root) {
        FileBlobStore.create(root, FileStoreOptions.DEFAULT).close();
    }

    private static void assertRefused(ThrowingCallable attempt, String because) {
        assertThatThrownBy(attempt).isInstanceOf(DataFolderException.class).hasMessageContaining(because);
    }
}
