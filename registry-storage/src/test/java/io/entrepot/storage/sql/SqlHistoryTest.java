package io.entrepot.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tables remember beyond what a store is asked for today. */
class SqlHistoryTest {
    private static final Tag LATEST = new Tag("latest");

    @TempDir
    Path folder;

    private Databases opened;
    private MetadataStore store;

    @BeforeEach
    void open() {
        opened = Databases.open(folder);
        store = opened.database().registry("main", "default");
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private List<String> rows(String sql) {
        return opened.database().read(s -> s.all(sql, row -> row.getString(1)));
    }

    private void latest(int number) {
        store.put(Pushes.APP, Pushes.image(number).with(new PutOptions(LATEST, List.of(), TagRule.ANY)));
    }

    @Test
    void every_move_of_a_tag_is_remembered_also_beyond_its_deletion() {
        Pushes.push(store, 1);
        Pushes.push(store, 2);
        latest(1);
        latest(1);
        latest(2);
        store.delete(Pushes.APP, LATEST);
        latest(2);
        store.delete(Pushes.APP, Pushes.image(2).digest());
        assertThat(rows("SELECT version || ' ' || coalesce(digest, 'gone') FROM tag_history WHERE name = 'latest'"
                        + " ORDER BY version"))
                .containsExactly(
                        "1 " + Pushes.image(1).digest(),
                        "2 " + Pushes.image(2).digest(),
                        "3 gone",
                        "4 " + Pushes.image(2).digest(),
                        "5 gone");
    }

    @Test
    void a_child_is_linked_to_its_index_whichever_comes_first_and_again_when_it_comes_back() {
        Sample index = Sample.index(Pushes.image(1));
        store.put(Pushes.APP, index.at(index.digest()));
        String linked =
                "SELECT count(*) FROM manifest_ref f JOIN manifest m ON m.id = f.child_id WHERE f.kind = 'CHILD'";
        assertThat(rows(linked)).containsExactly("0");
        Pushes.push(store, 1);
        assertThat(rows(linked)).containsExactly("1");
        store.delete(Pushes.APP, Pushes.image(1).digest());
        assertThat(rows(linked)).containsExactly("0");
        Pushes.push(store, 1);
        assertThat(rows(linked)).containsExactly("1");
    }

    @Test
    void what_may_have_become_needless_is_queued() {
        Pushes.push(store, 1);
        Pushes.push(store, 2);
        latest(1);
        latest(2);
        assertThat(rows("SELECT m.digest FROM gc_queue q JOIN manifest m ON m.id = q.ref WHERE q.kind = 'MANIFEST'"))
                .containsExactly(Pushes.image(1).digest().toString());
    }

    @Test
    void after_a_restart_nothing_is_given_up_for_one_lease() {
        Content content = Content.of("pushed a while ago");
        StoredBlob blob = Pushes.link(store, Pushes.APP, content);
        Instant leaseEnds = Instant.now().plus(Databases.LEASE);
        opened.close();
        open();
        assertThat(store.dead(leaseEnds.minusSeconds(60), 10)).isEmpty();
        store.claim(Pushes.APP, content.digest(), new Lease(leaseEnds.plus(Duration.ofHours(5)), "bob"), Reach.LOCAL);
        assertThat(store.dead(leaseEnds.plus(Duration.ofHours(4)), 10)).isEmpty();
        assertThat(store.dead(leaseEnds.plus(Duration.ofHours(6)), 10)).containsExactly(blob.key());
    }

    @Test
    void a_blob_found_damaged_is_gone_until_it_is_pushed_again_which_heals_all_who_had_it() {
        Pushes.push(store, 1);
        Content layer = Pushes.layer(1);
        StoredBlob old = store.blob(Pushes.APP, layer.digest(), Reach.LOCAL).orElseThrow();
        opened.database()
                .write(s -> s.update(
                        "UPDATE blob SET state = 'QUARANTINED' WHERE digest = ?",
                        layer.digest().toString()));
        assertThat(store.blob(Pushes.APP, layer.digest(), Reach.LOCAL)).isEmpty();
        StoredBlob fresh = Pushes.link(store, new io.entrepot.core.RepositoryName("elsewhere"), layer);
        assertThat(store.blob(Pushes.APP, layer.digest(), Reach.LOCAL)).contains(fresh);
        assertThat(store.dead(Instant.now(), 10)).containsExactly(old.key());
    }

    @Test
    void a_wal_that_has_grown_too_large_is_truncated() throws Exception {
        SqliteFile file = new SqliteFile(folder.resolve("other.db"), Probe.NONE);
        file.create();
        try (Session session = file.writer()) {
            session.script("PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x TEXT)");
            WalLimit limit = new WalLimit(session, file.wal(), 100_000);
            long largest = 0;
            for (int i = 0; i < 600; i++) {
                session.update("INSERT INTO t VALUES (?)", "x".repeat(1_000));
                largest = Math.max(largest, java.nio.file.Files.size(file.wal()));
                limit.run();
            }
            assertThat(largest).isGreaterThan(100_000);
            assertThat(java.nio.file.Files.size(file.wal())).isLessThan(largest / 2);
        }
    }
}
