package io.entrepot.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Threads;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands share a transaction and nothing else. */
class GroupCommitTest {
    @TempDir
    Path folder;

    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicBoolean commitsFail = new AtomicBoolean();
    private Databases opened;
    private SqlDatabase database;

    @BeforeEach
    void open() {
        opened = Databases.open(folder, sql -> {
            if (sql.equals("COMMIT")) {
                commits.incrementAndGet();
                if (commitsFail.get()) {
                    throw new SQLException("the disk is gone");
                }
            }
        });
        database = opened.database();
        database.write(s -> s.update("CREATE TABLE number (n INTEGER)"));
        commits.set(0);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private int insert(int number) {
        return database.write(s -> s.update("INSERT INTO number VALUES (?)", number));
    }

    private List<Integer> numbers() {
        return database.read(s -> s.all("SELECT n FROM number ORDER BY n", row -> row.getInt(1)));
    }

    /** Runs the jobs such that all of them wait when the writer is free. */
    private <T> List<T> inOneBatch(int jobs, Threads.Job<T> job) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            try {
                database.write(s -> {
                    awaitQuietly(go);
                    return 0;
                });
            } catch (RegistryException.Unavailable e) {
                // Where commits fail, its own does, too.
                assertThat(commitsFail).isTrue();
            }
        });
        holder.start();
        new Thread(() -> {
                    awaitQuietly(new CountDownLatch(1), 300);
                    go.countDown();
                })
                .start();
        List<T> answers = Threads.together(jobs, job);
        holder.join();
        return answers;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        awaitQuietly(latch, 10_000);
    }

    private static void awaitQuietly(CountDownLatch latch, long millis) {
        try {
            latch.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void those_who_wait_together_share_a_commit() throws Exception {
        inOneBatch(16, this::insert);
        assertThat(numbers()).hasSize(16);
        assertThat(commits).hasValueLessThanOrEqualTo(3);
    }

    @Test
    void one_that_fails_takes_no_other_with_it() throws Exception {
        List<Boolean> done = inOneBatch(16, i -> {
            try {
                return database.write(s -> {
                    s.update("INSERT INTO number VALUES (?)", i);
                    if (i == 3) {
                        throw new RegistryException.Denied("not three", "3");
                    }
                    if (i == 5) {
                        s.update("INSERT INTO nothing VALUES (1)");
                    }
                    if (i == 7) {
                        throw new IllegalStateException("a mistake of ours");
                    }
                    return true;
                });
            } catch (RegistryException.Denied e) {
                assertThat(i).isEqualTo(3);
                return false;
            } catch (RegistryException.Unavailable e) {
                assertThat(i).isEqualTo(5);
                return false;
            } catch (IllegalStateException e) {
                assertThat(i).isEqualTo(7);
                return false;
            }
        });
        assertThat(done).filteredOn(d -> !d).hasSize(3);
        assertThat(numbers()).containsExactly(0, 1, 2, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(commits).hasValueLessThanOrEqualTo(3);
    }

    @Test
    void nobody_is_told_of_success_if_the_commit_fails() throws Exception {
        insert(1);
        commitsFail.set(true);
        List<Boolean> told = inOneBatch(8, i -> {
            try {
                insert(100 + i);
                return true;
            } catch (RegistryException.Unavailable e) {
                return false;
            }
        });
        assertThat(told).containsOnly(false);
        commitsFail.set(false);
        insert(2);
        assertThat(numbers()).containsExactly(1, 2);
    }

    @Test
    void a_full_disk_is_insufficient_storage_and_goes_by_when_there_is_room() {
        MetadataStore store = database.registry("main", "default");
        Pushes.push(store, 1);
        database.write(
                s -> s.setting("PRAGMA max_page_count = " + (Integer.parseInt(s.setting("PRAGMA page_count")) + 2)));
        Sample large = Sample.index().annotation("large", "x".repeat(100_000)).build();
        assertThatThrownBy(() -> store.put(Pushes.APP, large.at(Pushes.tag(2))))
                .isInstanceOf(RegistryException.InsufficientStorage.class);
        assertThat(store.manifest(Pushes.APP, Pushes.tag(1), Reach.LOCAL)).isPresent();
        assertThat(store.manifest(Pushes.APP, Pushes.tag(2), Reach.LOCAL)).isEmpty();
        assertThat(store.delete(Pushes.APP, Pushes.image(1).digest())).isTrue();
        database.write(s -> s.setting("PRAGMA max_page_count = 1000000"));
        store.put(Pushes.APP, large.at(Pushes.tag(2)));
        assertThat(store.manifest(Pushes.APP, Pushes.tag(2), Reach.LOCAL)).isPresent();
        assertThat(database.verify()).isEmpty();
    }

    @Test
    void what_waits_is_finished_when_the_database_is_closed_and_nothing_new_is_taken() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Thread slow = new Thread(() -> database.write(s -> {
            begun.countDown();
            awaitQuietly(new CountDownLatch(1), 100);
            return s.update("INSERT INTO number VALUES (1)");
        }));
        slow.start();
        begun.await();
        opened.close();
        slow.join();
        assertThatThrownBy(() -> insert(2)).isInstanceOf(RegistryException.Unavailable.class);
        assertThatThrownBy(this::numbers).isInstanceOf(RegistryException.Unavailable.class);
        open2();
        assertThat(numbers()).containsExactly(1);
    }

    private void open2() {
        opened = Databases.open(folder);
        database = opened.database();
    }
}
