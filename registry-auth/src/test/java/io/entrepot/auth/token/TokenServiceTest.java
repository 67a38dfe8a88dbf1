package io.entrepot.auth.token;

import static io.entrepot.auth.token.World.ALICE;
import static io.entrepot.auth.token.World.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.account.RegistrySelector;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.wire.Scope;
import io.entrepot.core.wire.TokenAnswer;
import io.entrepot.core.wire.TokenRefusal;
import io.entrepot.core.wire.TokenRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TokenServiceTest {
    private static final Credentials NONE = new Credentials.None();
    private static final RepositoryName APP = new RepositoryName("team/app");
    private static final RepositoryName OTHER = new RepositoryName("other");

    @RegisterExtension
    final Seed seed = new Seed();

    private final World world = new World();

    @BeforeEach
    void rights() {
        world.policy.grant(ALICE, "team/app", Action.values());
        world.policy.grant(ALICE, "readable", Action.READ);
        world.policy.grant(ALICE, "appendable", Action.READ, Action.ADD);
        world.policy.grant(BOB, "readable", Action.READ);
        world.policy.grant(Principal.ANONYMOUS, "public", Action.READ);
    }

    private static Unauthorized.Reason refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return ((Unauthorized) org.assertj.core.api.Assertions.catchThrowable(call)).reason();
    }

    private List<String> granted(Principal user, String... scopes) {
        return world.ask(user, scopes).scopes().stream().map(Scope::toString).toList();
    }

    @Test
    void what_is_granted_is_what_is_asked_for_as_far_as_it_is_allowed() {
        assertThat(granted(ALICE, "repository:team/app:pull,push", "repository:readable:push,pull"))
                .containsExactly("repository:team/app:pull,push", "repository:readable:pull");
        assertThat(granted(ALICE, "repository:team/app:push,pull repository:other:pull"))
                .containsExactly("repository:team/app:push,pull");
        assertThat(granted(ALICE, "repository:appendable:delete,push")).containsExactly("repository:appendable:push");
    }

    @Test
    void that_nothing_is_allowed_is_no_error() {
        TokenAnswer answer = world.ask(BOB, "repository:team/app:pull,push");
        assertThat(answer.scopes()).isEmpty();
        assertThat(world.show(answer.token()).scope().allows(Action.READ, APP)).isFalse();
    }

    @Test
    void a_star_means_all_that_he_may() {
        assertThat(granted(ALICE, "repository:team/app:*")).containsExactly("repository:team/app:pull,push,delete,*");
        assertThat(granted(ALICE, "repository:appendable:*")).containsExactly("repository:appendable:pull,push");
        assertThat(granted(BOB, "repository:readable:*")).containsExactly("repository:readable:pull");
        assertThat(granted(BOB, "repository:team/app:*")).isEmpty();
    }

    @Test
    void what_is_not_understood_is_passed_over() {
        assertThat(granted(
                        ALICE,
                        "repository:team/app:pull,fly",
                        "repository(plugin):readable:pull",
                        "helm:team/app:pull",
                        "repository",
                        "repository:team/app",
                        "::",
                        ":team/app:pull",
                        "repository::pull",
                        "repository:TEAM/APP:pull",
                        "repository:readable:",
                        "registry:other:*"))
                .containsExactly("repository:team/app:pull", "repository:readable:pull");
    }

    @Test
    void a_name_may_begin_with_a_host_and_port() {
        assertThat(granted(ALICE, "repository:localhost:5000/team/app:pull"))
                .containsExactly("repository:localhost:5000/team/app:pull");
    }

    @Test
    void the_catalogue_is_for_known_users() {
        assertThat(granted(BOB, "registry:catalog:*")).containsExactly("registry:catalog:*");
        assertThat(granted(BOB, "registry:catalog:search,fly")).containsExactly("registry:catalog:search");
        assertThat(world.ask(NONE, "registry:catalog:*").scopes()).isEmpty();
        Caller bob = world.show(world.ask(BOB, "registry:catalog:*").token());
        assertThat(bob.scope().allowsCatalog()).isTrue();
        assertThat(bob.scope().allowsListing(OTHER)).isTrue();
        assertThat(bob.scope().allows(Action.BROWSE, OTHER)).isFalse();
    }

    @Test
    void a_login_without_scope_is_good_for_the_catalogue_and_nothing_else() {
        Caller alice = world.show(world.ask(ALICE).token());
        assertThat(alice.principal()).isEqualTo(ALICE);
        assertThat(alice.proof()).isEqualTo(Proof.TOKEN);
        assertThat(alice.scope().allowsCatalog()).isTrue();
        for (Action action : Action.values()) {
            assertThat(alice.scope().allows(action, APP)).isFalse();
            assertThat(alice.scope().allowsWholly(action, APP)).isFalse();
        }
        Caller pulling = world.show(world.ask(ALICE, "repository:team/app:pull").token());
        assertThat(pulling.scope().allowsCatalog()).isFalse();
        assertThat(pulling.scope().allowsListing(APP)).isFalse();
    }

    @Test
    void a_scope_is_good_for_what_its_words_mean() {
        Caller puller = world.show(world.ask(ALICE, "repository:team/app:pull").token());
        assertThat(Action.values())
                .filteredOn(action -> puller.scope().allows(action, APP))
                .containsExactly(Action.BROWSE, Action.READ);
        Caller pusher = world.show(world.ask(ALICE, "repository:team/app:push").token());
        assertThat(Action.values())
                .filteredOn(action -> pusher.scope().allows(action, APP))
                .containsExactly(Action.ADD, Action.EDIT);
        Caller deleter =
                world.show(world.ask(ALICE, "repository:team/app:delete").token());
        assertThat(Action.values())
                .filteredOn(action -> deleter.scope().allows(action, APP))
                .containsExactly(Action.DELETE);
        assertThat(puller.scope().allows(Action.READ, OTHER)).isFalse();
    }

    @Test
    void nobody_gets_what_is_public_if_he_asks_for_something() {
        TokenAnswer answer = world.ask(NONE, "repository:public:pull,push", "repository:team/app:pull");
        assertThat(answer.scopes()).containsExactly(Scope.repository("public", "pull"));
        Caller nobody = world.show(answer.token());
        assertThat(nobody.principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(nobody.scope().allows(Action.READ, new RepositoryName("public")))
                .isTrue();
        TokenAnswer nothing = world.ask(NONE, "repository:team/app:pull");
        assertThat(nothing.scopes()).isEmpty();
        assertThat(world.show(nothing.token()).scope().allowsCatalog()).isFalse();
    }

    @Test
    void nobody_gets_no_token_where_everybody_must_log_in_and_none_for_a_login() {
        assertThat(refused(() -> world.service.answer(
                        World.get("repository:public:pull"), NONE, world.visit(), new Desk(false))))
                .isEqualTo(Unauthorized.Reason.NOBODY);
        assertThat(refused(() -> world.ask(NONE))).isEqualTo(Unauthorized.Reason.NOBODY);
    }

    @Test
    void wrong_credentials_are_refused_even_for_what_is_public() {
        for (Credentials wrong : List.of(
                new Credentials.Password("alice", "guess"),
                new Credentials.Password("", ""),
                new Credentials.Malformed("two headers"),
                new Credentials.Bearer("x"))) {
            assertThat(refused(() -> world.ask(wrong, "repository:public:pull")))
                    .isEqualTo(Unauthorized.Reason.WRONG_CREDENTIALS);
            assertThat(refused(() -> world.ask(wrong))).isEqualTo(Unauthorized.Reason.WRONG_CREDENTIALS);
        }
    }

    @Test
    void known_and_unknown_users_are_refused_alike() {
        Throwable known = org.assertj.core.api.Assertions.catchThrowable(
                () -> world.ask(new Credentials.Password("alice", "guess"), "repository:team/app:pull"));
        Throwable unknown = org.assertj.core.api.Assertions.catchThrowable(
                () -> world.ask(new Credentials.Password("nobody", "guess"), "repository:team/app:pull"));
        assertThat(known).hasToString(unknown.toString());
    }

    @Test
    void a_token_buys_no_other_token() {
        String token = world.ask(ALICE, "repository:team/app:pull").token();
        assertThat(refused(() -> world.ask(new Credentials.Bearer(token), "repository:team/app:push")))
                .isEqualTo(Unauthorized.Reason.WRONG_CREDENTIALS);
        assertThat(refused(() -> world.ask(new Credentials.Password("alice", token), "repository:team/app:push")))
                .isEqualTo(Unauthorized.Reason.WRONG_CREDENTIALS);
    }

    @Test
    void a_form_is_answered_like_a_query() {
        TokenRequest form =
                TokenRequest.ofForm(("grant_type=password&username=alice&password=alice&client_id=c&service="
                                + world.visit().service() + "&scope=repository:team/app:pull")
                        .getBytes(StandardCharsets.US_ASCII));
        TokenAnswer answer = world.service.answer(form, NONE, world.visit(), new Desk(false));
        assertThat(answer.scopes()).containsExactly(Scope.repository("team/app", "pull"));
        TokenRequest wrong = TokenRequest.ofForm(
                "grant_type=password&username=alice&password=x".getBytes(StandardCharsets.US_ASCII));
        assertThat(refused(() -> world.service.answer(wrong, World.password(ALICE), world.visit(), new Desk(true))))
                .isEqualTo(Unauthorized.Reason.WRONG_CREDENTIALS);
    }

    @Test
    void grants_and_services_that_are_not_ours_are_refused_in_words_that_clients_know() {
        for (String grant : List.of("client_credentials", "refresh_token&refresh_token=x", "none")) {
            TokenRequest form = TokenRequest.ofForm(("grant_type=" + grant).getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> world.service.answer(form, World.password(ALICE), world.visit(), new Desk(true)))
                    .isInstanceOfSatisfying(TokenRefusal.class, refusal -> {
                        assertThat(refusal.error()).isEqualTo("unsupported_grant_type");
                        assertThat(refusal.status()).isEqualTo(400);
                    });
        }
        TokenRequest foreign = TokenRequest.ofQuery("service=registry.example.com&scope=repository:team/app:pull");
        assertThatThrownBy(() -> world.service.answer(foreign, World.password(ALICE), world.visit(), new Desk(true)))
                .isInstanceOf(TokenRefusal.class);
        TokenRequest elsewhere =
                TokenRequest.ofQuery("service=" + world.visit("second").service());
        assertThatThrownBy(() -> world.service.answer(elsewhere, World.password(ALICE), world.visit(), new Desk(true)))
                .isInstanceOf(TokenRefusal.class);
    }

    @Test
    void the_answer_says_how_long_it_is_good() {
        TokenAnswer answer = world.ask(ALICE, "repository:team/app:pull");
        assertThat(answer.expiresIn()).isEqualTo(Duration.ofMinutes(30));
        assertThat(answer.issuedAt()).isEqualTo(world.clock.instant());
        assertThat(answer.refreshToken()).isEmpty();
    }

    @Test
    void a_lifetime_that_clients_cannot_use_is_a_wrong_setting() {
        for (Duration lifetime : List.of(Duration.ofSeconds(59), Duration.ofHours(25))) {
            assertThatThrownBy(() -> new World(new Tokens.Options(lifetime, false, Duration.ofDays(90))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("60 seconds");
        }
    }

    @Test
    void a_token_is_as_small_as_headers_want_it() {
        assertThat(world.ask(ALICE, "repository:team/app:pull,push").token().length())
                .isLessThan(1_000);
        List<String> scopes = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            String name = "a".repeat(240) + i;
            world.policy.grant(ALICE, name, Action.values());
            scopes.add("repository:" + name + ":*");
        }
        TokenAnswer most = world.ask(ALICE, scopes.toArray(new String[0]));
        assertThat(("Bearer " + most.token()).length()).isLessThanOrEqualTo(16 << 10);
        assertThat(most.json().length).isLessThan(64 << 10);
        assertThat(most.scopes()).hasSizeBetween(20, 40);
        assertThat(world.show(most.token()).principal()).isEqualTo(ALICE);
    }

    @Test
    void an_api_key_goes_on_limiting_what_it_was_given_for() {
        world.apiKey(
                "aaaaaaaaaaaa",
                ALICE,
                Optional.of(List.of(new Privilege.Content(
                        Set.of(Action.READ),
                        new RegistrySelector.All(),
                        new RepositoryPattern("team/**"),
                        Optional.empty()))));
        Credentials key = new Credentials.Password("alice", "aaaaaaaaaaaa");
        TokenAnswer answer = world.ask(key, "repository:team/app:*", "repository:readable:pull");
        assertThat(answer.scopes()).containsExactly(Scope.repository("team/app", "pull"));
        Caller caller = world.show(answer.token());
        RegistryId registry = new RegistryId("private", RegistryId.Kind.HOSTED);
        assertThat(caller.rights().in(registry).allows(Action.READ, APP)).isTrue();
        assertThat(caller.rights().in(registry).allows(Action.ADD, APP)).isFalse();
        world.apiKey("aaaaaaaaaaaa", ALICE, Optional.of(List.of()));
        assertThat(world.show(answer.token()).rights().in(registry).allows(Action.READ, APP))
                .isFalse();
    }

    @Test
    void a_key_that_is_revoked_while_it_is_shown_gives_no_token_that_outlives_it() {
        world.apiKey("aaaaaaaaaaaa", ALICE, Optional.empty());
        TokenService service = world.tokens.service((credentials, visit) -> {
            KnownIdentity known = world.identify(credentials, visit);
            world.apiKeys.clear();
            return known;
        });
        Credentials key = new Credentials.Password("alice", "aaaaaaaaaaaa");

        TokenAnswer answer = service.answer(World.get("repository:team/app:pull"), key, world.visit(), new Desk(true));

        assertThat(refused(() -> world.show(answer.token()))).isEqualTo(Unauthorized.Reason.INVALID_TOKEN);
    }

    @Test
    void tokens_and_who_they_are_for_are_audited_without_being_told() {
        String token = world.ask(ALICE, "repository:team/app:pull").token();
        assertThat(world.audited).hasSize(1);
        Audit.Event event = world.audited.get(0);
        assertThat(event.action()).isEqualTo("token.issue");
        assertThat(event.principal()).isEqualTo(ALICE);
        assertThat(event.reason()).isEqualTo("repository:team/app:pull");
        assertThat(event.toString()).doesNotContain(token);
    }

    @Test
    void whatever_is_asked_for_no_more_is_granted_than_is_allowed() {
        Random random = seed.random();
        List<String> pieces = List.of(
                "repository",
                "registry",
                "repository(plugin)",
                "(",
                ")",
                ":",
                ":",
                ",",
                "*",
                "pull",
                "push",
                "delete",
                "team/app",
                "readable",
                "public",
                "appendable",
                "catalog",
                "search",
                "localhost:5000/",
                "/",
                "..",
                " ",
                "%",
                "\u0000",
                "\ud800",
                "ä",
                "A",
                "repository:team/app:",
                "repository:public:pull",
                "\"",
                "\\",
                "-");
        List<Principal> askers = List.of(ALICE, BOB, Principal.ANONYMOUS);
        for (int i = 0; i < 1_000; i++) {
            String[] scopes = new String[1 + random.nextInt(4)];
            for (int j = 0; j < scopes.length; j++) {
                StringBuilder scope = new StringBuilder();
                for (int k = random.nextInt(9); k >= 0; k--) {
                    scope.append(pieces.get(random.nextInt(pieces.size())));
                }
                scopes[j] = random.nextInt(200) == 0 ? scope.toString().repeat(100) : scope.toString();
            }
            Principal asker = askers.get(random.nextInt(askers.size()));
            TokenAnswer answer;
            try {
                answer = asker.equals(Principal.ANONYMOUS) ? world.ask(NONE, scopes) : world.ask(asker, scopes);
            } catch (Unauthorized e) {
                assertThat(asker).isEqualTo(Principal.ANONYMOUS);
                assertThat(Scope.parse(List.of(scopes))).isEmpty();
                continue;
            }
            Caller caller = world.show(answer.token());
            assertThat(caller.principal()).isEqualTo(asker);
            for (String name : List.of("team/app", "readable", "public", "appendable", "catalog")) {
                for (Action action : Action.values()) {
                    boolean pushes = Set.of(Action.ADD, Action.EDIT).contains(action)
                            && (world.policy.grants(asker, Action.ADD, name)
                                    || world.policy.grants(asker, Action.EDIT, name));
                    boolean reads = action == Action.BROWSE && world.policy.grants(asker, Action.READ, name);
                    if (caller.scope().allows(action, new RepositoryName(name))) {
                        assertThat(world.policy.grants(asker, action, name) || pushes || reads)
                                .as(asker + " " + action + " " + name + " by " + List.of(scopes))
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void who_is_disabled_gets_nothing() {
        world.policy.gone.add(ALICE);
        assertThatThrownBy(() -> world.ask(ALICE, "repository:team/app:pull"))
                .isInstanceOf(RegistryException.Unauthorized.class);
    }
}
