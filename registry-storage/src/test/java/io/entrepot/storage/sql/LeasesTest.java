package io.entrepot.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Digest;
import io.entrepot.core.testkit.Content;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Leases are kept, end, and never take much room. */
class LeasesTest {
    private static final Digest BLOB = Content.of("a blob").digest();
    private static final Digest OTHER = Content.of("another").digest();

    private final Leases leases = new Leases(Instant.EPOCH);

    private static Instant at(int seconds) {
        return Instant.EPOCH.plusSeconds(seconds);
    }

    @Test
    void the_latest_end_counts() {
        leases.hold(BLOB, at(20), at(1));
        leases.hold(BLOB, at(10), at(2));
        assertThat(leases.until(BLOB, at(19))).contains(at(20));
        assertThat(leases.until(OTHER, at(19))).isEmpty();
        assertThat(leases.until(BLOB, at(20))).isEmpty();
    }

    @Test
    void what_is_leased_can_be_leased_for_longer_and_what_is_not_cannot() {
        assertThat(leases.extend(BLOB, at(20), at(1))).isFalse();
        leases.hold(BLOB, at(10), at(1));
        assertThat(leases.extend(BLOB, at(20), at(2))).isTrue();
        assertThat(leases.until(BLOB, at(15))).contains(at(20));
    }

    @Test
    void a_lease_that_was_seen_to_be_over_is_not_revived_by_a_clock_that_goes_back() {
        leases.hold(BLOB, at(10), at(1));
        assertThat(leases.until(BLOB, at(11))).isEmpty();
        assertThat(leases.extend(BLOB, at(20), at(9))).isFalse();
    }

    @Test
    void everything_is_leased_that_an_earlier_process_may_have_leased() {
        Leases after = new Leases(at(100));
        assertThat(after.until(BLOB, at(99))).contains(at(100));
        assertThat(after.extend(BLOB, at(200), at(99))).isTrue();
        assertThat(after.until(OTHER, at(100))).isEmpty();
        assertThat(after.until(BLOB, at(100))).contains(at(200));
    }

    @Test
    void too_many_become_one_that_ends_no_earlier() {
        Leases few = new Leases(Instant.EPOCH, 10);
        for (int i = 0; i < 11; i++) {
            few.hold(Content.of("blob " + i).digest(), at(100 + i), at(1));
        }
        for (int i = 0; i < 11; i++) {
            assertThat(few.until(Content.of("blob " + i).digest(), at(109))).contains(at(110));
        }
        assertThat(few.until(BLOB, at(110))).isEmpty();
    }

    @Test
    void those_that_are_over_make_room_first() {
        Leases few = new Leases(Instant.EPOCH, 10);
        for (int i = 0; i < 9; i++) {
            few.hold(Content.of("old " + i).digest(), at(5), at(1));
        }
        few.hold(BLOB, at(100), at(6));
        few.hold(OTHER, at(100), at(6));
        assertThat(few.until(Content.of("old 1").digest(), at(6))).isEmpty();
        assertThat(few.until(BLOB, at(6))).contains(at(100));
    }
}
