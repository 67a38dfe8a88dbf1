package io.entrepot.core.hosted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.hosted.EveryFault.Stores;
import io.entrepot.core.hosted.EveryFault.Subject;
import io.entrepot.core.hosted.EveryFault.Wiring;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.StoredBlob;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The hosted registry survives every fault of its stores. Registries that write in another order do not, and it shows. */
class EveryFaultTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(Housekeeping.class);

    /** It tells of every fault that it lives with, and here there are many. */
    @BeforeAll
    static void hush() {
        LOG.setLevel(Level.ERROR);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    @Test
    void whatever_call_fails_what_can_be_seen_is_whole_and_nothing_is_left_behind() {
        assertThat(EveryFault.check(EveryFaultTest::memory, EveryFaultTest::hosted))
                .isGreaterThan(100);
    }

    @Test
    void a_row_before_its_bytes_is_caught() {
        assertCaught(mutant((blobs, metadata, clock) -> (repository, writer, digest) -> {
            StoredBlob promised = new StoredBlob(new BlobKey(digest, writer.id()), writer.offset());
            StoredBlob kept = metadata.link(repository, promised, lease(clock));
            writer.commit(digest);
            blobs.settle(promised.key());
            return kept;
        }));
    }

    @Test
    void settling_before_the_row_is_there_is_caught() {
        assertCaught(mutant((blobs, metadata, clock) -> (repository, writer, digest) -> {
            StoredBlob fresh = writer.commit(digest);
            blobs.settle(fresh.key());
            return metadata.link(repository, fresh, lease(clock));
        }));
    }

    @Test
    void deleting_the_object_when_nobody_knows_whether_its_row_came_to_be_is_caught() {
        assertCaught(mutant((blobs, metadata, clock) -> (repository, writer, digest) -> {
            StoredBlob fresh = writer.commit(digest);
            try {
                StoredBlob kept = metadata.link(repository, fresh, lease(clock));
                blobs.settle(fresh.key());
                return kept;
            } catch (RegistryException.Unavailable e) {
                blobs.delete(fresh.key());
                throw e;
            }
        }));
    }

    @Test
    void deleting_the_object_that_lost_at_once_and_not_by_the_ledger_is_fine() {
        // The other direction: a mutant that is right. A dead object may go twice.
        EveryFault.check(EveryFaultTest::memory, mutant((blobs, metadata, clock) -> (repository, writer, digest) -> {
            StoredBlob fresh = writer.commit(digest);
            StoredBlob kept = metadata.link(repository, fresh, lease(clock));
            if (kept.equals(fresh)) {
                blobs.settle(fresh.key());
            } else {
                blobs.delete(fresh.key());
            }
            return kept;
        }));
    }

    @Test
    void burying_before_the_object_is_gone_is_caught() {
        assertCaught((blobs, metadata, clock) -> new Subject(registry(blobs, metadata, clock), () -> {
            new Housekeeping(blobs, metadata, Housekeeping.UPLOAD_IDLE, clock).sweep();
            for (BlobKey key : metadata.dead(clock.instant(), 100)) {
                metadata.buried(key);
                blobs.delete(key);
            }
        }));
    }

    @Test
    void sweeping_objects_without_asking_for_their_rows_is_caught() {
        assertCaught((blobs, metadata, clock) -> new Subject(registry(blobs, metadata, clock), () -> {
            blobs.sweep(clock.instant().minus(Housekeeping.UPLOAD_IDLE), key -> false);
            new Housekeeping(blobs, metadata, Housekeeping.UPLOAD_IDLE, clock).bury();
        }));
    }

    private static void assertCaught(Wiring wrong) {
        assertThatThrownBy(() -> EveryFault.check(EveryFaultTest::memory, wrong))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("after call ");
    }

    private static Stores memory(InstantSource clock) {
        MemoryBlobStore blobs = new MemoryBlobStore(clock);
        return new Stores(blobs, new MemoryMetadata(), blobs::objects);
    }

    private static Registry registry(BlobStore blobs, MetadataStore metadata, InstantSource clock) {
        return new HostedRegistry("private", blobs, metadata, HostedOptions.DEFAULT, clock);
    }

    private static Subject hosted(BlobStore blobs, MetadataStore metadata, InstantSource clock) {
        return new Subject(registry(blobs, metadata, clock), housekeeping(blobs, metadata, clock));
    }

    private static Runnable housekeeping(BlobStore blobs, MetadataStore metadata, InstantSource clock) {
        Housekeeping housekeeping = new Housekeeping(blobs, metadata, Housekeeping.UPLOAD_IDLE, clock);
        return () -> {
            housekeeping.sweep();
            housekeeping.bury();
        };
    }

    /** How a mutant commits, over the stores that may fail. */
    private interface Mutation {
        Mutant.Commit over(BlobStore blobs, MetadataStore metadata, InstantSource clock);
    }

    private static Wiring mutant(Mutation mutation) {
        return (blobs, metadata, clock) -> new Subject(
                new Mutant(registry(blobs, metadata, clock), blobs, mutation.over(blobs, metadata, clock)),
                housekeeping(blobs, metadata, clock));
    }

    private static Lease lease(InstantSource clock) {
        return new Lease(clock.instant().plus(HostedOptions.LEASE), "mutant");
    }
}
