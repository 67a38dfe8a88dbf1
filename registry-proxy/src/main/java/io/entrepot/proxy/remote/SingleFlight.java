package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** What several want at once is fetched by the first of them. The others wait, and get the same value or failure. */
final class SingleFlight<K, V> {
    // Guarded by this.
    private final Map<K, CompletableFuture<V>> asked = new HashMap<>();

    /**
     * @param fetch ends by itself, since nobody who waits gives up before */
    V get(K key, Supplier<V> fetch) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> theirs;
        synchronized (this) {
            theirs = asked.putIfAbsent(key, mine);
        }
        return theirs == null ? lead(key, mine, fetch) : await(theirs);
    }

    private V lead(K key, CompletableFuture<V> mine, Supplier<V> fetch) {
        try {
            V value = fetch.get();
            mine.complete(value);
            return value;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            synchronized (this) {
                asked.remove(key);
            }
        }
    }

    private static <V> V await(CompletableFuture<V> theirs) {
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
