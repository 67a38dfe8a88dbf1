package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import io.entrepot.core.testkit.Threads;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of credentials that work, that end, that change, and that are wrong. */
class CredentialsInUseTest extends OverHttp {
    private static final Credential BOB = new Credential.Password("bob", SECRET + "2");

    /** Gives the first until it is told that it does not do. */
    private static final class Ending implements CredentialProvider {
        final AtomicInteger refreshed = new AtomicInteger();
        private final Credential next;
        private volatile Credential now;

        Ending(Credential first, Credential next) {
            this.now = first;
            this.next = next;
        }

        @Override
        public Optional<Credential> credential(URI registry, boolean refresh) {
            if (refresh) {
                refreshed.incrementAndGet();
                now = next;
            }
            return Optional.of(now);
        }
    }

    private static RemoteOptions options(CredentialProvider provider) {
        return RemoteOptions.DEFAULT.withCredentials(provider);
    }

    // Basic

    @Test
    void basic_is_shown_after_it_was_asked_for_and_from_then_on() {
        upstream.requireBasic("alice", SECRET);
        HttpTransport transport = transport(ALICE);
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(status(transport, blob)).isEqualTo(200);
        assertThat(shown(upstream.requests()))
                .hasSize(3)
                .startsWith("nothing")
                .endsWith(shown(upstream.requests()).get(1));
    }

    @Test
    void a_wrong_password_is_shown_once_a_minute() {
        upstream.requireBasic("alice", "other");
        HttpTransport transport = transport(ALICE);
        for (int i = 0; i < 5; i++) {
            assertThat(unauthorized(transport, manifest).reason()).isEqualTo(Reason.WRONG_CREDENTIALS);
        }
        assertThat(shown(upstream.requests()))
                .filteredOn(value -> !value.equals("nothing"))
                .hasSize(1);
        clock.advance(Duration.ofSeconds(61));
        unauthorized(transport, manifest);
        assertThat(shown(upstream.requests()))
                .filteredOn(value -> !value.equals("nothing"))
                .hasSize(2);
    }

    @Test
    void who_asks_for_a_password_is_named_if_there_is_none() {
        upstream.requireBasic("alice", SECRET);
        RegistryException.Unauthorized refusal = unauthorized(transport(RemoteOptions.DEFAULT), manifest);
        assertThat(refusal.reason()).isEqualTo(Reason.NOBODY);
        assertThat(refusal).hasMessageContaining("127.0.0.1").hasMessageContaining("configure");
    }

