package io.entrepot.auth.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.NewKey;
import io.entrepot.auth.account.NewUser;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.core.BeyondReach;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Visit;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.testkit.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users of this server and their keys, from the credential to the caller. */
class OwnRealmsTest {
    private static final String PASSWORD = "correct horse battery";
    private static final Visit HOME = new Visit(InetAddresses.forString("192.0.2.1"), "test/main", "r1");
    private static final Principal ALICE = new Principal("local", "alice");

    private final SettableClock clock = new SettableClock();
    private final SecureRandom random = new SecureRandom();
    private final HashingGate gate = new HashingGate(new PasswordHasher(random));
    private final Directory directory = new Directory(new MemoryDocuments(), clock, registry -> false);
    private final Accounts accounts = new Accounts(directory, gate, random, Audit.NONE);
    private final List<Audit.Event> noted = new ArrayList<>();
    private final RealmChain chain = new RealmChain(
            List.of(new LocalRealm(directory, accounts, gate, clock), new ApiKeyRealm(directory)),
            directory.policy(),
            noted::add,
            clock,
            random);

    @BeforeEach
    void alice_and_a_robot() {
        accounts.create(Accounts.system(), NewUser.person("alice", PASSWORD, Set.of()));
        accounts.create(Accounts.system(), NewUser.robot("ci", Set.of()));
    }

    @Test
    void a_user_logs_in_by_his_password() {
        Caller caller = login("alice", PASSWORD);

        assertThat(caller.principal()).isEqualTo(ALICE);
        assertThat(caller.proof()).isEqualTo(Proof.BASIC);
        assertThat(login("Alice", PASSWORD).principal()).isEqualTo(ALICE);
        assertWrong("alice", "incorrect");
        assertWrong("bob", PASSWORD);
        assertWrong("robot$ci", PASSWORD);
    }

    @Test
    void a_key_stands_in_the_place_of_a_password_and_as_bearer_token() {
        String key = key(ALICE, Optional.empty()).text();

        assertThat(login("alice", key).principal()).isEqualTo(ALICE);
        assertThat(login("$token", key).principal()).isEqualTo(ALICE);
        Caller bearer = chain.authenticate(new Credentials.Bearer(key), HOME, Reach.ANYWHERE);
        assertThat(bearer.principal()).isEqualTo(ALICE);
        assertThat(bearer.proof()).isEqualTo(Proof.OTHER);
        assertWrong("bob", key);
        assertWrong("alice", key.substring(0, key.length() - 1) + (key.endsWith("a") ? "b" : "a"));
    }

    @Test
    void a_robot_logs_in_by_keys_only() {
        String key = key(new Principal("local", "robot$ci"), Optional.empty()).text();

        assertThat(login("robot$ci", key).principal().name()).isEqualTo("robot$ci");
    }

    @Test
    void a_key_that_is_revoked_or_expires_is_refused_at_once() {
        NewKey.Issued revoked = key(ALICE, Optional.empty());
        NewKey.Issued expires = key(ALICE, Optional.of(Duration.ofSeconds(30)));
        login("alice", revoked.text());
        login("alice", expires.text());

        accounts.keys().revoke(Accounts.system(), revoked.key().id());
        assertBeyondMemory("alice", revoked.text());
        assertWrong("alice", revoked.text());
        clock.advance(Duration.ofSeconds(30));
        assertBeyondMemory("alice", expires.text());
        assertWrong("alice", expires.text());
    }

    @Test
    void who_is_disabled_or_has_another_password_is_refused_at_once() {
        String key = key(ALICE, Optional.empty()).text();
        login("alice", PASSWORD);
        login("alice", key);

        accounts.disable(Accounts.system(), "alice");
        assertBeyondMemory("alice", PASSWORD);
        assertWrong("alice", PASSWORD);
        assertWrong("alice", key);

        accounts.enable(Accounts.system(), "alice");
        clock.advance(VerifiedCredentials.WRONG_FOR);
        assertThat(login("alice", PASSWORD).principal()).isEqualTo(ALICE);
        accounts.setPassword(Accounts.system(), "alice", "quite another horse", false);
        assertWrong("alice", PASSWORD);
        assertThat(login("alice", "quite another horse").principal()).isEqualTo(ALICE);
    }

    @Test
    void many_expired_keys_under_one_name_keep_nobody_from_his_password() {
        for (int i = 0; i < 15; i++) {
            assertWrong("alice", "rgk_" + "0".repeat(12) + "_" + i);
        }
        assertThat(login("alice", PASSWORD).principal()).isEqualTo(ALICE);
    }

    @Test
    void a_login_costs_a_hash_once_a_minute() {
        for (int i = 0; i < 3; i++) {
            long begun = System.nanoTime();
            login("alice", PASSWORD);
            long hashed = System.nanoTime();
            login("alice", PASSWORD);
            long remembered = System.nanoTime();
            assertWrong("nobody" + i, PASSWORD);
            long unknown = System.nanoTime();
            assertWrong("alice", "wrong" + i);
            System.out.printf(
                    "login %d us, again %d us, unknown user %d us, wrong password %d us%n",
                    (hashed - begun) / 1000,
                    (remembered - hashed) / 1000,
                    (unknown - remembered) / 1000,
                    (System.nanoTime() - unknown) / 1000);
            clock.advance(VerifiedCredentials.GOOD_FOR);
        }
    }

    private NewKey.Issued key(Principal owner, Optional<Duration> lifetime) {
        return accounts.keys()
                .create(
                        Accounts.system(),
                        new NewKey(owner, "test", Optional.empty(), lifetime.map(clock.instant()::plus)));
    }

    private Caller login(String user, String secret) {
        return chain.authenticate(new Credentials.Password(user, secret), HOME, Reach.ANYWHERE);
    }

    private void assertWrong(String user, String secret) {
        assertThatThrownBy(() -> login(user, secret))
                .isInstanceOf(RegistryException.Unauthorized.class)
                .hasMessage(RealmChain.WRONG);
    }

    private void assertBeyondMemory(String user, String secret) {
        assertThatThrownBy(() -> chain.authenticate(new Credentials.Password(user, secret), HOME, Reach.MEMORY))
                .isInstanceOf(BeyondReach.class);
    }
}
