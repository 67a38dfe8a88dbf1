package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Tokens that are still good, at most a thousand. Whoever misses one waits for the first who asks. */
final class Tokens {
    static final int MOST = 1000;

    /**
     * @param scopes sorted */
    record Key(String realm, String service, List<String> scopes) {
        Key {
            scopes = scopes.stream().sorted().toList();
        }
    }

    /** Prints none of itself. */
    record Token(String value, Instant renew) {
        static Token of(String value, Duration said, Instant now) {
            Duration life = said.toSeconds() < 60 ? Duration.ofSeconds(60) : said;
            long seconds = Math.min(life.toSeconds() * 8 / 10, life.toSeconds() - 10);
            return new Token(value, now.plusSeconds(seconds));
        }

        @Override
        public String toString() {
            return "token until " + renew;
        }
    }

    private final InstantSource clock;
    // Both guarded by this.
    private final Map<Key, Token> good = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Key, CompletableFuture<Token>> asked = new LinkedHashMap<>();

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
        CompletableFuture<Token> mine = new CompletableFuture<>();
        CompletableFuture<Token> theirs;
        synchronized (this) {
            Optional<Token> cached = cached(key);
            if (cached.isPresent()) {
                return cached.get();
            }
            theirs = asked.putIfAbsent(key, mine);
        }
        return theirs == null ? lead(key, mine, exchange) : await(theirs);
    }

    private Token lead(Key key, CompletableFuture<Token> mine, Supplier<Token> exchange) {
        try {
            Token token = exchange.get();
            synchronized (this) {
                good.put(key, token);
                if (good.size() > MOST) {
                    good.remove(good.keySet().iterator().next());
                }
            }
            mine.complete(token);
            return token;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            synchronized (this) {
                asked.remove(key);
            }
        }
    }

    /** The leader's calls end by their deadlines, so this does too. */
    private static Token await(CompletableFuture<Token> theirs) {
        try {
            return theirs.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RegistryException known) {
                throw known;
            }
            throw e;
        }
    }
}
