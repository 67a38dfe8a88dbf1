package io.entrepot.auth.oidc;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Logins whose browsers are at the provider. Each can be taken once, for ten minutes. Whoever begins very many pushes out
 * his own first, by address, and then the oldest.
 */
final class PendingLogins {
    static final int MAX = 1000;
    static final int MAX_PER_ADDRESS = 50;
    static final Duration TIME = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<String, Pending> byState = new HashMap<>();
    /** The keys of {@code byState}, the oldest first. This and the map are guarded by this. */
    private final Deque<String> order = new ArrayDeque<>();

    /** @param browser the hash of the word that the browser keeps as a cookie */
    record Pending(
            String nonce,
            String verifier,
            String browser,
            ReturnPath returnTo,
            URI callback,
            InetAddress from,
            Instant until) {}

    PendingLogins(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(String state, Pending login) {
        dropExpired();
        long same = byState.values().stream()
                .filter(other -> other.from().equals(login.from()))
                .count();
        if (same >= MAX_PER_ADDRESS) {
            order.stream()
                    .filter(key -> {
                        Pending other = byState.get(key);
                        return other != null && other.from().equals(login.from());
                    })
                    .findFirst()
                    .ifPresent(this::drop);
        } else if (byState.size() >= MAX) {
            drop(order.getFirst());
        }
        String key = Chance.hash(state);
        byState.put(key, login);
        order.addLast(key);
    }

    synchronized Optional<Pending> take(String state) {
        dropExpired();
        String key = Chance.hash(state);
        Optional<Pending> taken = Optional.ofNullable(byState.get(key));
        drop(key);
        return taken;
    }

    private void dropExpired() {
        Instant now = clock.instant();
        while (!order.isEmpty()) {
            Pending oldest = byState.get(order.getFirst());
            if (oldest != null && now.isBefore(oldest.until())) {
                return;
            }
            drop(order.getFirst());
        }
    }

    private void drop(String key) {
        byState.remove(key);
        order.remove(key);
    }

    synchronized int size() {
        return byState.size();
    }
}
