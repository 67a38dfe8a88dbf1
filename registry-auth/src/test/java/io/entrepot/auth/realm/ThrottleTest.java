package io.entrepot.auth.realm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.entrepot.auth.realm.Throttle.Guess;
import io.entrepot.auth.realm.Throttle.Outcome;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ThrottleTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final SettableClock clock = new SettableClock();
    private final Throttle throttle = new Throttle(clock);

    @Test
    void the_delay_doubles_with_each_failure_up_to_five_minutes() {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            wrong(guess("alice", "192.0.2.1", i));
            Duration delay = throttle.delay(guess("alice", "192.0.2.1", 99));
            delays.add(delay.toSeconds());
            clock.advance(delay);
        }
        assertThat(delays).containsExactly(0L, 0L, 0L, 0L, 1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L, 300L);
    }

    @Test
    void ten_thousand_guesses_at_an_account_take_a_month() {
        Instant begun = clock.instant();
        for (int i = 0; i < 10_000; i++) {
            Guess guess = guess("alice", "192.0.2.1", i);
            clock.advance(throttle.delay(guess));
            wrong(guess);
        }
        assertThat(Duration.between(begun, clock.instant())).isGreaterThan(Duration.ofDays(30));
    }

    @Test
    void on_the_machine_itself_no_delay_is_longer_than_five_seconds() {
        for (int i = 0; i < 40; i++) {
            wrong(guess("admin", "127.0.0.1", i));
            assertThat(throttle.delay(guess("admin", "127.0.0.1", 99))).isLessThanOrEqualTo(Throttle.LONGEST_HERE);
            clock.advance(Throttle.LONGEST_HERE);
        }
    }

    @Test
    void many_at_once_are_no_way_round() {
        int running = 0;
        for (int i = 0; i < 100; i++) {
            if (throttle.enter(guess("alice", "192.0.2.1", i)).isZero()) {
                running++;
            }
        }
        assertThat(running).isEqualTo(Throttle.FREE_FAILURES);
    }

    @Test
    void a_network_from_which_many_accounts_fail_is_slowed_but_not_who_is_familiar_there() {
        good(guess("alice", "192.0.2.1", 0));
        for (int i = 0; i < Throttle.FREE_ACCOUNTS; i++) {
            wrong(guess("stranger" + i, "192.0.2.1", i));
        }
        assertThat(throttle.delay(guess("bob", "192.0.2.1", 1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(throttle.delay(guess("alice", "192.0.2.1", 1))).isZero();
        assertThat(throttle.delay(guess("bob", "192.0.2.2", 1))).isZero();

        clock.advance(Duration.ofSeconds(1));
        assertThat(throttle.delay(guess("bob", "192.0.2.1", 1))).isZero();
        clock.advance(Throttle.FORGET_NETWORK);
        wrong(guess("carol", "192.0.2.1", 1));
        assertThat(throttle.delay(guess("bob", "192.0.2.1", 1))).isZero();
    }

    @Test
    void one_colleague_who_mistypes_all_day_slows_only_himself() {
        for (int i = 0; i < 1000; i++) {
            wrong(guess("mallory", "192.0.2.1", i));
        }
        assertThat(throttle.delay(guess("mallory", "192.0.2.1", 0))).isEqualTo(Throttle.LONGEST);
        assertThat(throttle.delay(guess("bob", "192.0.2.1", 0))).isZero();
    }

    @Test
    void a_customer_has_all_of_his_slash_64_and_no_other() {
        for (int i = 0; i < Throttle.FREE_FAILURES; i++) {
            wrong(guess("alice", "2001:db8::" + i, i));
        }
        assertThat(throttle.delay(guess("alice", "2001:db8::ffff:1", 9))).isEqualTo(Duration.ofSeconds(1));
        assertThat(throttle.delay(guess("alice", "2001:db8:0:1::1", 9))).isZero();
    }

    @Test
    void who_has_a_slash_48_does_not_guess_from_each_of_its_networks() {
        good(guess("alice", "2001:db8:0:ffff::1", 0));
        int free = 0;
        for (int i = 0; i < 1000; i++) {
            Guess guess = guess("alice", "2001:db8:0:" + Integer.toHexString(i) + "::1", i + 1);
            if (throttle.delay(guess).isZero()) {
                wrong(guess);
                free++;
            }
        }
        assertThat(free).isEqualTo(Throttle.FREE_IN_SITE);
        assertThat(throttle.delay(guess("alice", "2001:db8:0:ffff::2", 0))).isZero();
        assertThat(throttle.delay(guess("bob", "2001:db8:1::1", 0))).isZero();
    }

    @Test
    void who_guesses_gains_nothing_when_the_owner_logs_in() {
        good(guess("alice", "192.0.2.1", 0));
        for (int i = 1; i <= Throttle.FREE_FAILURES; i++) {
            wrong(guess("alice", "192.0.2.1", i));
        }
        good(guess("alice", "192.0.2.1", 0));
        assertThat(throttle.delay(guess("alice", "192.0.2.1", 77))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void finding_the_right_password_forgets_the_wrong_ones() {
        for (int i = 1; i < Throttle.FREE_FAILURES; i++) {
            wrong(guess("alice", "192.0.2.1", i));
        }
        good(guess("alice", "192.0.2.1", 0));
        wrong(guess("alice", "192.0.2.1", 1));
        assertThat(throttle.delay(guess("alice", "192.0.2.1", 77))).isZero();
    }

    @Test
    void a_million_names_and_networks_take_no_more_room_than_some_thousands() {
        long before = heap();
        for (int i = 0; i < 1_000_000; i++) {
            Network network = new Network(6, (long) (i / 2) << 16, false);
            Guess guess = new Guess(new Fingerprint(i, 1, 2, 3), network, new Fingerprint(4, 5, 6, i));
            if (throttle.enter(guess).isZero()) {
                throttle.leave(guess, Outcome.WRONG);
            }
        }
        System.out.printf("%d remembered in %d MiB%n", throttle.size(), (heap() - before) >> 20);
        assertThat(throttle.size()).isEqualTo(Throttle.MAX_TRIES + Throttle.MAX_NETWORKS);
    }

    /** What the class comment says, written down in the most plodding way. */
    private final class Model {
        record Try(Instant at, String account, String network, int secret) {}

        private final List<Try> counted = new ArrayList<>();
        private final Map<String, Try> good = new HashMap<>();

        Duration delay(String account, String network, int secret) {
            Instant now = clock.instant();
            Try last = good.get(account + network);
            boolean familiar = last != null && now.isBefore(last.at().plus(Throttle.FAMILIAR));
            if (familiar && last != null && last.secret() == secret) {
                return Duration.ZERO;
            }
            List<Try> own = own(account, network);
            Duration delay = left(own.size(), Throttle.FREE_FAILURES, Throttle.LONGEST, own, now);
            if (familiar) {
                return delay;
            }
            Duration all = left(
                    accounts(network).size(),
                    Throttle.FREE_ACCOUNTS,
                    Throttle.LONGEST_OF_NETWORK,
                    firsts.getOrDefault(network, List.of()),
                    now);
            return delay.compareTo(all) > 0 ? delay : all;
        }

        private final Map<String, List<Try>> firsts = new HashMap<>();

        void wrong(String account, String network, int secret) {
            List<Try> own = own(account, network);
            if (!own.isEmpty() && own.get(own.size() - 1).secret() == secret) {
                return;
            }
            Try made = new Try(clock.instant(), account, network, secret);
            counted.add(made);
            if (own.isEmpty()) {
                List<Try> known = firsts.computeIfAbsent(network, n -> new ArrayList<>());
                if (!known.isEmpty() && idle(known, Throttle.FORGET_NETWORK)) {
                    known.clear();
                }
                known.add(made);
            }
        }

        void good(String account, String network, int secret) {
            Try last = good.put(account + network, new Try(clock.instant(), account, network, secret));
            boolean same = last != null
                    && last.secret() == secret
                    && clock.instant().isBefore(last.at().plus(Throttle.FAMILIAR));
            if (!same) {
                counted.removeIf(t -> t.account().equals(account) && t.network().equals(network));
            }
        }

        private List<Try> own(String account, String network) {
            List<Try> own = counted.stream()
                    .filter(t -> t.account().equals(account) && t.network().equals(network))
                    .toList();
            if (!own.isEmpty() && idle(own, Throttle.FORGET)) {
                counted.removeAll(own);
                return List.of();
            }
            return own;
        }

        private List<Try> accounts(String network) {
            List<Try> known = firsts.getOrDefault(network, List.of());
            return !known.isEmpty() && idle(known, Throttle.FORGET_NETWORK) ? List.of() : known;
        }

        private boolean idle(List<Try> tries, Duration time) {
            return !clock.instant().isBefore(tries.get(tries.size() - 1).at().plus(time));
        }

        private Duration left(int count, int free, Duration longest, List<Try> tries, Instant now) {
            if (count < free) {
                return Duration.ZERO;
            }
            Duration whole = Duration.ofSeconds((long) Math.min(longest.toSeconds(), Math.pow(2, count - free)));
            Duration left =
                    Duration.between(now, tries.get(tries.size() - 1).at().plus(whole));
            return left.isNegative() ? Duration.ZERO : left;
        }
    }

    @Test
    void any_history_is_judged_as_the_rules_say() {
        Random random = seed.random();
        Model model = new Model();
        Set<Duration> seen = new TreeSet<>();
        for (int step = 0; step < 20_000; step++) {
            String account = "user" + (random.nextInt(10) < 7 ? random.nextInt(3) : random.nextInt(60));
            String network = "192.0.2." + random.nextInt(2);
            int secret = random.nextInt(6);
            Guess guess = guess(account, network, secret);
            Duration expected = model.delay(account, network, secret);
            assertThat(throttle.enter(guess)).as("step %d, %s", step, guess).isEqualTo(expected);
            seen.add(expected);
            if (expected.isZero()) {
                if (secret == 0) {
                    throttle.leave(guess, Outcome.GOOD);
                    model.good(account, network, secret);
                } else if (random.nextInt(10) == 0) {
                    throttle.leave(guess, Outcome.OPEN);
                } else {
                    throttle.leave(guess, Outcome.WRONG);
                    model.wrong(account, network, secret);
                }
            }
            clock.advance(Duration.ofSeconds(random.nextInt(1000) == 0 ? random.nextInt(100_000) : random.nextInt(4)));
        }
        assertThat(seen).hasSizeGreaterThan(10);
    }

    /** Fails, be it one of those that were let in before. */
    private void wrong(Guess guess) {
        throttle.enter(guess);
        throttle.leave(guess, Outcome.WRONG);
    }

    private void good(Guess guess) {
        assertThat(throttle.enter(guess)).isZero();
        throttle.leave(guess, Outcome.GOOD);
    }

    private static Guess guess(String account, String address, int secret) {
        return new Guess(
                new Fingerprint(account.hashCode(), 0, 0, 0),
                Network.of(InetAddresses.forString(address)),
                new Fingerprint(secret, 1, 1, 1));
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
