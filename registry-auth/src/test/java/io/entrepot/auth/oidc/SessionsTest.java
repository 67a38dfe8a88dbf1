package io.entrepot.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Policy;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import io.entrepot.core.testkit.SettableClock;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a session is good, and everything that ends it. */
class SessionsTest {
    private static final Principal ALICE = new Principal("local", "alice");
    private static final Identity ALICE_IN_DEV = new Identity(ALICE, Set.of("dev"), Optional.empty(), Optional.empty());
    private static final Principal BOB = new Principal("local", "bob");
    private static final Visit VISIT = new Visit(InetAddress.getLoopbackAddress(), "test/main", "1");

    private final SettableClock clock = new SettableClock();
    private final Versions versions = new Versions();
    private final Sessions sessions = new Sessions(versions, clock, new SecureRandom());

    /** Only security versions. */
    private static final class Versions implements Policy {
        volatile OptionalLong alice = OptionalLong.of(1);

        @Override
        public Rights rights(Identity identity) {
            return Rights.ALL;
        }

        @Override
        public Rights anonymous() {
            return Rights.ALL;
        }

        @Override
        public OptionalLong securityVersion(Principal principal) {
            return principal.equals(ALICE) ? alice : OptionalLong.of(0);
        }
    }

    private String open() {
        return sessions.open(ALICE_IN_DEV).id();
    }

    @Test
    void a_session_is_found_by_its_id_alone() {
        Sessions.Opened opened = sessions.open(ALICE_IN_DEV);

        assertThat(sessions.find(opened.id())).contains(opened.session());
        assertThat(opened.session().principal()).isEqualTo(ALICE);
        assertThat(sessions.find("")).isEmpty();
        assertThat(sessions.find(Chance.hash(opened.id()))).isEmpty();
        assertThat(opened.id()).hasSize(43).isNotEqualTo(opened.session().csrf());
        assertThat(opened.toString())
                .doesNotContain(opened.id())
                .doesNotContain(opened.session().csrf());
    }

    @Test
    void each_login_has_an_id_of_its_own() {
        assertThat(open()).isNotEqualTo(open());
    }

    @Test
    void thirty_idle_minutes_end_it_and_use_keeps_it_for_twelve_hours() {
        String idle = open();
        clock.advance(Duration.ofMinutes(30));
        assertThat(sessions.find(idle)).isEmpty();

        String used = open();
        for (int i = 0; i < 12 * 60 - 1; i++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(sessions.find(used)).isPresent();
        }
        clock.advance(Duration.ofMinutes(1));
        assertThat(sessions.find(used)).isEmpty();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void logging_out_ends_it_at_once_and_no_other() {
        String one = open();
        String two = open();
        sessions.end(one);
        sessions.end("unknown");

        assertThat(sessions.find(one)).isEmpty();
        assertThat(sessions.find(two)).isPresent();
        sessions.endAll(ALICE);
        assertThat(sessions.find(two)).isEmpty();
    }

    @Test
    void a_changed_password_or_a_disabled_account_ends_it_for_good() {
        String changed = open();
        versions.alice = OptionalLong.of(2);
        assertThat(sessions.find(changed)).isEmpty();

        String disabled = open();
        versions.alice = OptionalLong.empty();
        assertThat(sessions.find(disabled)).isEmpty();
        versions.alice = OptionalLong.of(2);
        assertThat(sessions.find(disabled)).isEmpty();
    }

    @Test
    void who_is_disabled_gets_none() {
        versions.alice = OptionalLong.empty();

        assertThatThrownBy(this::open)
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("disabled");
    }

    @Test
    void their_number_is_bounded_and_the_idlest_go() {
        String bob = sessions.open(Identity.of(BOB)).id();
        String first = open();
        String second = open();
        for (int i = 2; i < Sessions.MAX_PER_PRINCIPAL; i++) {
            open();
        }
        sessions.find(first);
        open();
        assertThat(sessions.find(first)).isPresent();
        assertThat(sessions.find(second)).isEmpty();
        assertThat(sessions.find(bob)).isPresent();

        for (int i = 0; i < Sessions.MAX + 100; i++) {
            sessions.open(Identity.of(new Principal("oidc", "user" + i)));
        }
        assertThat(sessions.size()).isEqualTo(Sessions.MAX);
    }

    @Test
    void a_change_is_meant_only_with_the_sessions_own_word() {
        Session mine = sessions.open(Identity.of(ALICE)).session();
        Session other = sessions.open(Identity.of(ALICE)).session();

        assertThat(mine.isMeant(mine.csrf())).isTrue();
        assertThat(mine.isMeant(other.csrf())).isFalse();
        assertThat(mine.isMeant("")).isFalse();
    }

    @Test
    void a_session_begins_with_a_password_and_not_with_a_key_or_an_old_password() {
        assertThatThrownBy(() -> sessions.open(new Identity(ALICE, Set.of(), Optional.empty(), Optional.of("key1")), 1))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("keys and tokens are for programs");

        String verifiedBeforeTheChange = sessions.open(Identity.of(ALICE), 0).id();
        assertThat(sessions.find(verifiedBeforeTheChange)).isEmpty();
    }

    @Test
    void what_may_change_something_needs_the_word_besides_the_cookie() {
        SessionAuthenticator authenticator = new SessionAuthenticator(sessions, Authenticator.OPEN);
        Sessions.Opened opened = sessions.open(Identity.of(ALICE));

        assertThat(authenticator.authenticate(
                        new Credentials.Session(
                                opened.id(), true, opened.session().csrf()),
                        VISIT,
                        Reach.MEMORY))
                .isNotNull();
        for (String word : java.util.List.of("", opened.id(), "wrong")) {
            assertThatThrownBy(() -> authenticator.authenticate(
                            new Credentials.Session(opened.id(), true, word), VISIT, Reach.MEMORY))
                    .isInstanceOf(RegistryException.Denied.class);
        }
    }

    @Test
    void the_authenticator_answers_for_sessions_from_memory_and_leaves_the_rest_to_others() {
        SessionAuthenticator authenticator = new SessionAuthenticator(sessions, Authenticator.OPEN);
        Caller caller = authenticator.authenticate(new Credentials.Session(open(), false, ""), VISIT, Reach.MEMORY);

        assertThat(caller.principal()).isEqualTo(ALICE);
        assertThat(caller.proof()).isEqualTo(Proof.OTHER);
        assertThatThrownBy(() ->
                        authenticator.authenticate(new Credentials.Session("unknown", false, ""), VISIT, Reach.MEMORY))
                .isInstanceOf(RegistryException.Unauthorized.class);
        assertThat(authenticator.authenticate(new Credentials.None(), VISIT, Reach.MEMORY))
                .isEqualTo(Caller.ANYBODY);
    }
}
