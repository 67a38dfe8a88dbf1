package io.entrepot.auth.token;

import static io.entrepot.auth.token.World.ALICE;
import static io.entrepot.auth.token.World.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Rights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final Unauthorized.Reason INVALID = Unauthorized.Reason.INVALID_TOKEN;

    private final World world = new World();
    /** Another process of the same installation, which has issued nothing. */
    private final TokenVerifier elsewhere = World.verifier(world.tokens(Tokens.Options.DEFAULT));

    @BeforeEach
    void rights() {
        world.policy.grant(ALICE, "team/app", Action.values());
    }

    private String token() {
        return world.ask(ALICE, "repository:team/app:pull").token();
    }

    private Caller fromMemory(TokenVerifier verifier, String token) {
        return verifier.authenticate(new Credentials.Bearer(token), world.visit(), Reach.MEMORY);
    }

    @Test
    void who_was_given_a_token_is_known_at_once() {
        String token = token();
        assertThat(fromMemory(world.verifier, token).principal()).isEqualTo(ALICE);
        assertThat(world.verifier.signaturesVerified()).isZero();
    }

    @Test
    void another_process_verifies_it_once() {
        String token = token();
        assertThatThrownBy(() -> fromMemory(elsewhere, token)).isInstanceOf(BeyondReach.class);
        assertThat(world.show(elsewhere, token).principal()).isEqualTo(ALICE);
        for (int i = 0; i < 100; i++) {
            assertThat(fromMemory(elsewhere, token).principal()).isEqualTo(ALICE);
        }
        assertThat(elsewhere.signaturesVerified()).isEqualTo(1);
    }

    @Test
    void it_expires_with_a_minutes_leeway_wherever_it_is_known() {
        String token = token();
        world.show(elsewhere, token);
        world.clock.advance(Duration.ofMinutes(31).minusMillis(1));
        assertThat(fromMemory(world.verifier, token).principal()).isEqualTo(ALICE);
        world.clock.advance(Duration.ofMillis(1));
        for (TokenVerifier verifier :
                List.of(world.verifier, elsewhere, World.verifier(world.tokens(Tokens.Options.DEFAULT)))) {
            assertThatThrownBy(() -> world.show(verifier, token))
                    .isInstanceOf(Unauthorized.class)
                    .hasMessageContaining("expired");
        }
    }

    @Test
    void it_may_come_from_a_clock_that_is_a_minute_ahead() {
        String token = token();
        world.clock.advance(Duration.ofSeconds(-60));
        assertThat(world.show(elsewhere, token).principal()).isEqualTo(ALICE);
        world.clock.advance(Duration.ofSeconds(-1));
        assertThat(world.refusal(token)).isEqualTo(INVALID);
    }

    @Test
    void a_token_of_one_connector_is_none_of_another() {
        String token = token();
        for (TokenVerifier verifier : List.of(world.verifier, elsewhere)) {
            assertThatThrownBy(() ->
                            verifier.authenticate(new Credentials.Bearer(token), world.visit("second"), Reach.LOCAL))
                    .isInstanceOfSatisfying(
                            Unauthorized.class, e -> assertThat(e.reason()).isEqualTo(INVALID));
        }
    }

    @Test
    void a_token_of_one_installation_is_none_of_another() {
        World other = new World();
        assertThat(other.refusal(token())).isEqualTo(INVALID);
        String theirs = other.ask(ALICE).token();
        assertThat(world.refusal(theirs)).isEqualTo(INVALID);
    }

    @Test
    void what_happens_to_its_owner_happens_to_it() {
        List<Runnable> ends = List.of(
                () -> world.policy.versions.put(ALICE, 2L),
                () -> world.policy.gone.add(ALICE),
                () -> world.tokens.keys().replace());
        for (Runnable end : ends) {
            String token = token();
            world.show(elsewhere, token);
            end.run();
            world.clock.advance(Duration.ofSeconds(2));
            assertThat(world.refusal(token)).isEqualTo(INVALID);
            if (!end.equals(ends.get(2))) {
                assertThatThrownBy(() -> fromMemory(elsewhere, token)).isInstanceOf(Unauthorized.class);
            }
            world.policy.gone.clear();
        }
    }

    @Test
    void what_he_may_is_what_he_may_now() {
        Caller caller = world.show(token());
        var registry = new io.entrepot.core.access.RegistryId("r", io.entrepot.core.access.RegistryId.Kind.HOSTED);
        var name = new io.entrepot.core.RepositoryName("team/app");
        assertThat(caller.rights().in(registry).allows(Action.READ, name)).isTrue();
        world.policy.grant(ALICE, "team/app");
        assertThat(caller.rights().in(registry).allows(Action.READ, name)).isFalse();
        assertThat(caller.scope().allows(Action.READ, name)).isTrue();
    }

    @Test
    void a_revoked_or_expired_key_takes_its_tokens_with_it() {
        world.apiKey("aaaaaaaaaaaa", ALICE, Optional.empty());
        String token = world.ask(new Credentials.Password("alice", "aaaaaaaaaaaa"), "repository:team/app:pull")
                .token();
        assertThat(world.show(token).principal()).isEqualTo(ALICE);
        String own = token();
        world.apiKeys.clear();
        assertThat(world.refusal(token)).isEqualTo(INVALID);
        assertThat(world.show(own).principal()).isEqualTo(ALICE);
        world.apiKey("aaaaaaaaaaaa", BOB, Optional.empty());
        assertThat(world.refusal(token)).as("a key of somebody else").isEqualTo(INVALID);
    }

    @Test
    void the_anonymous_have_nothing_that_could_be_revoked() {
        String token =
                world.ask(new Credentials.None(), "repository:public:pull").token();
        assertThat(world.show(token).principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(world.show(elsewhere, token).principal()).isEqualTo(Principal.ANONYMOUS);
    }

    @Test
    void whatever_is_no_token_of_ours_is_for_others_to_judge() {
        List<Credentials> passedOn = new ArrayList<>();
        TokenVerifier verifier = world.tokens.verifier((credentials, visit, reach) -> {
            passedOn.add(credentials);
            return Caller.anonymous(Rights.ALL);
        });
        List<Credentials> foreign = List.of(
                new Credentials.None(),
                World.password(ALICE),
                new Credentials.Password("alice", token()),
                new Credentials.Session("s", false, ""),
                new Credentials.Malformed("twice"),
                new Credentials.Bearer("rgk_aaaaaaaaaaaa_x"),
                new Credentials.Bearer(""),
                new Credentials.Bearer("eyJ0eXAiOiJKV1QifQ.e30.AA"));
        foreign.forEach(credentials -> verifier.authenticate(credentials, world.visit(), Reach.MEMORY));
        assertThat(passedOn).isEqualTo(foreign);
    }

    @Test
    void forged_ones_displace_nobody() {
        String token = token();
        String forged = token.substring(0, token.length() - 4);
        for (int i = 0; i < 300; i++) {
            String one = forged + (char) ('A' + i % 26) + (char) ('A' + i / 26 % 26) + "AA";
            assertThat(world.refusal(one)).isEqualTo(INVALID);
        }
        long signatures = world.verifier.signaturesVerified();
        assertThat(fromMemory(world.verifier, token).principal()).isEqualTo(ALICE);
        assertThat(world.verifier.signaturesVerified()).isEqualTo(signatures);
    }

    @Test
    void what_is_huge_costs_nothing() {
        String dots = ".".repeat(1 << 20);
        List<String> huge =
                List.of(dots, "eyJ" + dots, "eyJ".repeat(400_000), token() + dots, "eyJ" + ".".repeat(16_000));
        huge.forEach(world::refusal);
        long began = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            huge.forEach(world::refusal);
        }
        assertThat(Duration.ofNanos((System.nanoTime() - began) / 500)).isLessThan(Duration.ofMillis(1));
    }
}
