package io.entrepot.proxy.upstream;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.RegistryException.Unavailable;
import io.entrepot.proxy.upstream.UpstreamState.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Whether one source may be asked now: its breaker, its refusal of our credentials, and how long it is left alone after a
 * 429. Whoever {@linkplain #enter enters} says exactly once how it ended. All fields are guarded by this; nothing here
 * waits.
 */
final class Health {
    private final String who;
    private final UpstreamOptions options;
    private final InstantSource clock;
    private final RandomGenerator chance;

    private Condition breaker = Condition.CLOSED; // or OPEN or REFUSED
    private Instant since;
    private Instant until = Instant.MIN;
    private Duration backoff = Duration.ZERO;
    private int failures;
    private boolean probing;
    /** Changes with every state of the breaker: how a call ended that began before says nothing of what is now. */
    private long epoch;

    private final Map<Kind, Instant> cooling = new EnumMap<>(Kind.class);

    /** Leave to ask. */
    record Pass(Kind kind, boolean probe, long epoch) {}

    Health(String who, UpstreamOptions options, InstantSource clock, RandomGenerator chance) {
        this.who = who;
        this.options = options;
        this.clock = clock;
        this.chance = chance;
        this.since = clock.instant();
    }

    /** @throws Unavailable if it is to be left alone, with what is left of that time */
    synchronized Pass enter(Kind kind) {
        Instant now = clock.instant();
        Instant cool = cooling.getOrDefault(kind, Instant.MIN);
        if (now.isBefore(cool)) {
            throw new Unavailable(
                    ErrorCode.TOOMANYREQUESTS,
                    who + " has said that there were too many requests: try again later, or configure credentials"
                            + " with a higher limit",
                    left(now, cool),
                    null);
        }
        if (breaker == Condition.CLOSED) {
            return new Pass(kind, false, epoch);
        }
        if (probing || now.isBefore(until)) {
            throw breaker == Condition.REFUSED ? refused(left(now, until)) : failing(left(now, until));
        }
        probing = true;
        return new Pass(kind, true, epoch);
    }

    /** It answered, whatever it said. */
    synchronized void answered(Pass pass) {
        if (pass.epoch == epoch) {
            failures = 0;
            if (breaker != Condition.CLOSED) {
                close();
            }
        }
    }

    /** It could not be asked or was not well. */
    synchronized void failed(Pass pass) {
        if (pass.epoch == epoch && (++failures >= options.failures() || pass.probe)) {
            open(Condition.OPEN, options.firstBackoff(), options.mostBackoff());
        }
    }

    /** Nothing was learnt, since it was not its fault. */
    synchronized void abandoned(Pass pass) {
        if (pass.epoch == epoch && pass.probe) {
            probing = false;
        }
    }

    synchronized void tooMany(Pass pass, Optional<Duration> retryAfter) {
        answered(pass);
        Duration time = retryAfter.orElse(options.coolDown());
        Duration most = options.mostCoolDown();
        Instant end = clock.instant().plus(time.compareTo(most) > 0 ? most : time);
        cooling.merge(pass.kind, end, (a, b) -> a.isAfter(b) ? a : b);
    }

    /** It refused the credentials that are configured: asking on would lock the account. */
    synchronized Unavailable credentialsRefused(Pass pass) {
        if (pass.epoch == epoch) {
            open(Condition.REFUSED, options.firstRefusal(), options.mostRefusal());
        }
        return refused(left(clock.instant(), until));
    }

    /** As new: for an administrator who has mended it. */
    synchronized void reset() {
        cooling.clear();
        failures = 0;
        close();
    }

    synchronized UpstreamState.OfSource state(String label, Ledger.Figures figures) {
        Instant now = clock.instant();
        if (breaker != Condition.CLOSED) {
            boolean waits = now.isBefore(until);
            Condition shown = waits ? breaker : Condition.HALF_OPEN;
            return new UpstreamState.OfSource(
                    label, shown, since, waits ? Optional.of(until) : Optional.empty(), figures);
        }
        Optional<Instant> cool = cooling.values().stream().filter(now::isBefore).max(Instant::compareTo);
        return new UpstreamState.OfSource(
                label, cool.isPresent() ? Condition.COOLING : Condition.CLOSED, since, cool, figures);
    }

    private void open(Condition how, Duration first, Duration most) {
        Duration doubled = breaker == how ? backoff.multipliedBy(2) : first;
        backoff = doubled.compareTo(most) > 0 ? most : doubled;
        // Between three quarters and the whole, so that several of us do not come back all at once. Refused credentials
        // are left alone for all of it.
        long nanos = backoff.toNanos();
        long time = how == Condition.REFUSED ? nanos : nanos - (long) (nanos / 4.0 * chance.nextDouble());
        change(how);
        until = since.plusNanos(time);
    }

    private void close() {
        change(Condition.CLOSED);
        until = Instant.MIN;
        backoff = Duration.ZERO;
    }

    private void change(Condition to) {
        breaker = to;
        since = clock.instant();
        failures = 0;
        probing = false;
        epoch++;
    }

    private Unavailable failing(Optional<Duration> left) {
        return new Unavailable(
                ErrorCode.UNAVAILABLE,
                who + " has failed too often and is left alone for a while: see whether it is up and can be reached",
                left,
                null);
    }

    private Unavailable refused(Optional<Duration> left) {
        return new Unavailable(
                ErrorCode.UNAVAILABLE,
                who + " refused the configured credentials: set them in the settings of this registry's upstream",
                left,
                null);
    }

    /** At least a second: the probe that is under way needs about that. */
    private static Optional<Duration> left(Instant now, Instant end) {
        Duration second = Duration.ofSeconds(1);
        return Optional.of(end.isBefore(now.plus(second)) ? second : Duration.between(now, end));
    }

    /** Asks, and notes how it ended. Holds no lock meanwhile. */
    <T> T ask(Kind kind, Ledger ledger, Supplier<T> question) {
        Pass pass = enter(kind);
        boolean learnt = false;
        try {
            T answer = question.get();
            answered(pass);
            learnt = true;
            return answer;
        } catch (RegistryException.InsufficientStorage e) {
            throw e; // Our own disk's fault.
        } catch (Unavailable e) {
            learnt = true;
            ledger.trouble(e.problems().get(0).message());
            if (e.code() == ErrorCode.TOOMANYREQUESTS) {
                tooMany(pass, e.retryAfter());
            } else {
                failed(pass);
            }
            throw e;
        } catch (Unauthorized e) {
            learnt = true;
            if (e.reason() != Unauthorized.Reason.WRONG_CREDENTIALS) {
                answered(pass);
                throw e;
            }
            Unavailable refused = credentialsRefused(pass);
            ledger.trouble(refused.problems().get(0).message());
            throw refused;
        } catch (RegistryException e) {
            learnt = true;
            answered(pass); // Unknown, denied and the like are answers.
            throw e;
        } finally {
            if (!learnt) {
                abandoned(pass);
            }
        }
    }
}
