package io.entrepot.proxy.remote;

import io.entrepot.core.wire.TokenAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Tokens that are still good, at most a thousand. Whoever misses one waits for the first who asks. */
final class Tokens {
    static final int MOST = 1000;
    private static final Duration SHORTEST = Duration.ofSeconds(60);

    /**
     * @param shown what the token is given for: who has other credentials gets other tokens
     * @param scopes sorted */
    record Key(Optional<Credential> shown, String realm, String service, List<String> scopes) {
        Key {
            scopes = scopes.stream().sorted().toList();
        }
    }

    /** Prints none of itself. */
    record Token(String value, Instant renew) {

        /**
         * Renewed when a fifth of its life is left, ten seconds at least. Its life begins when it was issued, which is some
         * time ago if the endpoint had it in a cache; but if it would be over by now, the endpoint's clock is wrong.
         */
        static Token of(TokenAnswer answer, Instant now) {
            Duration life = answer.expiresIn().compareTo(SHORTEST) < 0 ? SHORTEST : answer.expiresIn();
            Duration good = Duration.ofSeconds(Math.min(life.toSeconds() * 8 / 10, life.toSeconds() - 10));
            Instant renew = answer.issuedAt().plus(good);
            boolean believable = answer.issuedAt().isBefore(now) && renew.isAfter(now);
            return new Token(answer.token(), believable ? renew : now.plus(good));
        }

        @Override
        public String toString() {
            return "token until " + renew;
        }
    }

    private final InstantSource clock;
    private final SingleFlight<Key, Token> asked = new SingleFlight<>();
    // Guarded by this.
    private final Map<Key, Token> good = new LinkedHashMap<>(16, 0.75f, true);

    Tokens(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Optional<Token> cached(Key key) {
        return Optional.ofNullable(good.get(key))
                .filter(token -> clock.instant().isBefore(token.renew));
    }

    synchronized void forget(Key key, String refused) {
        Token token = good.get(key);
        if (token != null && token.value.equals(refused)) {
            good.remove(key);
        }
    }

    synchronized void clear() {
        good.clear();
    }

    Token get(Key key, Supplier<Token> exchange) {
        return asked.get(
                key,
                () -> cached(key).orElseGet(() -> {
                    Token token = exchange.get();
                    put(key, token);
                    return token;
                }));
    }

    private synchronized void put(Key key, Token token) {
        good.put(key, token);
        if (good.size() > MOST) {
            good.remove(good.keySet().iterator().next());
        }
    }
}
