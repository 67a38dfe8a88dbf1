package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What overlaps is not kept, in whatever order it ends. */
class ShelfTest {
    private static final Shelf.Key KEY = new Shelf.Key("owner", new RepositoryName("team/app"), new Tag("v1"));
    private static final Shelf.Key OTHER = new Shelf.Key("owner", new RepositoryName("team/app"), new Tag("v2"));

    private final Shelf<String> shelf = new Shelf<>(1 << 20, key -> 7, String::length, 100);

    private Optional<String> known() {
        Shelf.Answer<String> answer = shelf.find(KEY);
        return answer == null ? Optional.of("unknown") : answer.value();
    }

    private void load(String value) {
        shelf.load(KEY, () -> Optional.of(value));
    }

    @Test
    void what_was_read_is_known_until_it_is_written() {
        load("one");
        assertThat(known()).contains("one");
        shelf.write(List.of(OTHER), () -> {});
        assertThat(known()).contains("one");
        shelf.write(List.of(OTHER, KEY), () -> assertThat(known()).contains("unknown"));
        assertThat(known()).contains("unknown");
    }

    @Test
    void a_read_that_a_write_overtakes_is_not_kept() {
        shelf.load(KEY, () -> {
            shelf.write(List.of(KEY), () -> {});
            return Optional.of("old");
        });
        assertThat(known()).contains("unknown");
    }

    @Test
    void a_read_during_a_write_is_not_kept() {
        shelf.write(List.of(KEY), () -> load("old"));
        assertThat(known()).contains("unknown");
    }

    @Test
    void of_writes_that_overlap_neither_says_what_is_there() {
        shelf.write(KEY, () -> shelf.write(KEY, () -> "inner", Optional::of), inner -> Optional.of("outer"));
        assertThat(known()).contains("unknown");
        shelf.write(KEY, () -> "last", Optional::of);
        assertThat(known()).contains("last");
    }

    @Test
    void a_broad_write_ends_what_is_known_unless_it_changed_nothing() {
        load("one");
        shelf.writeBroadly(7, () -> false, changed -> !changed);
        assertThat(known()).contains("one");
        shelf.writeBroadly(7, () -> true, changed -> !changed);
        assertThat(known()).contains("unknown");
    }

    @Test
    void a_write_that_fails_ends_what_is_known() {
        load("one");
        try {
            shelf.write(List.of(KEY), () -> {
                throw new IllegalStateException("nobody knows how far it came");
            });
        } catch (IllegalStateException e) {
            assertThat(known()).contains("unknown");
        }
        load("two");
        assertThat(known()).contains("two");
    }
}
