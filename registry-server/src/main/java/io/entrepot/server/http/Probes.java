package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a supervisor or a load balancer asks, without a login: whether this lives, and whether to send requests here. */
public final class Probes {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final ByteBuffer OK = ByteBuffer.wrap("ok\n".getBytes(StandardCharsets.US_ASCII));

    private final Supplier<Optional<String>> unready;

    /** @param unready why no requests should be sent here now, if so; asked on an IO thread, so it must not block */
    public Probes(Supplier<Optional<String>> unready) {
        this.unready = unready;
    }

    public List<Route> routes() {
        return List.of(
                Route.free("/livez", Route.READ, exchange -> Answers.bytes(exchange, 200, TEXT, OK.duplicate())),
                Route.free("/readyz", Route.READ, this::ready));
    }

    private void ready(HttpServerExchange exchange) {
        Optional<String> reason = unready.get();
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        if (reason.isEmpty()) {
            Answers.bytes(exchange, 200, TEXT, OK.duplicate());
        } else {
            ByteBuffer text = ByteBuffer.wrap((reason.get() + "\n").getBytes(StandardCharsets.UTF_8));
            Answers.bytes(exchange, 503, TEXT, text);
        }
    }
}
