package io.entrepot.core.hosted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.Threads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a proxy's cache rests on: what is evicted makes room soon, and what is being fetched is never taken away. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class CacheContract {
    private static final RepositoryName APP = new RepositoryName("library/app");
    private static final RepositoryName OTHER = new RepositoryName("library/other");
    private static final Tag V1 = new Tag("v1");
    private static final Tag LATEST = new Tag("latest");

    @RegisterExtension
    protected final Seed seed = new Seed();

    protected final SettableClock clock = new SettableClock();

    private final Content config = Content.of("{}");
    private final Content layer = seed.content(1, 100_000);
    private final Content shared = seed.content(2, 50_000);
    private final Content own = seed.content(3, 20_000);

    private HostedRegistry cache;
    private Housekeeping housekeeping;

    protected abstract BlobStore blobs();

    protected abstract MetadataStore metadata();

    /** How many bytes the objects have that are stored. */
    protected abstract long storedBytes() throws Exception;

    @BeforeEach
    void open() {
        cache = new HostedRegistry("hub", blobs(), metadata(), HostedOptions.CACHE, clock);
        housekeeping = new Housekeeping(blobs(), metadata(), Housekeeping.UPLOAD_IDLE, clock);
    }

    private Repository repository(RepositoryName name) {
        return cache.repository(name, Call.internal());
    }

    @Test
    void an_evicted_image_gives_its_bytes_back_when_its_lease_is_over_and_what_others_need_stays() throws Exception {
        Sample evicted = Client.pushImage(repository(APP), V1, config, layer, shared);
        Sample stays = Client.pushImage(repository(OTHER), V1, config, shared, own);
        long rest = config.size() + shared.size() + own.size();
        assertThat(storedBytes()).isGreaterThanOrEqualTo(rest + layer.size());
        repository(APP).delete(evicted.digest());
        clock.advance(HostedOptions.CACHE_LEASE.minusSeconds(1));
        housekeeping.bury();
        assertThat(Client.pull(repository(APP), layer.digest())).isEqualTo(layer.bytes());
        clock.advance(Duration.ofSeconds(2));
        housekeeping.bury();
        assertThat(storedBytes()).isEqualTo(rest);
        assertThatThrownBy(() -> repository(APP).stat(layer.digest())).isInstanceOf(RegistryException.Unknown.class);
        for (Content content : new Content[] {config, shared, own}) {
            assertThat(Client.pull(repository(OTHER), content.digest())).isEqualTo(content.bytes());
        }
        repository(OTHER).delete(stays.digest());
        housekeeping.bury();
        assertThat(storedBytes()).isZero();
    }

    @Test
    void an_image_that_has_been_here_for_long_gives_its_bytes_back_at_once() throws Exception {
        Sample evicted = Client.pushImage(repository(APP), V1, config, layer);
        clock.advance(Duration.ofDays(1));
        housekeeping.bury();
        assertThat(storedBytes()).isEqualTo(config.size() + layer.size());
        repository(APP).delete(evicted.digest());
        assertThat(housekeeping.bury()).isEqualTo(2);
        assertThat(storedBytes()).isZero();
    }

    @Test
    void a_blob_of_two_images_of_one_repository_goes_with_the_second() throws Exception {
        Sample first = Client.pushImage(repository(APP), V1, config, shared, layer);
        Sample second = Client.pushImage(repository(APP), LATEST, config, shared);
        clock.advance(Duration.ofDays(1));
        repository(APP).delete(first.digest());
        housekeeping.bury();
        assertThat(storedBytes()).isEqualTo(config.size() + shared.size());
        assertThat(Client.pull(repository(APP), shared.digest())).isEqualTo(shared.bytes());
        repository(APP).delete(second.digest());
        housekeeping.bury();
        assertThat(storedBytes()).isZero();
    }

    @Test
    void an_index_goes_without_its_children() throws Exception {
        Sample image = Client.pushImage(repository(APP), V1, config, layer);
        Sample index = Sample.index(image);
        Client.put(repository(APP), index, LATEST);
        clock.advance(Duration.ofDays(1));
        repository(APP).delete(index.digest());
        housekeeping.bury();
        assertThat(Client.tags(repository(APP))).containsExactly("v1");
        assertThat(repository(APP).manifest(image.digest()).digest()).isEqualTo(image.digest());
        assertThat(Client.pull(repository(APP), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void a_blob_waits_for_its_manifest_as_long_as_its_lease() throws Exception {
        Client.push(repository(APP), layer);
        housekeeping.bury();
        assertThat(repository(OTHER).mount(layer.digest(), repository(APP))).isPresent();
        clock.advance(HostedOptions.CACHE_LEASE.minusSeconds(1));
        housekeeping.bury();
        assertThat(repository(OTHER).claim(layer.digest()).size()).isEqualTo(layer.size());
        clock.advance(HostedOptions.CACHE_LEASE.minusSeconds(1));
        housekeeping.bury();
        Sample image = Sample.image(layer);
        Client.put(repository(OTHER), image, V1);
        clock.advance(Duration.ofDays(1));
        housekeeping.bury();
        assertThat(Client.pull(repository(OTHER), layer.digest())).isEqualTo(layer.bytes());
        assertThat(storedBytes()).isEqualTo(layer.size());
    }

    @Test
    void nothing_is_lost_while_the_collector_runs_beside_those_who_fetch_and_evict() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Threads.together(4, thread -> {
            if (thread == 0) {
                while (!done.get()) {
                    housekeeping.bury();
                }
                return thread;
            }
            try {
                RepositoryName name = new RepositoryName("library/app-" + thread);
                for (int i = 0; i < rounds(); i++) {
                    // All three fetch the same, and the one before it goes.
                    Sample image = fetch(name, seed.content(10 + i, 3_000));
                    for (Digest blob : image.blobs()) {
                        assertThat(Client.pull(repository(name), blob)).isNotEmpty();
                    }
                    repository(name).delete(image.digest());
                    clock.advance(Duration.ofSeconds(1));
                }
            } finally {
                if (thread == 1) {
                    done.set(true);
                }
            }
            return thread;
        });
        clock.advance(Duration.ofHours(1));
        housekeeping.bury();
        assertThat(storedBytes()).isZero();
    }

    protected int rounds() {
        return 60;
    }

    /** By mounting what another repository has, as a proxy does, else by bringing it. */
    private Sample fetch(RepositoryName name, Content content) {
        Repository target = repository(name);
        for (Content blob : new Content[] {config, content}) {
            boolean mounted = cache.holders(blob.digest(), 3, Call.internal()).stream()
                    .anyMatch(source ->
                            target.mount(blob.digest(), repository(source)).isPresent());
            if (!mounted) {
                Client.push(target, blob);
            }
        }
        Sample image = Sample.image(config, content);
        Client.put(target, image, V1);
        return image;
    }
}
