package io.entrepot.auth.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Something that is fetched from elsewhere: kept while it is fresh, and longer if it cannot be fetched anew. One thread
 * fetches at a time; others have what was there before, or wait for it if there was nothing.
 */
final class Refreshed<T> {
    static final Duration FRESH = Duration.ofHours(1);
    /** Between two calls, however many ask. */
    static final Duration PAUSE = Duration.ofMinutes(1);
    /** The same, as long as there was nothing to be had at all. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

    private final Source<T> source;
    private final InstantSource clock;
    private final AtomicReference<CompletableFuture<State<T>>> running = new AtomicReference<>();
    private volatile State<T> state = new State<>(Optional.empty(), Instant.MIN, Instant.MIN, "");

    @FunctionalInterface
    interface Source<T> {
        T fetch() throws Outbound.FailedException;
    }

    private record State<T>(Optional<T> value, Instant fetched, Instant tried, String failure) {
        T get() throws Outbound.FailedException {
            if (value.isEmpty()) {
                throw new Outbound.FailedException(failure);
            }
            return value.get();
        }
    }

    Refreshed(Source<T> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** @throws Outbound.FailedException if there never was one, and there is none now */
    T get() throws Outbound.FailedException {
        State<T> now = state;
        boolean fresh = now.value().isPresent()
                && clock.instant().isBefore(now.fetched().plus(FRESH));
        return fresh ? now.get() : again();
    }

    /** Fetched anew, unless that was tried a moment ago. */
    T again() throws Outbound.FailedException {
        State<T> before = state;
        Duration pause = before.value().isPresent() ? PAUSE : FIRST_PAUSE;
        boolean tried = before.tried().isAfter(Instant.MIN)
                && clock.instant().isBefore(before.tried().plus(pause));
        return tried ? before.get() : fetchOnce(before).get();
    }

    private State<T> fetchOnce(State<T> before) {
        CompletableFuture<State<T>> mine = new CompletableFuture<>();
        CompletableFuture<State<T>> other = running.compareAndExchange(null, mine);
        if (other != null) {
            return before.value().isPresent() ? before : other.join();
        }
        try {
            boolean late = !state.tried().equals(before.tried());
            State<T> after = late ? state : fetch(before);
            state = after;
            mine.complete(after);
            return after;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.set(null);
        }
    }

    private State<T> fetch(State<T> before) {
        try {
            T value = source.fetch();
            Instant now = clock.instant();
            return new State<>(Optional.of(value), now, now, "");
        } catch (Outbound.FailedException e) {
            return new State<>(before.value(), before.fetched(), clock.instant(), String.valueOf(e.getMessage()));
        }
    }
}
