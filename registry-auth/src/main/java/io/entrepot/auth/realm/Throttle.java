package io.entrepot.auth.realm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes guessing slow without making anybody wait: whoever has failed too often is told for how long he need not try.
 *
 * <p>Failures are counted for an account from one network: {@value #FREE_FAILURES} cost nothing, then each doubles the
 * delay up to five minutes. So nobody is locked out by what strangers try elsewhere, nor by a colleague behind the same
 * address. A network from which {@value #FREE_ACCOUNTS} accounts have failed is slowed as a whole, except for those who
 * have logged in from there within a day; so is a /48 of IPv6, of which one customer can have all, from {@value
 * #FREE_IN_SITE}. What was good from there last is never delayed, the same wrong secret again
 * counts once, and from the machine itself no delay is longer than five seconds.
 *
 * <p>Of accounts and secrets only fingerprints are kept, and of those a fixed number: the least recent go first.
 */
final class Throttle {
    static final int FREE_FAILURES = 5;
    static final int FREE_ACCOUNTS = 20;
    static final int FREE_IN_SITE = 100;
    static final Duration LONGEST = Duration.ofMinutes(5);
    static final Duration LONGEST_OF_NETWORK = Duration.ofMinutes(1);
    static final Duration LONGEST_HERE = Duration.ofSeconds(5);
    /** An account's failures are forgotten when there was none for so long. */
    static final Duration FORGET = Duration.ofHours(1);

    static final Duration FORGET_NETWORK = Duration.ofMinutes(10);
    /** How long somebody is remembered to have logged in from a network. */
    static final Duration FAMILIAR = Duration.ofHours(24);
    /** While somebody who has no free failure left is being verified, others of his name wait for this. */
    static final Duration ONE_AT_A_TIME = Duration.ofSeconds(1);

    static final int MAX_TRIES = 65_536;
    static final int MAX_NETWORKS = 16_384;

    /** A secret shown for an account, from somewhere. */
    record Guess(Fingerprint account, Network network, Fingerprint secret) {
        Place place() {
            return new Place(account, network);
        }
    }

    /** What came of it. */
    enum Outcome {
        GOOD,
        WRONG,
        /** It could not be judged. */
        OPEN
    }

    private record Place(Fingerprint account, Network network) {}

    /** What is known of an account from a network. Guarded by the throttle. */
    private static final class Tries {
        private int failures;
        private Instant lastFailure = Instant.EPOCH;
        private Optional<Fingerprint> lastWrong = Optional.empty();
        private int running;
        private Optional<Fingerprint> good = Optional.empty();
        private Instant goodAt = Instant.EPOCH;
    }

    /** What is known of a network. Guarded by the throttle. */
    private static final class Spread {
        private int accounts;
        private Instant lastFailure = Instant.EPOCH;
    }

    private final InstantSource clock;
    private final Map<Place, Tries> tries = new Recent<>(MAX_TRIES);
    private final Map<Network, Spread> spreads = new Recent<>(MAX_NETWORKS);

    Throttle(InstantSource clock) {
        this.clock = clock;
    }

    /** For how long it is of no use to try this; zero if it may be tried now. */
    synchronized Duration delay(Guess guess) {
        Tries known = tries.get(guess.place());
        Instant now = clock.instant();
        if (known != null && isLastGood(known, guess, now)) {
            return Duration.ZERO;
        }
        Duration own = known == null ? Duration.ZERO : delay(known, guess.network(), now);
        boolean familiar = known != null && now.isBefore(known.goodAt.plus(FAMILIAR));
        return familiar ? own : longer(own, delayOfAll(guess.network(), now));
    }

    /**
     * As {@link #delay}; and if that is zero, the guess is running until {@link #leave}. Where no failure is free any more,
     * only one runs at a time, so that many at once are no way round.
     */
    synchronized Duration enter(Guess guess) {
        Duration delay = delay(guess);
        if (!delay.isZero()) {
            return delay;
        }
        Tries known = tries.computeIfAbsent(guess.place(), place -> new Tries());
        Instant now = clock.instant();
        boolean last = known.running > 0 && failures(known, now) + known.running >= FREE_FAILURES;
        if (last && !isLastGood(known, guess, now)) {
            return ONE_AT_A_TIME;
        }
        known.running++;
        return Duration.ZERO;
    }

    synchronized void leave(Guess guess, Outcome outcome) {
        Tries known = tries.computeIfAbsent(guess.place(), place -> new Tries());
        known.running = Math.max(0, known.running - 1);
        Instant now = clock.instant();
        if (outcome == Outcome.GOOD) {
            succeeded(known, guess, now);
        } else if (outcome == Outcome.WRONG) {
            failed(known, guess, now);
        }
    }

    /** Counts are kept if the good secret is an old one: its owner logs in all day while somebody else is guessing. */
    private static void succeeded(Tries known, Guess guess, Instant now) {
        if (!isLastGood(known, guess, now)) {
            known.failures = 0;
            known.lastWrong = Optional.empty();
        }
        known.good = Optional.of(guess.secret());
        known.goodAt = now;
    }

    private void failed(Tries known, Guess guess, Instant now) {
        int before = failures(known, now);
        if (before > 0 && known.lastWrong.equals(Optional.of(guess.secret()))) {
            return;
        }
        known.failures = before + 1;
        known.lastFailure = now;
        known.lastWrong = Optional.of(guess.secret());
        if (before == 0) {
            Stream.of(guess.network(), guess.network().site()).distinct().forEach(network -> failed(network, now));
        }
    }

    private void failed(Network place, Instant now) {
        Spread spread = spreads.computeIfAbsent(place, network -> new Spread());
        spread.accounts = accounts(spread, now) + 1;
        spread.lastFailure = now;
    }

    private static boolean isLastGood(Tries known, Guess guess, Instant now) {
        return known.good.equals(Optional.of(guess.secret())) && now.isBefore(known.goodAt.plus(FAMILIAR));
    }

    private static Duration delay(Tries known, Network network, Instant now) {
        Duration longest = network.loopback() ? LONGEST_HERE : LONGEST;
        return left(failures(known, now) - FREE_FAILURES, longest, known.lastFailure, now);
    }

    private Duration delayOfAll(Network network, Instant now) {
        Duration own = delay(network, FREE_ACCOUNTS, now);
        Network site = network.site();
        return site.equals(network) ? own : longer(own, delay(site, FREE_IN_SITE, now));
    }

    private Duration delay(Network network, int free, Instant now) {
        Spread spread = spreads.get(network);
        if (spread == null) {
            return Duration.ZERO;
        }
        Duration longest = network.loopback() ? LONGEST_HERE : LONGEST_OF_NETWORK;
        return left(accounts(spread, now) - free, longest, spread.lastFailure, now);
    }

    /** One second from the last failure for none above what is free, two for one, four for two, up to the longest. */
    private static Duration left(int above, Duration longest, Instant lastFailure, Instant now) {
        if (above < 0) {
            return Duration.ZERO;
        }
        Duration whole = shorter(Duration.ofSeconds(1L << Math.min(above, 30)), longest);
        Duration left = Duration.between(now, lastFailure.plus(whole));
        return longer(left, Duration.ZERO);
    }

    private static int failures(Tries known, Instant now) {
        return now.isBefore(known.lastFailure.plus(FORGET)) ? known.failures : 0;
    }

    private static int accounts(Spread spread, Instant now) {
        return now.isBefore(spread.lastFailure.plus(FORGET_NETWORK)) ? spread.accounts : 0;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** How many are remembered. */
    synchronized int size() {
        return tries.size() + spreads.size();
    }

    /** Forgets what was not used for longest. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;
        private final int max;

        private Recent(int max) {
            super(16, 0.75f, true);
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > max;
        }
    }
}
