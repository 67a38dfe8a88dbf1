package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.entrepot.core.RegistryException;
import io.entrepot.core.store.DocumentStore.Change;
import io.entrepot.core.store.DocumentStore.ConflictException;
import io.entrepot.core.store.DocumentStore.Delete;
import io.entrepot.core.store.DocumentStore.Document;
import io.entrepot.core.store.DocumentStore.Put;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every {@link DocumentStore} owes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class DocumentStoreContract {
    private static final String USERS = "users";
    private static final String ROLES = "roles";
    private static final long ABSENT = DocumentStore.ABSENT;

    @RegisterExtension
    final Seed seed = new Seed();

    private DocumentStore store;

    /** An empty store, and later the same one. */
    protected abstract DocumentStore open();

    /** Another view of the same store, which shares as little memory with the first as possible. */
    protected abstract DocumentStore another();

    /** Closes it and opens it again, if it is one that lasts. */
    protected abstract Optional<DocumentStore> reopen();

    @BeforeEach
    final void begin() {
        store = open();
    }

    private long put(String collection, String id, String json) {
        return put(collection, id, version(collection, id), json);
    }

    private long put(String collection, String id, long seen, String json) {
        store.commit(List.of(new Put(collection, id, seen, json)));
        return version(collection, id);
    }

    private void delete(String collection, String id) {
        store.commit(List.of(new Delete(collection, id, version(collection, id))));
    }

    private long version(String collection, String id) {
        return store.get(collection, id).map(Document::version).orElse(ABSENT);
    }

    private List<String> ids(String collection) {
        return store.all(collection).stream().map(Document::id).toList();
    }

    private Optional<String> text(DocumentStore from, String collection, String id) {
        return from.get(collection, id).map(Document::json);
    }

    @Test
    void what_is_put_is_there_as_it_was_written() {
        String json = "{ \"name\" : \"Zoë 🐳\",\n\t\"roles\":[ ] }";
        long version = put(USERS, "local/zoë", ABSENT, json);
        assertThat(store.get(USERS, "local/zoë")).contains(new Document(USERS, "local/zoë", version, json));
        assertThat(store.all(USERS)).containsExactly(new Document(USERS, "local/zoë", version, json));
    }

    @Test
    void what_was_never_put_is_absent() {
        put(USERS, "eve", "{}");
        assertThat(store.get(USERS, "Eve")).isEmpty();
        assertThat(store.get(ROLES, "eve")).isEmpty();
        assertThat(store.all(ROLES)).isEmpty();
    }

    @Test
    void a_version_is_never_absent_and_grows_with_each_change() {
        long first = put(USERS, "eve", "1");
        long second = put(USERS, "eve", "2");
        assertThat(first).isGreaterThan(ABSENT);
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void a_document_made_anew_has_a_version_that_the_old_one_never_had() {
        long old = put(USERS, "eve", "the first eve");
        delete(USERS, "eve");
        long anew = put(USERS, "eve", "another eve");
        assertThat(anew).isGreaterThan(old);
        assertThatThrownBy(() -> put(USERS, "eve", old, "meant for the first")).isInstanceOf(ConflictException.class);
        assertThat(text(store, USERS, "eve")).contains("another eve");
    }

    @Test
    void a_change_of_another_version_than_the_present_one_is_a_conflict_and_changes_nothing() {
        long version = put(USERS, "eve", "1");
        long revision = store.revision();
        for (Change change : List.of(
                new Put(USERS, "eve", ABSENT, "2"),
                new Put(USERS, "eve", version + 1, "2"),
                new Put(USERS, "nobody", version, "2"),
                new Delete(USERS, "eve", ABSENT),
                new Delete(USERS, "eve", version + 1),
                new Delete(USERS, "nobody", version))) {
            assertThatThrownBy(() -> store.commit(List.of(change)))
                    .as("%s", change)
                    .isInstanceOf(ConflictException.class)
                    .hasMessage(change.collection() + "/" + change.id() + " has been changed by somebody else");
        }
        assertThat(store.all(USERS)).containsExactly(new Document(USERS, "eve", version, "1"));
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void a_commit_changes_all_or_nothing() {
        long eve = put(USERS, "eve", "1");
        assertThatThrownBy(() -> store.commit(List.of(
                        new Put(USERS, "adam", ABSENT, "1"),
                        new Delete(USERS, "eve", eve),
                        new Put(ROLES, "reader", eve, "of a role that is not there"))))
                .isInstanceOf(ConflictException.class);
        assertThat(ids(USERS)).containsExactly("eve");
        assertThat(ids(ROLES)).isEmpty();

        store.commit(List.of(
                new Put(USERS, "adam", ABSENT, "1"),
                new Delete(USERS, "eve", eve),
                new Put(ROLES, "reader", ABSENT, "1")));
        assertThat(ids(USERS)).containsExactly("adam");
        assertThat(ids(ROLES)).containsExactly("reader");
    }

    @Test
    void the_changes_of_a_commit_are_made_in_their_order() {
        long eve = put(USERS, "eve", "1");
        store.commit(List.of(new Delete(USERS, "eve", eve), new Put(USERS, "eve", ABSENT, "2")));
        assertThat(text(store, USERS, "eve")).contains("2");
        assertThat(version(USERS, "eve")).isGreaterThan(eve);
    }

    @Test
    void a_deletion_of_what_must_be_absent_only_checks_that_it_is() {
        store.commit(List.of(new Delete(USERS, "nobody", ABSENT), new Put(USERS, "eve", ABSENT, "1")));
        assertThat(ids(USERS)).containsExactly("eve");
    }

    @Test
    void a_collection_is_ordered_by_the_bytes_of_its_ids() {
        List<String> ordered = List.of("A", "B", "a", "a/b", "ab", "z", "é", "日", "\uff5e", "🐳");
        List<String> shuffled = new ArrayList<>(ordered);
        java.util.Collections.shuffle(shuffled, seed.random());
        shuffled.forEach(id -> put(USERS, id, "{}"));
        put(ROLES, "b", "{}");
        assertThat(ids(USERS)).isEqualTo(ordered);
    }

    @Test
    void the_largest_document_fits_and_one_byte_more_is_refused_by_name() {
        String largest = "é".repeat(DocumentStore.MAX_BYTES / 2);
        put(USERS, "large", largest);
        assertThat(text(store, USERS, "large")).contains(largest);
        assertThatThrownBy(() -> new Put(USERS, "larger", ABSENT, largest + "x"))
                .isInstanceOf(RegistryException.TooLarge.class)
                .hasMessage("users/larger would have 1048577 bytes; the most is 1048576");
    }

    @Test
    void what_cannot_be_kept_as_it_is_is_refused() {
        for (String id : List.of("", "a\nb", "nul\0", "half \ud83d", "x".repeat(DocumentStore.MAX_ID_LENGTH + 1))) {
            assertThatThrownBy(() -> new Put(USERS, id, ABSENT, "{}")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Put(id, "eve", ABSENT, "{}")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Delete(USERS, id, 1)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Put(USERS, "eve", ABSENT, "\"half \udc33\""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.get(USERS, "nul\0")).isEmpty();
        assertThat(store.get(USERS, "")).isEmpty();
    }

    @Test
    void the_revision_grows_with_every_commit_that_changes_something() {
        long before = store.revision();
        put(USERS, "eve", "1");
        long put = store.revision();
        store.commit(List.of());
        assertThat(store.revision()).isEqualTo(put);
        put(USERS, "eve", "1");
        long again = store.revision();
        delete(USERS, "eve");
        assertThat(List.of(before, put, again, store.revision())).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void another_view_of_the_store_sees_each_commit_and_its_revision_at_once() {
        DocumentStore another = another();
        for (int i = 0; i < 20; i++) {
            put(USERS, "eve", "" + i);
            assertThat(another.revision()).isEqualTo(store.revision());
            assertThat(text(another, USERS, "eve")).contains("" + i);
            another.commit(List.of(new Put(ROLES, "role " + i, ABSENT, "{}")));
            assertThat(store.revision()).isEqualTo(another.revision());
            assertThat(store.all(ROLES)).hasSize(i + 1);
        }
    }

    @Test
    void commits_of_two_views_conflict_as_those_of_one() {
        long eve = put(USERS, "eve", "1");
        another().commit(List.of(new Put(USERS, "eve", eve, "2")));
        assertThatThrownBy(() -> put(USERS, "eve", eve, "3")).isInstanceOf(ConflictException.class);
        assertThat(text(store, USERS, "eve")).contains("2");
    }

    @Test
    void of_those_who_change_the_same_document_at_once_exactly_one_wins() throws Exception {
        DocumentStore another = another();
        for (int round = 0; round < 10; round++) {
            long seen = version(USERS, "eve");
            List<Boolean> won = Threads.together(8, thread -> {
                try {
                    (thread % 2 == 0 ? store : another)
                            .commit(List.of(
                                    new Put(USERS, "of " + thread + " " + seen, ABSENT, "{}"),
                                    new Put(USERS, "eve", seen, "by " + thread)));
                    return true;
                } catch (ConflictException e) {
                    return false;
                }
            });
            assertThat(won).containsOnlyOnce(true);
            assertThat(text(store, USERS, "eve")).contains("by " + won.indexOf(true));
            assertThat(ids(USERS)).hasSize(round + 2);
        }
    }

    @Test
    void who_reads_after_the_revision_sees_at_least_that_much() throws Exception {
        put(USERS, "eve", "0");
        Threads.together(2, thread -> {
            if (thread == 0) {
                for (int i = 1; i <= 200; i++) {
                    put(USERS, "eve", "" + i);
                }
            } else {
                long last = 0;
                for (int i = 0; i < 200; i++) {
                    long revision = store.revision();
                    long version = version(USERS, "eve");
                    assertThat(revision).isGreaterThanOrEqualTo(last);
                    assertThat(version).isGreaterThanOrEqualTo(revision);
                    last = revision;
                }
            }
            return thread;
        });
    }

    @Test
    void everything_survives_that_it_is_closed_and_opened_again() {
        put(USERS, "eve", "1");
        long adam = put(USERS, "adam", "2");
        delete(USERS, "eve");
        long revision = store.revision();
        Optional<DocumentStore> again = reopen();
        assumeTrue(again.isPresent(), "this one forgets");
        store = again.get();
        assertThat(store.all(USERS)).containsExactly(new Document(USERS, "adam", adam, "2"));
        assertThat(store.revision()).isEqualTo(revision);
        assertThat(put(USERS, "eve", ABSENT, "3")).isGreaterThan(adam);
    }

    @Test
    void whatever_is_done_it_is_as_a_map_would_have_it() {
        Random random = seed.random();
        Map<String, Document> model = new TreeMap<>();
        Set<Long> versions = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            String id = "d" + random.nextInt(8);
            long present = model.containsKey(id) ? model.get(id).version() : ABSENT;
            long seen = random.nextInt(4) == 0 ? random.nextInt(i + 1) : present;
            Change change = random.nextBoolean() ? new Put(USERS, id, seen, "" + i) : new Delete(USERS, id, seen);
            try {
                store.commit(List.of(change));
                assertThat(seen).isEqualTo(present);
                model.remove(id);
                if (change instanceof Put put) {
                    long version = version(USERS, id);
                    assertThat(versions.add(version)).isTrue();
                    model.put(id, new Document(USERS, id, version, put.json()));
                }
            } catch (ConflictException e) {
                assertThat(seen).isNotEqualTo(present);
            }
            assertThat(store.all(USERS)).containsExactlyElementsOf(model.values());
        }
    }
}
