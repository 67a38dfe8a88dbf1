package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.testkit.Threads;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Directories stay open for the next sync, a few of them, until the end. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class OpenDirectoriesTest {
    @TempDir
    Path folder;

    @Test
    void a_directory_stays_open_and_one_too_many_does_not() throws IOException {
        try (OpenDirectories directories = new OpenDirectories(2)) {
            for (int i = 0; i < 3; i++) {
                for (String name : new String[] {"a", "b", "c"}) {
                    directories.sync(directory(name));
                }
            }
            assertThat(open()).isEqualTo(2);
        }
        assertThat(open()).isZero();
    }

    @Test
    void one_that_an_interrupt_closed_is_opened_anew() throws IOException {
        try (OpenDirectories directories = new OpenDirectories(2)) {
            Path directory = directory("a");
            directories.sync(directory);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> directories.sync(directory)).isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(open()).isZero();
            directories.sync(directory);
            assertThat(open()).isEqualTo(1);
        }
    }

    @Test
    void an_interrupt_disturbs_nobody_else_who_syncs_the_same_directory() throws Exception {
        Path directory = directory("a");
        try (OpenDirectories directories = new OpenDirectories(2)) {
            Threads.together(4, thread -> {
                for (int i = 0; i < 200; i++) {
                    sync(directories, directory, thread == 0);
                }
                return thread;
            });
            assertThat(open()).isLessThanOrEqualTo(1);
        }
    }

    private static void sync(OpenDirectories directories, Path directory, boolean interrupted) throws IOException {
        if (interrupted) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> directories.sync(directory)).isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
        } else {
            directories.sync(directory);
        }
    }

    @Test
    void after_the_end_it_syncs_and_keeps_nothing() throws IOException {
        OpenDirectories directories = new OpenDirectories(2);
        directories.close();
        directories.sync(directory("a"));
        assertThat(open()).isZero();
        assertThatThrownBy(() -> directories.sync(folder.resolve("no"))).isInstanceOf(NoSuchFileException.class);
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private int open() throws IOException {
        int found = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) all::iterator) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).startsWith(folder.toRealPath())) {
                    found++;
                }
            }
        }
        return found;
    }
}
