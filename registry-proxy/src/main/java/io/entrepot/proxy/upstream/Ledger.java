package io.entrepot.proxy.upstream;

import io.entrepot.proxy.remote.RemoteWatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What one source has been asked and has answered. It is made before the client that it is to watch, and then handed to
 * the {@link UpstreamSource}. Safe for all threads.
 */
public final class Ledger implements RemoteWatch {
    private final InstantSource clock;

    // Guarded by this.
    private final Map<String, Long> requests = new TreeMap<>();
    private long receivedBytes;
    private long failures;
    private OptionalLong limit = OptionalLong.empty();
    private OptionalLong remaining = OptionalLong.empty();
    private Optional<Duration> window = Optional.empty();
    private Instant reported = Instant.MIN;
    private Optional<Trouble> last = Optional.empty();

    /** What went wrong last. */
    public record Trouble(Instant at, String message) {}

    /** @param requests by kind */
    public record Figures(
            Map<String, Long> requests,
            long receivedBytes,
            long failures,
            OptionalLong limit,
            OptionalLong remaining,
            Optional<Duration> window,
            Optional<Trouble> last) {
        public Figures {
            requests = Map.copyOf(requests);
        }

        /** Such as {@code 7 of 100 pulls left}; empty for an upstream that sets no limit. */
        public Optional<String> pullsLeft() {
            return limit.isPresent() && remaining.isPresent()
                    ? Optional.of(remaining.getAsLong() + " of " + limit.getAsLong() + " pulls left")
                    : Optional.empty();
        }
    }

    public Ledger(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void answered(String method, String kind, int status, Budget budget) {
        requests.merge(kind, 1L, Long::sum);
        // Limits are not on every answer; one that is silent takes nothing back.
        if (budget.remaining().isPresent()) {
            remaining = budget.remaining();
            limit = budget.limit();
            window = budget.window();
            reported = clock.instant();
        }
    }

    @Override
    public synchronized void failed(String method, String kind, Exception why) {
        requests.merge(kind, 1L, Long::sum);
        failures++;
    }

    @Override
    public synchronized void received(String kind, long bytes, OptionalInt status) {
        receivedBytes += bytes;
    }

    synchronized void trouble(String message) {
        last = Optional.of(new Trouble(clock.instant(), message));
    }

    public synchronized Figures figures() {
        boolean current = current();
        return new Figures(
                requests,
                receivedBytes,
                failures,
                current ? limit : OptionalLong.empty(),
                current ? remaining : OptionalLong.empty(),
                current ? window : Optional.empty(),
                last);
    }

    /** A report that is older than its window says nothing of the present. */
    private boolean current() {
        return window.map(w -> clock.instant().isBefore(reported.plus(w))).orElse(true);
    }
}
