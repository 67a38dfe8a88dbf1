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
import io.entrepot.core.ErrorCode;
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
import io.entrepot.core.testkit.Threads;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final RealmChain chain = new RealmChain(
            List.of(new LocalRealm(directory, accounts, gate, clock), new ApiKeyRealm(directory)),
            directory.policy(),
            Audit.NONE,
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

    /** Prints how long it takes, since machines differ too much to assert it. */
    @Test
    void an_unknown_user_costs_what_a_wrong_password_costs() {
        long[] known = new long[15];
        long[] unknown = new long[15];
        for (int i = 0; i < known.length; i++) {
            known[i] = nanosOfRefusal("alice", "k" + i, "10.1.0." + i);
            unknown[i] = nanosOfRefusal("eve" + i, "u" + i, "10.2.0." + i);
        }
        Arrays.sort(known);
        Arrays.sort(unknown);
        System.out.printf(
                "refusal by Argon2id: of somebody known %d us (median; %d to %d), unknown %d us (%d to %d)%n",
                known[7] / 1000,
                known[0] / 1000,
                known[14] / 1000,
                unknown[7] / 1000,
                unknown[0] / 1000,
                unknown[14] / 1000);
    }

    @Test
    void two_hundred_strangers_at_once_hold_up_nobody_whom_memory_knows() throws Exception {
        login("alice", PASSWORD);
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger running = new AtomicInteger(200);
        List<Integer> answered = Threads.together(201, thread -> {
            if (thread < 200) {
                try {
                    nanosOfRefusal("eve" + thread, "x", "10.3.0." + thread);
                } catch (RegistryException.Unavailable e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
                    busy.incrementAndGet();
                } finally {
                    running.decrementAndGet();
                }
                return 0;
            }
            long worst = 0;
            int calls = 0;
            while (running.get() > 0 && calls < 1_000_000) {
                long begun = System.nanoTime();
                chain.authenticate(new Credentials.Password("alice", PASSWORD), HOME, Reach.MEMORY);
                worst = Math.max(worst, System.nanoTime() - begun);
                if (++calls % 10 == 0) {
                    Thread.sleep(1);
                }
            }
            System.out.printf(
                    "while 200 strangers log in: %d logins from memory, the slowest %d us%n", calls, worst / 1000);
            return calls;
        });
        assertThat(busy.get()).isLessThan(200);
        assertThat(answered.get(200)).isGreaterThan(200);
    }

    private long nanosOfRefusal(String user, String secret, String from) {
        Visit visit = new Visit(InetAddresses.forString(from), "test/main", "r1");
        long begun = System.nanoTime();
        try {
            chain.authenticate(new Credentials.Password(user, secret), visit, Reach.ANYWHERE);
        } catch (RegistryException.Unauthorized e) {
            return System.nanoTime() - begun;
        }
        throw new AssertionError(user + " was let in");
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
