package io.entrepot.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Blob;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobStoreContract;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.SettableClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The blob store in memory keeps the contract, and its limits. */
class MemoryBlobStoreTest extends BlobStoreContract {
    private final SettableClock clock = new SettableClock();

    @Override
    protected BlobStore open() {
        return new MemoryBlobStore(clock);
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Test
    void it_answers_from_memory() {
        Content content = seed.content(1, 3_000_000);
        try (Blob blob = store.open(push(content), Reach.MEMORY)) {
            assertThat(Bytes.of(blob)).isEqualTo(content.bytes());
        }
    }

    @Test
    void what_does_not_fit_is_refused_and_the_session_stays_at_its_offset() {
        Content content = seed.content(1, 1_000);
        try (MemoryBlobStore small = new MemoryBlobStore(clock, 1_000, 10);
                BlobWriter writer = small.begin("a")) {
            writer.append(0, content.buffer(0, 600));
            assertThatThrownBy(() -> writer.append(600, ByteBuffer.allocate(401)))
                    .isInstanceOfSatisfying(
                            RegistryException.InsufficientStorage.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED));
            assertThat(writer.offset()).isEqualTo(600);
            writer.append(600, content.buffer(600, 1_000));
            assertThatThrownBy(() -> small.begin("b")).isInstanceOf(RegistryException.InsufficientStorage.class);
            StoredBlob stored = writer.commit(content.digest());
            small.delete(stored.key());
            small.begin("b").close();
        }
    }

    @Test
    void every_end_gives_the_bytes_back() {
        MemoryBlobStore memory = (MemoryBlobStore) store;
        Content content = seed.content(1, 100_000);
        StoredBlob stored = push(content);
        push(seed.content(2, 50_000));
        store.begin("a").append(0, content.buffer());
        BlobWriter cancelled = store.begin("a");
        cancelled.append(0, content.buffer());
        BlobWriter wrong = store.begin("a");
        wrong.append(0, content.buffer());
        assertThat(memory.usedBytes()).isEqualTo(450_000);
        cancelled.cancel();
        assertThatThrownBy(() -> wrong.commit(Content.of("other").digest()))
                .isInstanceOf(RegistryException.Invalid.class);
        store.delete(stored.key());
        store.delete(stored.key());
        store.sweep(now().plusSeconds(1), key -> false);
        assertThat(memory.usedBytes()).isZero();
        assertThat(memory.objects()).isEmpty();
    }

    @Test
    void one_session_too_many_ends_the_idlest() {
        try (MemoryBlobStore few = new MemoryBlobStore(clock, 1_000_000, 2)) {
            BlobWriter oldest = few.begin("a");
            clock.advance(Duration.ofSeconds(1));
            BlobWriter idlest = few.begin("a");
            clock.advance(Duration.ofSeconds(1));
            oldest.append(0, ByteBuffer.allocate(10));
            few.begin("a");
            assertThatThrownBy(() -> idlest.append(0, ByteBuffer.allocate(10)))
                    .isInstanceOf(RegistryException.Unknown.class);
            oldest.append(10, ByteBuffer.allocate(10));
        }
    }
}
