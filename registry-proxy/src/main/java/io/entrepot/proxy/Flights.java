package io.entrepot.proxy;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Questions that are under way, each asked once however many want the answer. Safe for all threads. */
final class Flights<K, V> {
    private final Map<K, CompletableFuture<V>> under = new ConcurrentHashMap<>();
    private final Executor threads;

    /** @param threads on which is asked; whoever wants the answer only waits */
    Flights(Executor threads) {
        this.threads = threads;
    }

    /**
     * The answer, if it comes within {@code patience}; it is waited for by others, or kept by whoever asks, all the same.
     *
     * @throws RegistryException whatever the question threw
     */
    Optional<V> ask(K key, Supplier<V> question, Duration patience) {
        CompletableFuture<V> answer = begin(key, question);
        try {
            return Optional.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while another registry was asked", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RegistryException why
                    ? why
                    : RegistryException.storage("another registry's answer could not be used", e.getCause());
        }
    }

    /** Asks, unless that is under way. */
    CompletableFuture<V> begin(K key, Supplier<V> question) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> other = under.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        try {
            threads.execute(() -> {
                try {
                    V answer = question.get();
                    under.remove(key, mine);
                    mine.complete(answer);
                } catch (RuntimeException | Error e) {
                    under.remove(key, mine);
                    mine.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            under.remove(key, mine);
            RegistryException busy = unavailable("too many questions to other registries are open: try again", e);
            mine.completeExceptionally(busy);
            throw busy;
        }
        return mine;
    }

    private static RegistryException unavailable(String message, Exception cause) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, message, Optional.of(Duration.ofSeconds(1)), cause);
    }
}
