package io.entrepot.server.http;

import io.entrepot.core.RegistryException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a connector's requests come to first: names the request, notes it in the access log, answers preflights, which
 * need no login, and leads the request to its route. Where there is none it says so at once, which is what a load
 * balancer's {@code HEAD /} hears.
 */
public final class RootHandler implements HttpHandler {
    private static final ByteBuffer NOTHING_HERE =
            ByteBuffer.wrap(("{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":"
                            + "\"nothing is served under this path: the registry is under /v2/\"}]}")
                    .getBytes(StandardCharsets.US_ASCII));

    private final Site.Choice sites;
    private final Cors cors;
    private final RequestIds ids;
    private final AccessLog log = new AccessLog();

    /** @param processId a word that tells the request ids of this process from those of others */
    public RootHandler(Site.Choice sites, HttpOptions options, String processId) {
        this.sites = sites;
        this.cors = new Cors(options.corsOrigins());
        this.ids = new RequestIds(processId);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        String id = ids.assign(exchange);
        RequestIds.addTo(exchange.getResponseHeaders(), id);
        log.observe(exchange, id);
        cors.allow(exchange);
        Optional<Route> route = sites.of(exchange).at(RawPath.of(exchange));
        if (route.isEmpty()) {
            Answers.bytes(exchange, 404, Answers.JSON, NOTHING_HERE.duplicate());
        } else if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
            cors.preflight(exchange);
        } else if (route.get().need() != Need.GUARDED
                && !route.get().methods().contains(exchange.getRequestMethod().toString())) {
            exchange.getResponseHeaders()
                    .put(
                            Headers.ALLOW,
                            String.join(", ", new TreeSet<>(route.get().methods())));
            Errors.answer(exchange, new RegistryException.Unsupported("this path does not have that method"));
        } else {
            route.get().handler().handleRequest(exchange);
        }
    }
}
