package io.entrepot.auth.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import io.entrepot.auth.account.Identity;
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
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.Threads;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RealmChainTest {
    private static final Credentials.Password ALICE = new Credentials.Password("alice", "wonderland");

    private final SettableClock clock = new SettableClock();
    private final PlainPolicy policy = new PlainPolicy();
    private final ConcurrentLinkedQueue<Audit.Event> noted = new ConcurrentLinkedQueue<>();
    private final PlainRealm first = new PlainRealm("first").with("alice", "wonderland");
    private final PlainRealm second =
            new PlainRealm("second").with("alice", "other").with("bob", "builder");
    private final Visit home = visit("192.0.2.1");
    private RealmChain chain = chain(first, second);

    @Test
    void who_shows_nothing_is_anonymous() {
        Caller caller = chain.authenticate(new Credentials.None(), home, Reach.MEMORY);

        assertThat(caller.principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(caller.proof()).isEqualTo(Proof.NONE);
    }

    @Test
    void what_is_no_credential_is_never_taken_for_nothing() {
        assertThatThrownBy(() -> chain.authenticate(new Credentials.Malformed("two headers"), home, Reach.MEMORY))
                .isInstanceOf(RegistryException.Unauthorized.class)
                .hasMessage(RealmChain.WRONG);
    }

    @Test
    void the_first_realm_that_knows_somebody_decides() {
        assertThat(login(ALICE).principal()).isEqualTo(new Principal("first", "alice"));
        assertThat(login(new Credentials.Password("bob", "builder")).principal())
                .isEqualTo(new Principal("second", "bob"));
        assertWrong(new Credentials.Password("alice", "other"));
    }

    @Test
    void a_realm_that_cannot_be_asked_ends_the_search_and_is_no_refusal() {
        Realm down = realm("down", () -> {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE, "the directory is down", Optional.empty(), null);
        });
        chain = chain(down, second);

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> login(new Credentials.Password("bob", "builder")))
                    .isInstanceOf(RegistryException.Unavailable.class)
                    .hasMessage("the directory is down");
        }
        assertThat(noted).allMatch(event -> event.outcome() == Audit.Outcome.FAILED);
    }

    @Test
    void memory_knows_what_was_verified_a_moment_ago_and_no_more() {
        assertThatThrownBy(() -> chain.authenticate(ALICE, home, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
        login(ALICE);
        assertThat(chain.authenticate(ALICE, home, Reach.MEMORY).principal().name())
                .isEqualTo("alice");
        assertThatThrownBy(() -> chain.authenticate(new Credentials.Password("alice", "wonder"), home, Reach.MEMORY))
                .isInstanceOf(BeyondReach.class);

        clock.advance(VerifiedCredentials.GOOD_FOR);
        assertThatThrownBy(() -> chain.authenticate(ALICE, home, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
        assertThat(first.hashed).hasValue(1);
    }

    @Test
    void names_and_secrets_that_are_cut_elsewhere_are_others() {
        login(ALICE);
        assertThatThrownBy(
                        () -> chain.authenticate(new Credentials.Password("alicewonder", "land"), home, Reach.MEMORY))
                .isInstanceOf(BeyondReach.class);
        assertThatThrownBy(() -> chain.authenticate(new Credentials.Bearer("alicewonderland"), home, Reach.MEMORY))
                .isInstanceOf(BeyondReach.class);
    }

    @Test
    void a_change_of_the_principal_is_felt_at_once() {
        login(ALICE);
        policy.versions.put(new Principal("first", "alice"), 1L);
        assertThatThrownBy(() -> chain.authenticate(ALICE, home, Reach.MEMORY)).isInstanceOf(BeyondReach.class);

        login(ALICE);
        policy.gone.add(new Principal("first", "alice"));
        assertThatThrownBy(() -> chain.authenticate(ALICE, home, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
        assertWrong(ALICE);
    }

    @Test
    void a_password_that_is_changed_while_it_is_verified_is_verified_again() {
        Principal carol = new Principal("local", "carol");
        AtomicInteger judged = new AtomicInteger();
        chain = chain(realm("local", () -> {
            OptionalLong asOf = policy.securityVersion(carol);
            if (judged.getAndIncrement() == 0) {
                policy.versions.put(carol, 7L);
                return new Realm.Verdict.Recognised(Identity.of(carol), asOf, Instant.MAX);
            }
            return new Realm.Verdict.Wrong("that was the old password");
        }));

        assertWrong(new Credentials.Password("carol", "old"));
        assertThat(judged).hasValue(2);
    }

    @Test
    void what_expires_is_not_remembered_beyond() {
        Identity ci = Identity.of(new Principal("local", "ci"));
        Instant expires = clock.instant().plusSeconds(5);
        chain = chain(realm("keys", () -> new Realm.Verdict.Recognised(ci, OptionalLong.empty(), expires)));
        login(ALICE);

        clock.advance(Duration.ofSeconds(4));
        assertThat(chain.authenticate(ALICE, home, Reach.MEMORY).principal().name())
                .isEqualTo("ci");
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> chain.authenticate(ALICE, home, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
    }

    @Test
    void two_hundred_logins_of_one_user_hash_once() throws Exception {
        first.work = () -> sleep(200);
        List<Caller> callers = Threads.together(200, thread -> login(ALICE));

        assertThat(callers)
                .hasSize(200)
                .allMatch(caller -> caller.principal().name().equals("alice"));
        assertThat(first.hashed).hasValue(1);
    }

    @Test
    void a_slow_login_holds_up_nobody_whom_memory_knows() throws Exception {
        login(ALICE);
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        first.work = () -> {
            inside.countDown();
            await(hold);
        };
        for (int i = 0; i < 200; i++) {
            first.with("user" + i, "secret");
        }
        Threads.together(201, thread -> {
            if (thread < 200) {
                return login(new Credentials.Password("user" + thread, "secret"));
            }
            await(inside);
            try {
                long begun = System.nanoTime();
                for (int i = 0; i < 1000; i++) {
                    chain.authenticate(ALICE, home, Reach.MEMORY);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
                assertThatThrownBy(() ->
                                chain.authenticate(new Credentials.Password("user1", "secret"), home, Reach.MEMORY))
                        .isInstanceOf(BeyondReach.class);
            } finally {
                hold.countDown();
            }
            return Caller.ANYBODY;
        });
    }

    @Test
    void a_refusal_says_and_costs_the_same_whoever_there_is() {
        RegistryException known = assertWrong(new Credentials.Password("alice", "x"));
        int forKnown = first.hashed.getAndSet(0) + second.hashed.getAndSet(0);
        RegistryException later = assertWrong(new Credentials.Password("bob", "x"));
        int forLater = first.hashed.getAndSet(0) + second.hashed.getAndSet(0);
        RegistryException unknown = assertWrong(new Credentials.Password("eve", "x"));
        int forUnknown = first.hashed.getAndSet(0) + second.hashed.getAndSet(0);

        assertThat(later.problems()).isEqualTo(known.problems()).isEqualTo(unknown.problems());
        assertThat(forUnknown).isEqualTo(forKnown).isEqualTo(forLater).isEqualTo(2);
    }

    /** Prints how long it takes, since machines differ too much to assert it. */
    @Test
    void the_time_of_a_refusal_does_not_tell_who_exists() {
        first.work = () -> spin(Duration.ofMillis(1));
        second.work = first.work;
        long[] known = new long[300];
        long[] unknown = new long[300];
        for (int i = 0; i < known.length; i++) {
            known[i] = nanosOfRefusal("alice", "k" + i, "10.1." + i / 200 + "." + i % 200);
            unknown[i] = nanosOfRefusal("eve" + i, "u" + i, "10.2." + i / 200 + "." + i % 200);
        }
        Arrays.sort(known);
        Arrays.sort(unknown);
        System.out.printf(
                "refusal of somebody known %d us, unknown %d us (medians of %d, 2 ms of work)%n",
                known[150] / 1000, unknown[150] / 1000, known.length);
        assertThat(first.hashed).hasValue(600);
        assertThat(second.hashed).hasValue(600);
    }

    @Test
    void the_same_wrong_secret_again_is_refused_from_memory_and_counts_once() {
        Credentials.Password wrong = new Credentials.Password("alice", "x");
        for (int i = 0; i < 50; i++) {
            assertWrong(wrong);
        }
        assertThat(first.hashed).hasValue(1);
        for (int i = 0; i < 20; i++) {
            clock.advance(VerifiedCredentials.WRONG_FOR);
            assertWrong(wrong);
        }
        assertThat(login(ALICE).principal().name()).isEqualTo("alice");
    }

    @Test
    void who_guesses_is_told_to_come_back_and_costs_nothing_meanwhile() {
        guess(Throttle.FREE_FAILURES);
        int before = first.hashed.get();

        assertThatThrownBy(() -> chain.authenticate(new Credentials.Password("alice", "more"), home, Reach.MEMORY))
                .isInstanceOfSatisfying(RegistryException.Unavailable.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
                });
        assertThatThrownBy(() -> login(ALICE)).isInstanceOf(RegistryException.Unavailable.class);
        assertThat(first.hashed).hasValue(before);

        clock.advance(Duration.ofSeconds(1));
        assertThat(login(ALICE).principal().name()).isEqualTo("alice");
    }

    @Test
    void guesses_lock_nobody_out_elsewhere_and_no_colleague() {
        guess(Throttle.FREE_FAILURES);

        assertThat(login(new Credentials.Password("bob", "builder")).principal().name())
                .isEqualTo("bob");
        assertThat(chain.authenticate(ALICE, visit("198.51.100.7"), Reach.ANYWHERE)
                        .principal()
                        .name())
                .isEqualTo("alice");
    }

    @Test
    void who_has_logged_in_from_there_passes_though_somebody_guesses_his_name() {
        login(ALICE);
        clock.advance(Duration.ofHours(1));
        guess(Throttle.FREE_FAILURES);

        assertThat(login(ALICE).principal().name()).isEqualTo("alice");
        assertThatThrownBy(() -> login(new Credentials.Password("alice", "y")))
                .isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void logins_and_refusals_are_noted_and_secrets_are_not() {
        login(ALICE);
        login(ALICE);
        assertWrong(new Credentials.Password("alice", "Tr0ub4dor"));

        assertThat(noted).extracting(Audit.Event::outcome).containsExactly(Audit.Outcome.DONE, Audit.Outcome.REFUSED);
        assertThat(noted.toString()).doesNotContain("Tr0ub4dor").doesNotContain("wonderland");
    }

    @Test
    void what_memory_knows_costs_nanoseconds() {
        login(ALICE);
        int calls = 20_000;
        for (int round = 0; round < 5; round++) {
            long begun = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                chain.authenticate(ALICE, home, Reach.MEMORY);
            }
            System.out.printf("a login from memory: %d ns%n", (System.nanoTime() - begun) / calls);
        }
        assertThat(first.hashed).hasValue(1);
    }

    private void guess(int times) {
        for (int i = 0; i < times; i++) {
            assertWrong(new Credentials.Password("alice", "guess" + i));
        }
    }

    private long nanosOfRefusal(String user, String secret, String from) {
        long begun = System.nanoTime();
        assertThatThrownBy(
                        () -> chain.authenticate(new Credentials.Password(user, secret), visit(from), Reach.ANYWHERE))
                .isInstanceOf(RegistryException.Unauthorized.class);
        return System.nanoTime() - begun;
    }

    private Caller login(Credentials credentials) {
        return chain.authenticate(credentials, home, Reach.ANYWHERE);
    }

    private RegistryException assertWrong(Credentials credentials) {
        RegistryException[] thrown = new RegistryException[1];
        assertThatThrownBy(() -> login(credentials))
                .hasMessage(RealmChain.WRONG)
                .isInstanceOfSatisfying(RegistryException.Unauthorized.class, e -> {
                    assertThat(e.reason()).isEqualTo(RegistryException.Unauthorized.Reason.WRONG_CREDENTIALS);
                    thrown[0] = e;
                });
        return thrown[0];
    }

    private RealmChain chain(Realm... realms) {
        return new RealmChain(List.of(realms), policy, noted::add, clock, new SecureRandom());
    }

    private interface Judge {
        Realm.Verdict judge();
    }

    private static Realm realm(String name, Judge judge) {
        return new Realm() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Verdict judge(Credentials credentials, Visit visit) {
                return judge.judge();
            }
        };
    }

    private static Visit visit(String address) {
        return new Visit(InetAddresses.forString(address), "test/main", "r1");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
