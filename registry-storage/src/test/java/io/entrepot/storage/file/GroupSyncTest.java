package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.testkit.Threads;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One sync serves many, but only those who came before it began. */
@Timeout(60)
class GroupSyncTest {
    @Test
    void whoever_returns_was_served_by_a_sync_that_began_after_he_came() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        GroupSync group = new GroupSync(() -> {
            assertThat(running.incrementAndGet()).isEqualTo(1);
            begun.incrementAndGet();
            Thread.yield();
            running.decrementAndGet();
        });
        Threads.together(16, thread -> {
            for (int i = 0; i < 500; i++) {
                int before = begun.get();
                group.sync();
                assertThat(begun.get()).isGreaterThan(before);
            }
            return thread;
        });
        assertThat(begun.get()).isLessThan(16 * 500);
    }

    @Test
    void a_failure_is_that_of_all_who_were_served_by_it_and_of_nobody_later() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        GroupSync group = new GroupSync(() -> {
            if (calls.incrementAndGet() == 1) {
                throw new IOException("Input/output error");
            }
        });
        assertThatThrownBy(group::sync).isInstanceOf(IOException.class).hasRootCauseMessage("Input/output error");
        group.sync();
        assertThat(calls).hasValue(2);
    }

    @Test
    void an_interrupt_of_the_leading_thread_fails_nobody() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        GroupSync group = new GroupSync(() -> {
            if (calls.incrementAndGet() == 1) {
                throw new ClosedByInterruptException();
            }
        });
        List<Boolean> interrupted = Threads.together(1, thread -> {
            group.sync();
            return Thread.interrupted();
        });
        assertThat(interrupted).containsExactly(true);
        assertThat(calls).hasValue(2);
    }
}
