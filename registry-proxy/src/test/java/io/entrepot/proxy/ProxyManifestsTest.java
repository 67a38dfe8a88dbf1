package io.entrepot.proxy;

import static io.entrepot.proxy.World.NGINX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Threads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyManifestsTest {
    private static final Tag V1 = new Tag("1");
    private static final Content CONFIG = Content.of("{}");

    private World world = new World(ProxyOptions.DEFAULT);

    @AfterEach
    void close() {
        world.close();
    }

    private void world(ProxyOptions options) {
        world.close();
        world = new World(options);
    }

    private Sample push(String layer) {
        return Client.pushImage(world.pushed(NGINX), V1, CONFIG, Content.of(layer));
    }

    private Repository nginx() {
        return world.pulled(NGINX);
    }

    private void later(Duration time) {
        world.clock.advance(time);
    }

    private static String name(Object reference) {
        return " library/nginx " + reference;
    }

    @Test
    void a_tag_is_fetched_in_one_request_and_then_answered_without_any() {
        Sample image = push("a");
        assertThat(nginx().manifest(V1).digest()).isEqualTo(image.digest());
        assertThat(world.upstream.asked()).containsExactly("manifest" + name(V1));
        later(Duration.ofMinutes(4));
        for (Reach reach : List.of(Reach.MEMORY, Reach.LOCAL, Reach.ANYWHERE)) {
            Repository there = world.proxy.repository(NGINX, World.call(reach));
            assertThat(there.manifest(V1).digest()).isEqualTo(image.digest());
            assertThat(there.resolve(V1)).isEqualTo(image.descriptor());
            assertThat(there.manifest(image.digest()).digest()).isEqualTo(image.digest());
        }
        assertThat(world.upstream.asked()).isEmpty();
    }

    @Test
    void a_tag_that_is_not_fresh_is_looked_at_only() {
        Sample image = push("a");
        nginx().manifest(V1);
        world.upstream.asked();
        later(Duration.ofMinutes(6));
        assertThat(nginx().manifest(V1).digest()).isEqualTo(image.digest());
        assertThat(world.upstream.asked()).containsExactly("resolve" + name(V1));
        assertThat(nginx().manifest(V1).digest()).isEqualTo(image.digest());
        assertThat(world.upstream.asked()).isEmpty();
    }

    @Test
    void a_tag_that_moved_is_fetched_by_its_new_digest() {
        push("a");
        nginx().manifest(V1);
        Sample next = push("b");
        world.upstream.asked();
        assertThat(nginx().manifest(V1).digest()).isNotEqualTo(next.digest());
        later(Duration.ofMinutes(6));
        assertThat(nginx().manifest(V1).digest()).isEqualTo(next.digest());
        assertThat(world.upstream.asked()).containsExactly("resolve" + name(V1), "manifest" + name(next.digest()));
    }

    @Test
    void a_look_is_one_request_and_the_pull_after_it_another() {
        Sample image = push("a");
        assertThat(nginx().resolve(V1)).isEqualTo(image.descriptor());
        assertThat(world.upstream.asked()).containsExactly("resolve" + name(V1));
        assertThat(nginx().manifest(V1).digest()).isEqualTo(image.digest());
        assertThat(world.upstream.asked()).containsExactly("manifest" + name(image.digest()));
    }

    @Test
    void beyond_what_is_held_the_upstream_must_be_within_reach() {
        push("a");
        for (Reach reach : List.of(Reach.MEMORY, Reach.LOCAL)) {
            Repository near = world.proxy.repository(NGINX, World.call(reach));
            assertThatThrownBy(() -> near.manifest(V1)).isInstanceOf(BeyondReach.class);
            assertThatThrownBy(() -> near.resolve(V1)).isInstanceOf(BeyondReach.class);
        }
        assertThat(world.upstream.asked()).isEmpty();
    }

    @Test
    void what_was_pulled_can_be_pulled_while_the_upstream_is_down_and_says_so() {
        Sample image = push("a");
        nginx().manifest(V1);
        world.down();
        later(Duration.ofDays(400));
        Call call = World.call(Reach.ANYWHERE);
        Manifest stale = world.proxy.repository(NGINX, call).manifest(V1);
        assertThat(stale.digest()).isEqualTo(image.digest());
        assertThat(call.source().warnings()).singleElement().asString().contains("stale", "connection refused");
        assertThat(call.source().registry()).contains("hub");
        assertThat(nginx().manifest(image.digest()).digest()).isEqualTo(image.digest());
    }

    @Test
    void what_was_never_asked_for_is_unavailable_while_the_upstream_is_down() {
        world.down();
        assertThatThrownBy(() -> nginx().manifest(V1))
                .isInstanceOfSatisfying(RegistryException.Unavailable.class, e -> {
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(7));
                    assertThat(e.absentBefore()).isFalse();
                });
        world.upstream.recover();
        Sample image = push("a");
        assertThat(nginx().manifest(V1).digest()).isEqualTo(image.digest());
    }

    @Test
    void what_the_upstream_does_not_have_is_asked_for_once_a_minute() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> nginx().manifest(V1)).isInstanceOf(RegistryException.Unknown.class);
            assertThatThrownBy(() -> nginx().resolve(V1)).isInstanceOf(RegistryException.Unknown.class);
        }
        assertThat(world.upstream.asked()).containsExactly("manifest" + name(V1));
        Sample image = push("a");
        later(Duration.ofSeconds(61));
        assertThat(nginx().manifest(V1).digest()).isEqualTo(image.digest());
    }

    @Test
    void an_absence_is_remembered_for_those_who_may_look_elsewhere() {
        assertThatThrownBy(() -> nginx().manifest(V1)).isInstanceOf(RegistryException.Unknown.class);
        later(Duration.ofHours(1));
        world.down();
        assertThatThrownBy(() -> nginx().manifest(V1))
                .isInstanceOfSatisfying(
                        RegistryException.Unavailable.class,
                        e -> assertThat(e.absentBefore()).isTrue());
    }

    @Test
    void a_refusal_after_a_token_was_granted_means_that_there_is_none() {
        world.upstream.failWith(new RegistryException.Denied("requested access to the resource is denied", "x"));
        assertThatThrownBy(() -> nginx().manifest(V1)).isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> nginx().manifest(V1)).isInstanceOf(RegistryException.Unknown.class);
        assertThat(world.upstream.asked()).hasSize(1);
    }

    @Test
    void refused_credentials_are_no_absence() {
        world.upstream.failWith(new RegistryException.Unauthorized(
                RegistryException.Unauthorized.Reason.WRONG_CREDENTIALS, "the upstream refused our credentials", "x"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> nginx().manifest(V1)).isInstanceOf(RegistryException.Unavailable.class);
        }
        assertThat(world.upstream.asked()).hasSize(2);
    }

    @Test
    void a_rate_limit_is_told_as_one() {
        world.upstream.failWith(new RegistryException.Unavailable(
                ErrorCode.TOOMANYREQUESTS, "pull rate limit", Optional.of(Duration.ofMinutes(1)), null));
        assertThatThrownBy(() -> nginx().manifest(V1))
                .isInstanceOfSatisfying(
                        RegistryException.Unavailable.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS));
    }

    @Test
    void a_tag_that_was_deleted_upstream_stays_pullable_and_says_so() {
        Sample image = push("a");
        nginx().manifest(V1);
        world.pushed(NGINX).delete(V1);
        later(Duration.ofMinutes(6));
        for (int i = 0; i < 2; i++) {
            Call call = World.call(Reach.ANYWHERE);
            assertThat(world.proxy.repository(NGINX, call).manifest(V1).digest())
                    .isEqualTo(image.digest());
            assertThat(call.source().warnings()).singleElement().asString().contains("deleted");
        }
    }

    @Test
    void unless_deletions_are_followed() {
        world(ProxyOptions.DEFAULT.followDeletions(true));
        Sample image = push("a");
        nginx().manifest(V1);
        world.pushed(NGINX).delete(V1);
        later(Duration.ofMinutes(6));
        assertThatThrownBy(() -> nginx().manifest(V1)).isInstanceOf(RegistryException.Unknown.class);
        assertThat(nginx().manifest(image.digest()).digest()).isEqualTo(image.digest());
    }

    @Test
    void whoever_has_a_copy_waits_two_seconds_for_a_check() throws Exception {
        Sample image = push("a");
        nginx().manifest(V1);
        Sample next = push("b");
        later(Duration.ofMinutes(6));
        CountDownLatch slow = new CountDownLatch(1);
        world.upstream.before(() -> await(slow));
        long before = System.nanoTime();
        Call call = World.call(Reach.ANYWHERE);
        assertThat(world.proxy.repository(NGINX, call).manifest(V1).digest()).isEqualTo(image.digest());
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(1_900));
        assertThat(call.source().warnings()).isNotEmpty();
        slow.countDown();
        // The check went on behind his back.
        assertThat(nginx().manifest(V1).digest()).isEqualTo(next.digest());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void fifty_who_want_the_same_tag_ask_once() throws Exception {
        Sample image = push("a");
        CountDownLatch slow = new CountDownLatch(1);
        world.upstream.before(() -> await(slow));
        List<Digest> digests = Threads.together(50, thread -> {
            if (thread == 49) {
                Thread.sleep(200);
                slow.countDown();
            }
            return nginx().manifest(V1).digest();
        });
        assertThat(digests).containsOnly(image.digest());
        assertThat(world.upstream.asked()).hasSize(1);
    }

    @Test
    void a_manifest_that_we_cannot_read_is_kept_byte_for_byte() {
        byte[] bytes = "{\"schemaVersion\": 1, \"name\": \"x\", \"fsLayers\": []}".getBytes(StandardCharsets.UTF_8);
        Manifest odd = Manifest.of(
                new MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws"),
                Digest.Algorithm.SHA256,
                bytes);
        world.cache.repository(NGINX, Call.internal()).put(odd, PutOptions.at(odd.digest()));
        Manifest kept = nginx().manifest(odd.digest());
        assertThat(kept.mediaType()).isEqualTo(odd.mediaType());
        assertThat(kept.bytes()).isEqualTo(odd.bytes());
    }

    @Test
    void an_index_is_answered_without_its_children() {
        Sample child = Sample.image(CONFIG, Content.of("a"));
        Sample index = Sample.index(child);
        Client.put(world.pushed(NGINX), index, V1);
        assertThat(nginx().manifest(V1).digest()).isEqualTo(index.digest());
        assertThatThrownBy(() -> nginx().manifest(child.digest())).isInstanceOf(RegistryException.Unknown.class);
        Client.pushImage(world.pushed(NGINX), child.digest(), CONFIG, Content.of("a"));
        later(Duration.ofSeconds(61));
        assertThat(nginx().manifest(child.digest()).digest()).isEqualTo(child.digest());
    }

    @Test
    void official_images_are_those_of_the_library() {
        world(ProxyOptions.DEFAULT.names(new Names(true, Optional.empty(), List.of(RepositoryPattern.ALL), List.of())));
        Sample image = push("a");
        RepositoryName brief = new RepositoryName("nginx");
        assertThat(world.pulled(brief).manifest(V1).digest()).isEqualTo(image.digest());
        assertThat(world.pulled(brief).name()).isEqualTo(brief);
        world.down();
        assertThat(nginx().manifest(V1).digest()).isEqualTo(image.digest());
        assertThat(world.proxy
                        .repositories(PageRequest.first(10), World.call(Reach.LOCAL))
                        .items())
                .containsExactly(NGINX);
    }

    @Test
    void a_namespace_stands_before_every_name_at_the_upstream() {
        world(ProxyOptions.DEFAULT.names(new Names(
                false, Optional.of(new RepositoryName("library")), List.of(RepositoryPattern.ALL), List.of())));
        Sample image = push("a");
        assertThat(world.pulled(new RepositoryName("nginx")).manifest(V1).digest())
                .isEqualTo(image.digest());
    }

    @Test
    void names_that_are_not_allowed_are_never_asked_for_nor_answered() {
        push("a");
        nginx().manifest(V1);
        Digest layer = Content.of("a").digest();
        Client.pull(nginx(), layer);
        world.upstream.asked();
        Repository denied = world.proxy(ProxyOptions.DEFAULT.names(new Names(
                        false,
                        Optional.empty(),
                        List.of(new RepositoryPattern("**")),
                        List.of(new RepositoryPattern("library/*")))))
                .repository(NGINX, World.call(Reach.ANYWHERE));
        assertThatThrownBy(() -> denied.manifest(V1)).isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> denied.open(layer)).isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> denied.stat(layer)).isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> denied.tags(PageRequest.first(1))).isInstanceOf(RegistryException.Unknown.class);
        assertThat(world.upstream.asked()).isEmpty();
    }

    @Test
    void invalidating_asks_anew_and_loses_nothing() {
        push("a");
        nginx().manifest(V1);
        Sample next = push("b");
        world.proxy.invalidate(NGINX);
        assertThat(nginx().manifest(V1).digest()).isEqualTo(next.digest());
        world.proxy.invalidate();
        world.down();
        assertThat(nginx().manifest(V1).digest()).isEqualTo(next.digest());
    }

    @Test
    void nothing_can_be_pushed_or_deleted() {
        Sample image = push("a");
        nginx().manifest(V1);
        assertThatThrownBy(() -> nginx().put(image.manifest(), PutOptions.at(V1)))
                .isInstanceOf(RegistryException.Unsupported.class);
        assertThatThrownBy(() -> nginx().delete(V1)).isInstanceOf(RegistryException.Unsupported.class);
    }
}
