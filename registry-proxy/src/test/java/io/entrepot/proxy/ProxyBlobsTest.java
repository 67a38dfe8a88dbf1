package io.entrepot.proxy;

import static io.entrepot.proxy.World.NGINX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.hosted.Housekeeping;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import io.entrepot.proxy.download.DownloadOptions;
import io.entrepot.proxy.download.Downloads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyBlobsTest {
    private static final Tag V1 = new Tag("1");
    private static final RepositoryName OTHER = new RepositoryName("library/other");

    @RegisterExtension
    final Seed seed = new Seed();

    private final World world = new World(ProxyOptions.DEFAULT);
    private final Content config = Content.of("{}");
    private final Content layer = seed.content(1, 300_000);

    @AfterEach
    void close() {
        world.close();
    }

    private Repository nginx() {
        return world.pulled(NGINX);
    }

    private void pushAndPullManifest(RepositoryName name) {
        Client.pushImage(world.pushed(name), V1, config, layer);
        world.pulled(name).manifest(V1);
        world.upstream.asked();
    }

    private void awaitKept(RepositoryName name) {
        while (true) {
            try {
                world.cache.repository(name, World.call(Reach.LOCAL)).stat(layer.digest());
                return;
            } catch (RegistryException.Unknown e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void a_blob_is_fetched_once_and_then_held() {
        pushAndPullManifest(NGINX);
        assertThat(Client.pull(nginx(), layer.digest())).isEqualTo(layer.bytes());
        awaitKept(NGINX);
        world.down();
        for (Reach reach : List.of(Reach.LOCAL, Reach.ANYWHERE)) {
            Repository there = world.proxy.repository(NGINX, World.call(reach));
            assertThat(Client.pull(there, layer.digest())).isEqualTo(layer.bytes());
        }
        assertThat(world.upstream.asked()).containsExactly("open library/nginx " + layer.digest());
    }

    @Test
    void its_size_is_known_from_the_manifest_without_asking() {
        pushAndPullManifest(NGINX);
        world.down();
        Repository near = world.proxy.repository(NGINX, World.call(Reach.LOCAL));
        assertThat(near.stat(layer.digest()).size()).isEqualTo(layer.size());
        assertThat(world.upstream.asked()).isEmpty();
    }

    @Test
    void a_blob_that_no_manifest_here_names_is_this_repositorys_if_the_upstream_says_so() {
        Client.push(world.pushed(NGINX), layer);
        assertThat(nginx().stat(layer.digest()).size()).isEqualTo(layer.size());
        assertThat(Client.pull(nginx(), layer.digest())).isEqualTo(layer.bytes());
        assertThat(world.upstream.asked())
                .containsExactly(
                        "stat library/nginx " + layer.digest(),
                        "stat library/nginx " + layer.digest(),
                        "open library/nginx " + layer.digest());
    }

    @Test
    void that_another_repository_holds_it_opens_it_to_nobody() {
        pushAndPullManifest(NGINX);
        Client.pull(nginx(), layer.digest());
        awaitKept(NGINX);
        assertThatThrownBy(() -> world.pulled(OTHER).open(layer.digest()))
                .isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> world.pulled(OTHER).stat(layer.digest()))
                .isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void but_where_a_manifest_names_it_it_is_not_fetched_again() {
        pushAndPullManifest(NGINX);
        Client.pull(nginx(), layer.digest());
        awaitKept(NGINX);
        pushAndPullManifest(OTHER);
        assertThat(Client.pull(world.pulled(OTHER), layer.digest())).isEqualTo(layer.bytes());
        assertThat(world.upstream.asked()).isEmpty();
    }

    @Test
    void what_the_upstream_does_not_have_is_asked_for_once() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> nginx().open(layer.digest())).isInstanceOf(RegistryException.Unknown.class);
        }
        assertThat(world.upstream.asked()).hasSize(1);
    }

    @Test
    void beyond_what_is_held_the_upstream_must_be_within_reach() {
        pushAndPullManifest(NGINX);
        for (Reach reach : List.of(Reach.MEMORY, Reach.LOCAL)) {
            Repository near = world.proxy.repository(NGINX, World.call(reach));
            assertThatThrownBy(() -> near.open(layer.digest())).isInstanceOf(BeyondReach.class);
        }
        assertThat(world.upstream.asked()).isEmpty();
    }

    @Test
    void sixty_four_clients_of_two_repositories_share_one_transfer() throws Exception {
        pushAndPullManifest(NGINX);
        pushAndPullManifest(OTHER);
        List<byte[]> pulled = Threads.together(
                64, thread -> Client.pull(world.pulled(thread % 2 == 0 ? NGINX : OTHER), layer.digest()));
        assertThat(pulled).allSatisfy(bytes -> assertThat(bytes).isEqualTo(layer.bytes()));
        assertThat(world.upstream.asked())
                .filteredOn(what -> what.startsWith("open"))
                .hasSize(1);
        assertThat(Client.pull(world.pulled(OTHER), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void so_do_sixty_four_clients_of_a_blob_that_no_manifest_here_names() throws Exception {
        Client.push(world.pushed(NGINX), layer);
        List<byte[]> pulled = Threads.together(64, thread -> Client.pull(nginx(), layer.digest()));
        assertThat(pulled).allSatisfy(bytes -> assertThat(bytes).isEqualTo(layer.bytes()));
        assertThat(world.upstream.asked())
                .filteredOn(what -> what.startsWith("open"))
                .hasSize(1);
    }

    @Test
    void so_do_those_who_have_a_manifest_that_names_it_and_those_who_have_none() throws Exception {
        Client.push(world.pushed(NGINX), layer);
        pushAndPullManifest(OTHER);
        Threads.together(64, thread -> Client.pull(world.pulled(thread % 2 == 0 ? NGINX : OTHER), layer.digest()));
        assertThat(world.upstream.asked())
                .filteredOn(what -> what.startsWith("open"))
                .hasSize(1);
    }

    @Test
    void sharing_a_transfer_takes_the_upstreams_word_for_the_own_name() throws Exception {
        Client.push(world.pushed(NGINX), layer);
        Threads.together(16, thread -> {
            if (thread % 2 == 0) {
                return Client.pull(nginx(), layer.digest()).length;
            }
            assertThatThrownBy(() -> world.pulled(OTHER).open(layer.digest()))
                    .isInstanceOf(RegistryException.Unknown.class);
            return 0;
        });
    }

    @Test
    void an_unavailable_upstream_is_said_before_a_byte_is_sent() throws Exception {
        pushAndPullManifest(NGINX);
        world.down();
        try (Blob blob = nginx().open(layer.digest())) {
            while (blob.failure().isEmpty()) {
                Thread.sleep(1);
            }
            assertThat(blob.available()).isZero();
            assertThat(blob.failure().get()).isInstanceOf(RegistryException.Unavailable.class);
        }
        world.upstream.recover();
        assertThat(Client.pull(nginx(), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void a_large_download_goes_on_after_a_restart() throws Exception {
        Content large = seed.content(2, 20 << 20);
        Client.pushImage(world.pushed(NGINX), V1, config, large);
        nginx().manifest(V1);
        AtomicLong sent = new AtomicLong();
        world.upstream.blobs(blob -> new EndingBlob(blob, 12 << 20, sent));
        try (Blob blob = nginx().open(large.digest())) {
            while (blob.available() < 11 << 20) {
                Thread.sleep(1);
            }
        }
        world.downloads.close();
        world.downloads = new Downloads(new DownloadOptions(8, 5, Duration.ofMillis(1)));
        world.upstream.blobs(blob -> new EndingBlob(blob, Long.MAX_VALUE, sent));
        ProxyRegistry again = world.proxy(ProxyOptions.DEFAULT);
        assertThat(Client.pull(again.repository(NGINX, World.call(Reach.ANYWHERE)), large.digest()))
                .isEqualTo(large.bytes());
        assertThat(sent.get()).isLessThan(large.size() + (1 << 20));
    }

    private CacheLimit limit(long bytes) {
        return new CacheLimit(held -> bytes).over(new Cache("hub", world.cache, world.state));
    }

    @Test
    void evicting_frees_what_nothing_else_needs_and_it_can_be_fetched_again() {
        pushAndPullManifest(NGINX);
        Client.pull(nginx(), layer.digest());
        awaitKept(NGINX);
        long held = world.state.heldBytes();
        assertThat(held).isGreaterThan(layer.size());
        CacheLimit limit = limit(1_000);
        assertThat(limit.enforce()).isEqualTo(held);
        world.clock.advance(Duration.ofMinutes(6));
        new Housekeeping(world.blobs, world.metadata, Duration.ofHours(1), world.clock).bury();
        assertThatThrownBy(() ->
                        world.cache.repository(NGINX, World.call(Reach.LOCAL)).stat(layer.digest()))
                .isInstanceOf(RegistryException.Unknown.class);
        nginx().manifest(V1);
        assertThat(Client.pull(nginx(), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void what_is_read_least_goes_first_and_what_is_pinned_stays() {
        RepositoryName pinned = new RepositoryName("library/pinned");
        RepositoryName old = new RepositoryName("library/old");
        for (RepositoryName name : List.of(pinned, old, NGINX)) {
            Content own = seed.content(name.value().length(), 100_000);
            Client.pushImage(world.pushed(name), V1, config, own);
            world.pulled(name).manifest(V1);
            Client.pull(world.pulled(name), own.digest());
            world.clock.advance(Duration.ofSeconds(10));
        }
        world.proxy.pin(pinned, V1);
        limit(250_000).enforce();
        assertThat(world.proxy
                        .repositories(PageRequest.first(10), World.call(Reach.LOCAL))
                        .items())
                .containsExactly(NGINX, pinned);
        assertThat(world.proxy.unpin(pinned, V1)).isTrue();
        limit(1).enforce();
        assertThat(world.state.heldBytes()).isZero();
    }

    /** Two proxies on one blob store. */
    @Test
    void caches_with_a_limit_in_common_give_up_whatever_of_them_all_was_read_longest_ago() {
        try (World other = new World(ProxyOptions.DEFAULT)) {
            for (int i = 0; i < 4; i++) {
                World next = i % 2 == 0 ? world : other;
                RepositoryName name = new RepositoryName("library/i" + i);
                Content own = seed.content(i, 100_000);
                Client.pushImage(next.pushed(name), V1, config, own);
                next.pulled(name).manifest(V1);
                Client.pull(next.pulled(name), own.digest());
                world.clock.advance(Duration.ofSeconds(10));
                other.clock.advance(Duration.ofSeconds(10));
            }
            CacheLimit both = new CacheLimit(held -> 330_000)
                    .over(new Cache("hub", world.cache, world.state))
                    .over(new Cache("other", other.cache, other.state));
            assertThat(both.heldBytes()).isGreaterThan(400_000);
            assertThat(both.enforce()).isGreaterThan(100_000);
            assertThat(names(world)).containsExactly("library/i2");
            assertThat(names(other)).containsExactly("library/i1", "library/i3");
            assertThat(both.evict(1)).isGreaterThan(100_000);
            assertThat(names(other)).containsExactly("library/i3");
            assertThat(both.evict(Long.MAX_VALUE)).isGreaterThan(200_000);
            assertThat(both.heldBytes()).isZero();
            assertThat(both.evict(1)).isZero();
        }
    }

    private static List<String> names(World world) {
        return world.proxy.repositories(PageRequest.first(10), World.call(Reach.LOCAL)).items().stream()
                .map(RepositoryName::value)
                .toList();
    }

    @Test
    void bytes_that_are_lost_or_damaged_here_are_fetched_again() {
        pushAndPullManifest(NGINX);
        Client.pull(nginx(), layer.digest());
        awaitKept(NGINX);
        world.blobs.objects().forEach(world.blobs::delete);
        assertThat(Client.pull(nginx(), layer.digest())).isEqualTo(layer.bytes());
        awaitKept(NGINX);
        world.down();
        assertThat(Client.pull(nginx(), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void what_is_read_while_it_is_evicted_is_read_to_its_end() {
        pushAndPullManifest(NGINX);
        Client.pull(nginx(), layer.digest());
        awaitKept(NGINX);
        try (Blob blob = nginx().open(layer.digest())) {
            limit(1).enforce();
            world.clock.advance(Duration.ofMinutes(6));
            new Housekeeping(world.blobs, world.metadata, Duration.ofHours(1), world.clock).bury();
            assertThat(Bytes.of(blob)).isEqualTo(layer.bytes());
        }
    }
}