    @Test
    void fifty_whose_password_has_ended_get_a_new_one_by_one_question() throws Exception {
        upstream.requireBasic("bob", SECRET + "2");
        Ending provider = new Ending(ALICE, BOB);
        HttpTransport transport = transport(options(provider));
        assertThat(Threads.together(50, i -> status(transport, manifest))).containsOnly(200);
        assertThat(provider.refreshed).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void a_403_that_says_that_a_password_has_ended_gets_a_new_one(String method) {
        upstream.requireBasic("bob", SECRET + "2");
        upstream.on(
                request -> request.header("Authorization")
                        .filter(value -> value.equals(TokenEndpoint.basic(ALICE).orElseThrow()))
                        .isPresent(),
                Fault.expiredToken());
        Ending provider = new Ending(ALICE, BOB);
        HttpTransport transport = transport(options(provider));
        try (Reply reply = transport.send(to(method, manifest))) {
            assertThat(reply.status()).isEqualTo(200);
        }
        assertThat(provider.refreshed).hasValue(1);
    }

    @Test
    void a_403_that_says_nothing_of_the_kind_is_an_answer() {
        upstream.requireBasic("alice", SECRET);
        upstream.on(Match.get(manifest).with("Authorization"), Fault.error(403, "DENIED", "not for you"));
        Ending provider = new Ending(ALICE, BOB);
        assertThat(status(transport(options(provider)), manifest)).isEqualTo(403);
        assertThat(provider.refreshed).hasValue(0);
    }

    @Test
    void credentials_that_were_changed_meanwhile_are_taken_without_asking_for_new_ones() {
        tokens.onlyFor("bob", SECRET + "2");
        upstream.requireBearer(tokens);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger refreshed = new AtomicInteger();
        HttpTransport transport = transport(options((registry, refresh) -> {
            if (refresh) {
                refreshed.incrementAndGet();
            }
            return Optional.of(asked.incrementAndGet() <= 2 ? ALICE : BOB);
        }));
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(refreshed).hasValue(0);
    }

    // A token as it is

    @Test
    void a_token_of_ours_is_shown_at_once_and_not_exchanged() {
        upstream.requireBearer(tokens);
        HttpTransport transport = transport(new Credential.Bearer(SECRET));
        assertThat(unauthorized(transport, manifest).reason()).isEqualTo(Reason.WRONG_CREDENTIALS);
        assertThat(shown(upstream.requests())).containsExactly("Bearer " + SECRET);
        assertThat(tokens.requests()).isEmpty();
    }

    @Test
    void a_token_of_ours_that_is_not_meant_for_this_is_not_wrong() {
        upstream.requireBearer(tokens).challengeWith(right -> List.of(right.get(0) + ",error=\"insufficient_scope\""));
        HttpTransport transport = transport(new Credential.Bearer(SECRET));
        assertThat(status(transport, manifest)).isEqualTo(401);
        assertThat(status(transport, manifest)).isEqualTo(401);
        assertThat(upstream.requests()).hasSize(2);
    }

    // Identity tokens

    @Test
    void an_identity_token_is_exchanged_by_post_and_in_its_body_only() {
        tokens.identityToken(SECRET).onlyFor("nobody", "else");
        upstream.requireBearer(tokens);
        assertThat(status(transport(new Credential.IdentityToken(SECRET)), manifest))
                .isEqualTo(200);
        assertThat(tokens.requests()).singleElement().satisfies(post -> {
            assertThat(post.method()).isEqualTo("POST");
            assertThat(post.query()).isEmpty();
            assertThat(post.header("Authorization")).isEmpty();
            assertThat(new String(post.body(), StandardCharsets.UTF_8))
                    .contains("grant_type=refresh_token", "service=scripted", "refresh_token=" + SECRET);
        });
        assertThat(upstream.requests())
                .noneMatch(request -> shown(List.of(request)).toString().contains(SECRET));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 405})
    void where_there_is_no_post_it_is_a_password_without_a_user(int status) {
        tokens.onlyFor("", SECRET).on(Match.method("POST", "/token"), Fault.status(status));
        upstream.requireBearer(tokens);
        assertThat(status(transport(new Credential.IdentityToken(SECRET)), manifest))
                .isEqualTo(200);
        assertThat(tokens.requests()).extracting(request -> request.method()).containsExactly("POST", "GET");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429, 500})
    void any_other_answer_to_it_is_one(int status) {
        tokens.on(Match.method("POST", "/token"), Fault.status(status));
        upstream.requireBearer(tokens);
        failure(() -> status(transport(new Credential.IdentityToken(SECRET)), manifest));
        assertThat(tokens.requests()).hasSize(1);
    }

    // Strangers

    @Test
    void a_token_endpoint_that_did_not_see_them_is_named_so_that_it_can_be_pinned() {
        String stranger = "http://localhost:" + tokens.port();
        upstream.requireBearer(tokens).challengeWith(right -> List.of("Bearer realm=\"" + stranger + "/token\""));
        RemoteOptions reaching = OverHttp.options(ALICE).withAllowedHosts(List.of("localhost"));
        // Whether it wants to know who we are, or the registry does afterwards.
        tokens.deny("library/nginx");
        assertThat(unauthorized(transport(reaching), manifest))
                .hasMessageContaining(stranger)
                .hasMessageContaining("pinnedRealms");
        tokens.onlyFor("alice", SECRET);
        RegistryException.Unauthorized refusal = unauthorized(transport(reaching), manifest);
        assertThat(refusal).hasMessageContaining(stranger);
        assertThat(refusal.reason()).isEqualTo(Reason.NOBODY);
        assertThat(shown(tokens.requests())).containsOnly("nothing");
    }

    @Test
    void what_anybody_may_have_is_had_from_a_stranger_too() {
        upstream.requireBearer(tokens)
                .challengeWith(right -> List.of("Bearer realm=\"http://localhost:" + tokens.port() + "/token\""));
        HttpTransport transport = transport(OverHttp.options(ALICE).withAllowedHosts(List.of("localhost")));
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(shown(tokens.requests())).containsExactly("nothing");
    }

    // Changes

    @Test
    void a_token_of_credentials_that_are_gone_is_not_used_again() {
        tokens.onlyFor("alice", SECRET).onlyFor("bob", SECRET + "2");
        upstream.requireBearer(tokens);
        Ending provider = new Ending(ALICE, BOB);
        HttpTransport transport = transport(options(provider));
        assertThat(status(transport, manifest)).isEqualTo(200);
        provider.credential(upstream.root(), true);
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(shown(tokens.requests()))
                .containsExactly(
                        TokenEndpoint.basic(ALICE).orElseThrow(),
                        TokenEndpoint.basic(BOB).orElseThrow());
        assertThat(shown(upstream.requests()))
                .containsExactly("nothing", "Bearer token-1", "nothing", "Bearer token-2");
    }

    @Test
    void nor_one_that_was_on_its_way_when_they_went() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        tokens.onlyFor("alice", SECRET).onlyFor("bob", SECRET + "2");
        tokens.on(Match.any(), 1, Fault.holdUntil(slow));
        upstream.requireBearer(tokens);
        Ending provider = new Ending(ALICE, BOB);
        HttpTransport transport = transport(options(provider));
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> status(transport, manifest));
        tokens.await(1, "GET", "/token");
        provider.credential(upstream.root(), true);
        assertThat(status(transport, manifest)).isEqualTo(200);
        slow.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        upstream.forgetRequests();
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(tokens.requests()).hasSize(2);
        assertThat(shown(upstream.requests())).doesNotContain("nothing").hasSize(1);
    }

    @Test
    void refused_credentials_are_tried_again_as_soon_as_they_are_other_ones() {
        tokens.onlyFor("bob", SECRET + "2");
        upstream.requireBearer(tokens);
        Ending provider = new Ending(ALICE, ALICE);
        HttpTransport transport = transport(options(provider));
        assertThat(unauthorized(transport, manifest).reason()).isEqualTo(Reason.WRONG_CREDENTIALS);
        unauthorized(transport, manifest);
        assertThat(tokens.requests()).hasSize(1);
        provider.now = BOB;
        assertThat(status(transport, manifest)).isEqualTo(200);
    }

    @Test
    void a_provider_that_cannot_be_asked_is_said_and_nothing_is_sent() {
        HttpTransport transport = transport(options((registry, refresh) -> {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE, "the vault is locked", Optional.empty(), null);
        }));
        assertThat(unavailable(transport, manifest)).hasMessage("the vault is locked");
        assertThat(upstream.requests()).isEmpty();
    }
}
