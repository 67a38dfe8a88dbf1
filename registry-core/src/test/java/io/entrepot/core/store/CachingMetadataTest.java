package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Descriptor;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.SettableClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A store with a memory before it keeps the contract, and memory answers what it can. */
class CachingMetadataTest extends MetadataStoreContract {
    private static final Tag V1 = new Tag("v1");

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MetadataCache cache = new MetadataCache(1 << 20, InstantSource.system());

    @Override
    protected MetadataStore open() {
        return cache.before(metadata);
    }

    @Override
    protected MetadataStore sibling() {
        return cache.before(metadata.sibling());
    }

    private final Content layer = Content.of("some layer");
    private final Sample image = Sample.image(layer);

    private StoredBlob linked(Content content) {
        StoredBlob fresh = new StoredBlob(new BlobKey(content.digest(), UploadId.random()), content.size());
        return store.link(APP, fresh, new Lease(at(1), "alice"));
    }

    @Test
    void memory_answers_what_was_asked_before_present_or_absent() {
        linked(layer);
        store.put(APP, image.at(V1));
        assertBeyondReach(() -> store.manifest(APP, V1, Reach.MEMORY));
        assertBeyondReach(() -> store.manifest(APP, new Tag("v2"), Reach.MEMORY));
        assertBeyondReach(() -> store.blob(OTHER, layer.digest(), Reach.MEMORY));
        assertThat(store.manifest(APP, V1, Reach.LOCAL)).isPresent();
        assertThat(store.manifest(APP, new Tag("v2"), Reach.LOCAL)).isEmpty();
        assertThat(store.blob(OTHER, layer.digest(), Reach.LOCAL)).isEmpty();
        assertThat(store.manifest(APP, V1, Reach.MEMORY)).isPresent();
        assertThat(store.manifest(APP, new Tag("v2"), Reach.MEMORY)).isEmpty();
        assertThat(store.blob(OTHER, layer.digest(), Reach.MEMORY)).isEmpty();
    }

    @Test
    void what_was_just_pushed_is_in_memory() {
        StoredBlob stored = linked(layer);
        assertThat(store.blob(APP, layer.digest(), Reach.MEMORY)).contains(stored);
        store.mount(OTHER, layer.digest(), new Lease(at(1), "alice"));
        assertThat(store.blob(OTHER, layer.digest(), Reach.MEMORY)).contains(stored);
        store.unlink(OTHER, layer.digest());
        assertThat(store.blob(OTHER, layer.digest(), Reach.MEMORY)).isEmpty();
    }

    @Test
    void a_write_elsewhere_leaves_what_memory_knows() {
        linked(layer);
        store.put(APP, image.at(V1));
        store.manifest(APP, V1, Reach.LOCAL);
        store.put(APP, image.at(new Tag("v2")));
        store.delete(APP, new Tag("v2"));
        store.dead(at(0), 10);
        assertThat(store.manifest(APP, V1, Reach.MEMORY)).isPresent();
        assertThat(store.blob(APP, layer.digest(), Reach.MEMORY)).isPresent();
    }

    @Test
    void memory_lets_the_same_holder_claim_again_for_half_of_the_time() {
        SettableClock clock = new SettableClock();
        store = new MetadataCache(1 << 20, clock).before(metadata);
        StoredBlob stored = new StoredBlob(new BlobKey(layer.digest(), UploadId.random()), layer.size());
        store.link(APP, stored, lease(clock, "alice"));
        clock.advance(Duration.ofMinutes(29));
        assertThat(store.claim(APP, layer.digest(), lease(clock, "alice"), Reach.MEMORY))
                .contains(stored);
        assertBeyondReach(() -> store.claim(APP, layer.digest(), lease(clock, "bob"), Reach.MEMORY));
        clock.advance(Duration.ofMinutes(2));
        assertBeyondReach(() -> store.claim(APP, layer.digest(), lease(clock, "alice"), Reach.MEMORY));
        store.claim(APP, layer.digest(), lease(clock, "alice"), Reach.LOCAL);
        assertThat(store.claim(APP, layer.digest(), lease(clock, "alice"), Reach.MEMORY))
                .contains(stored);
    }

    private static Lease lease(SettableClock clock, String holder) {
        return new Lease(clock.instant().plus(Duration.ofHours(1)), holder);
    }

    @Test
    void what_takes_much_room_is_not_kept_and_the_room_is_bounded() {
        String longText = "x".repeat(300_000);
        Sample large = Sample.index().annotation("large", longText).build();
        store.put(APP, large.at(V1));
        store.manifest(APP, V1, Reach.LOCAL);
        assertBeyondReach(() -> store.manifest(APP, V1, Reach.MEMORY));
        int kept = 0;
        List<Sample> many = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> Sample.index()
                        .annotation("large", longText.substring(0, 50_000))
                        .annotation("n", "" + i)
                        .build())
                .toList();
        for (Sample sample : many) {
            store.put(APP, sample.with(PutOptions.at(sample.digest())));
            store.manifest(APP, sample.digest(), Reach.LOCAL);
        }
        for (Sample sample : many) {
            try {
                store.manifest(APP, sample.digest(), Reach.MEMORY);
                kept++;
            } catch (BeyondReach e) {
                // Pushed out.
            }
        }
        assertThat(kept).isBetween(1, 21);
    }

    @Test
    void guessing_names_pushes_nothing_out() {
        linked(layer);
        store.put(APP, image.at(V1));
        store.manifest(APP, V1, Reach.LOCAL);
        for (int i = 0; i < 5_000; i++) {
            store.manifest(APP, new Tag("guess" + i), Reach.LOCAL);
        }
        assertThat(store.manifest(APP, V1, Reach.MEMORY)).isPresent();
        assertThat(store.manifest(APP, V1, Reach.MEMORY).orElseThrow().descriptor())
                .isEqualTo(new Descriptor(
                        image.manifest().mediaType(),
                        image.digest(),
                        image.manifest().size()));
    }

    private static void assertBeyondReach(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(BeyondReach.class);
    }
}
