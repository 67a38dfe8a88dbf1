package io.entrepot.auth.token;

import static io.entrepot.auth.token.World.ALICE;
import static io.entrepot.auth.token.World.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.wire.Scope;
import io.entrepot.core.wire.TokenAnswer;
import io.entrepot.core.wire.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefreshTokensTest {
    private final World world =
            new World(new Tokens.Options(Duration.ofMinutes(30), true, SigningKeys.DEFAULT_MAX_AGE));
    private final RefreshTokens refreshTokens = world.tokens.refreshTokens();

    private static TokenRequest offline(TokenRequest.Grant grant) {
        return new TokenRequest(grant, Optional.empty(), List.of(Scope.repository("team/app", "pull")), "docker", true);
    }

    private Optional<String> given(Credentials credentials) {
        return world.service
                .answer(offline(new TokenRequest.Grant.Header()), credentials, world.visit(), new Desk(true))
                .refreshToken();
    }

    private TokenAnswer redeem(String token, String connector) {
        return world.service.answer(
                offline(new TokenRequest.Grant.Refresh(token)),
                new Credentials.None(),
                world.visit(connector),
                new Desk(true));
    }

    private void isRefused(String token) {
        assertThatThrownBy(() -> redeem(token, "main"))
                .isInstanceOfSatisfying(
                        Unauthorized.class,
                        e -> assertThat(e.reason()).isEqualTo(Unauthorized.Reason.WRONG_CREDENTIALS));
    }

    @Test
    void it_stands_for_its_owner() {
        world.policy.grant(ALICE, "team/app", Action.READ);
        TokenAnswer answer = redeem(given(World.password(ALICE)).orElseThrow(), "main");
        assertThat(world.show(answer.token()).principal()).isEqualTo(ALICE);
        assertThat(answer.scopes()).containsExactly(Scope.repository("team/app", "pull"));
        assertThat(answer.refreshToken()).as("the client keeps the one it has").isEmpty();
    }

    @Test
    void only_its_hash_is_stored() {
        String token = given(World.password(ALICE)).orElseThrow();
        assertThat(token).hasSizeGreaterThan(43);
        assertThat(world.documents.all("refresh-tokens")).hasSize(1);
        assertThat(world.documents.all("refresh-tokens").toString()).doesNotContain(token.substring(4));
    }

    @Test
    void another_connector_refuses_it() {
        String token = given(World.password(ALICE)).orElseThrow();
        assertThatThrownBy(() -> redeem(token, "second")).isInstanceOf(Unauthorized.class);
    }

    @Test
    void wrong_ones_are_refused() {
        given(World.password(ALICE));
        String access = world.ask(ALICE).token();
        List.of("", "rgr_", "rgr_" + "A".repeat(43), "alice", access).forEach(this::isRefused);
    }

    @Test
    void it_is_no_password_and_no_bearer_token() {
        String token = given(World.password(ALICE)).orElseThrow();
        assertThatThrownBy(() -> world.ask(new Credentials.Password("alice", token)))
                .isInstanceOf(Unauthorized.class);
        assertThatThrownBy(() -> world.show(token)).isInstanceOf(Unauthorized.class);
    }

    @Test
    void it_is_given_only_to_those_who_ask_and_only_for_a_password_of_ours() {
        assertThat(world.ask(ALICE).refreshToken()).isEmpty();
        assertThat(given(new Credentials.None())).isEmpty();
        world.apiKey("aaaaaaaaaaaa", ALICE, Optional.empty());
        assertThat(given(new Credentials.Password("alice", "aaaaaaaaaaaa"))).isEmpty();
        World without = new World();
        assertThat(without.service
                        .answer(
                                offline(new TokenRequest.Grant.Header()),
                                World.password(ALICE),
                                without.visit(),
                                new Desk(true))
                        .refreshToken())
                .isEmpty();
    }

    @Test
    void it_is_good_as_long_as_it_is_used() {
        String token = given(World.password(ALICE)).orElseThrow();
        for (int i = 0; i < 10; i++) {
            world.clock.advance(Duration.ofDays(29));
            assertThat(redeem(token, "main").token()).isNotEmpty();
        }
        world.clock.advance(Duration.ofDays(32));
        isRefused(token);
        assertThat(refreshTokens.list()).isEmpty();
    }

    @Test
    void what_happens_to_its_owner_ends_it() {
        String token = given(World.password(ALICE)).orElseThrow();
        world.policy.versions.put(ALICE, 2L);
        isRefused(token);
        String next = given(World.password(ALICE)).orElseThrow();
        assertThat(world.documents.all("refresh-tokens"))
                .as("the dead one is cleared away")
                .hasSize(1);
        world.policy.gone.add(ALICE);
        isRefused(next);
    }

    @Test
    void it_can_be_listed_and_revoked() {
        String token = given(World.password(ALICE)).orElseThrow();
        String other = given(World.password(BOB)).orElseThrow();
        assertThat(refreshTokens.list().stream().map(RefreshTokens.Info::owner)).containsExactlyInAnyOrder(ALICE, BOB);
        RefreshTokens.Info info = refreshTokens.list().stream()
                .filter(i -> i.owner().equals(ALICE))
                .findFirst()
                .orElseThrow();
        assertThat(info.client()).isEqualTo("docker");
        assertThat(info.toString()).doesNotContain(token);
        assertThat(refreshTokens.revoke(info.id())).isTrue();
        assertThat(refreshTokens.revoke(info.id())).isFalse();
        isRefused(token);
        assertThat(redeem(other, "main").token()).isNotEmpty();
    }

    @Test
    void there_are_never_many() {
        String first = given(World.password(ALICE)).orElseThrow();
        for (int i = 0; i < RefreshTokens.MOST_OF_ONE; i++) {
            world.clock.advance(Duration.ofSeconds(1));
            assertThat(given(World.password(ALICE))).isPresent();
        }
        assertThat(refreshTokens.list()).hasSize(RefreshTokens.MOST_OF_ONE);
        isRefused(first);
        assertThat(refreshTokens.list().stream().map(RefreshTokens.Info::owner).distinct())
                .containsExactly(new Principal("local", "alice"));
    }
}
