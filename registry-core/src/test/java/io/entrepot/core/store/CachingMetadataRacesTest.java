package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.Reach;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Memory before a slow store, read and written by many at once. One thread writes each thing, version by version: even
 * ones are there, odd ones are gone. Nobody may see an older version than one that was acknowledged, or seen by anybody,
 * before he asked.
 */
class CachingMetadataRacesTest {
    private static final RepositoryName APP = new RepositoryName("team/app");
    private static final int VERSIONS = 400;
    private static final int THINGS = 3;
    private static final int READERS = 3;
    private static final int ODD_AND_EVEN = 2;

    @RegisterExtension
    final Seed seed = new Seed();

    private final MetadataStore store =
            new MetadataCache(1 << 20, InstantSource.system()).before(slow(new MemoryMetadata()));
    private final AtomicInteger fromMemory = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();

    /** Waits now and then before and after what the store does, so that threads meet in every order. */
    private MetadataStore slow(MetadataStore fast) {
        Random chance = seed.random();
        return (MetadataStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MetadataStore.class}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.getName().equals("hashCode") ? 1 : (Object) (proxy == arguments[0]);
                    }
                    pause(chance);
                    try {
                        return method.invoke(fast, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        pause(chance);
                    }
                });
    }

    private static void pause(Random chance) {
        int draw = chance.nextInt(10);
        if (draw < 2) {
            LockSupport.parkNanos(20_000);
        } else if (draw < 5) {
            Thread.yield();
        }
    }

    /** Something that is written and read at once. */
    private abstract class Thing {
        private final AtomicInteger started = new AtomicInteger(-1);
        /** The newest that was acknowledged or seen. */
        private final AtomicInteger certain = new AtomicInteger(-1);

        abstract void write(int version);

        /** The even version that is there, or empty. */
        abstract Optional<Integer> read(Reach reach);

        final void writeAll() {
            for (int version = 0; version < VERSIONS; version++) {
                started.set(version);
                write(version);
                certain.accumulateAndGet(version, Math::max);
            }
        }

        final void check(Reach reach) {
            int oldest = certain.get();
            Optional<Integer> seen;
            try {
                seen = read(reach);
            } catch (BeyondReach e) {
                return;
            }
            if (reach == Reach.MEMORY) {
                fromMemory.incrementAndGet();
            }
            int newest = started.get();
            if (seen.isPresent()) {
                assertThat(seen.get()).isBetween(oldest, newest);
                certain.accumulateAndGet(seen.get(), Math::max);
            } else {
                int oldestAbsent = oldest % ODD_AND_EVEN == 0 ? oldest + 1 : oldest;
                assertThat(oldestAbsent).isLessThanOrEqualTo(newest);
                certain.accumulateAndGet(oldestAbsent, Math::max);
            }
        }
    }

    /** A tag that is set, and goes by itself or with its manifest. */
    private final class TagThing extends Thing {
        private final Tag tag;
        private final Map<Integer, Sample> samples = new HashMap<>();
        private final Map<Digest, Integer> versions = new HashMap<>();

        TagThing(int number) {
            this.tag = new Tag("tag" + number);
            for (int version = 0; version < VERSIONS; version += ODD_AND_EVEN) {
                Sample sample =
                        Sample.index().annotation("of", tag + " " + version).build();
                samples.put(version, sample);
                versions.put(sample.digest(), version);
            }
        }

        @Override
        void write(int version) {
            if (version % ODD_AND_EVEN == 0) {
                store.put(APP, samples.get(version).at(tag));
            } else if (version % 4 == 1) {
                store.delete(APP, tag);
            } else {
                store.delete(APP, samples.get(version - 1).digest());
            }
        }

        @Override
        Optional<Integer> read(Reach reach) {
            return store.manifest(APP, tag, reach).map(Manifest::digest).map(versions::get);
        }
    }

    /** A blob that is linked as a new object each time, and goes by hand or with the collector. */
    private final class BlobThing extends Thing {
        private final Content content;
        private final Map<UploadId, Integer> versions = new HashMap<>();
        private final Map<Integer, UploadId> generations = new HashMap<>();

        BlobThing(int number) {
            this.content = seed.content(number, 10);
            for (int version = 0; version < VERSIONS; version += ODD_AND_EVEN) {
                UploadId id = UploadId.random();
                versions.put(id, version);
                generations.put(version, id);
            }
        }

        @Override
        void write(int version) {
            if (version % ODD_AND_EVEN == 0) {
                BlobKey key = new BlobKey(content.digest(), generations.get(version));
                store.link(APP, new StoredBlob(key, content.size()), new Lease(Instant.EPOCH, "me"));
            } else {
                store.dead(Instant.EPOCH.plusSeconds(1), Integer.MAX_VALUE).forEach(store::buried);
            }
        }

        @Override
        Optional<Integer> read(Reach reach) {
            return store.blob(APP, content.digest(), reach)
                    .map(blob -> versions.get(blob.key().generation()));
        }
    }

    @Test
    void nobody_sees_a_tag_go_back() throws Exception {
        race(IntStream.range(0, THINGS).mapToObj(TagThing::new).toArray(Thing[]::new));
    }

    @Test
    void nobody_sees_a_blob_go_back() throws Exception {
        // One only: the collector takes them all at once.
        race(new BlobThing(0));
    }

    private void race(Thing... things) throws Exception {
        AtomicInteger writing = new AtomicInteger(things.length);
        Threads.together(things.length + READERS, thread -> {
            if (thread < things.length) {
                try {
                    things[thread].writeAll();
                } finally {
                    done.set(writing.decrementAndGet() == 0 || done.get());
                }
            } else {
                Random chance = new Random(seed.value() + thread);
                while (!done.get()) {
                    Reach reach = chance.nextInt(4) == 0 ? Reach.LOCAL : Reach.MEMORY;
                    things[chance.nextInt(things.length)].check(reach);
                }
            }
            return true;
        });
        assertThat(fromMemory).as("answers from memory").hasPositiveValue();
    }
}
