package io.entrepot.server.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a connector's requests come to first: names the request, notes it in the access log, answers the probes and
 * preflights that need no login, and hands {@code /v2} on. Nothing else is here, and a load balancer's {@code HEAD /}
 * hears that at once.
 */
public final class RootHandler implements HttpHandler {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final ByteBuffer OK = ascii("ok\n");
    private static final ByteBuffer NOTHING_HERE = ascii("{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":"
            + "\"nothing is served under this path: the registry is under /v2/\"}]}");

    private final HttpHandler registry;
    private final Supplier<Optional<String>> unready;
    private final Cors cors;
    private final RequestIds ids;
    private final AccessLog log = new AccessLog();

    /**
     * @param registry answers what is under {@code /v2}
     * @param unready why no requests should be sent here now, if so; asked on an IO thread, so it must not block
     * @param processId a word that tells the request ids of this process from those of others
     */
    public RootHandler(
            HttpHandler registry, Supplier<Optional<String>> unready, HttpOptions options, String processId) {
        this.registry = registry;
        this.unready = unready;
        this.cors = new Cors(options.corsOrigins());
        this.ids = new RequestIds(processId);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        String id = ids.assign(exchange);
        RequestIds.addTo(exchange.getResponseHeaders(), id);
        log.observe(exchange, id);
        cors.allow(exchange);
        String path = RawPath.of(exchange);
        if (path.startsWith("/v2") && (path.length() == 3 || path.charAt(3) == '/')) {
            if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
                cors.preflight(exchange);
            } else {
                registry.handleRequest(exchange);
            }
        } else if (path.equals("/livez")) {
            Answers.bytes(exchange, 200, TEXT, OK.duplicate());
        } else if (path.equals("/readyz")) {
            ready(exchange);
        } else {
            Answers.bytes(exchange, 404, Answers.JSON, NOTHING_HERE.duplicate());
        }
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

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
