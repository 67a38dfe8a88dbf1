package io.entrepot.server.http;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests that are being answered, so that a server can stop when there are none, and begins no more then. */
public final class Draining {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long POLL_MILLIS = 10;

    private final AtomicInteger active = new AtomicInteger();
    private volatile boolean refusing;

    public HttpHandler around(HttpHandler next) {
        return exchange -> {
            active.incrementAndGet();
            exchange.addExchangeCompleteListener((done, more) -> {
                active.decrementAndGet();
                more.proceed();
            });
            if (refusing) {
                refuse(exchange);
            } else {
                next.handleRequest(exchange);
            }
        };
    }

    private static void refuse(HttpServerExchange exchange) {
        exchange.setPersistent(false);
        Errors.answer(
                exchange,
                new RegistryException.Unavailable(
                        ErrorCode.UNAVAILABLE,
                        "this registry is shutting down: try again in a moment",
                        Optional.of(RETRY_AFTER),
                        null));
    }

    /** From now on new requests are told to come back later. Those that have begun go on. */
    public void refuse() {
        refusing = true;
    }

    public int active() {
        return active.get();
    }

    /**
     * Waits until nothing is being answered.
     *
     * @return false if something still is after that time
     */
    public boolean await(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (active.get() > 0) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }
}
