package io.entrepot.server.http;

import io.entrepot.core.Call;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Endpoint;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Everything under {@code /v2}: finds out what a request addresses and lets the registry answer. */
public final class RegistryHandler implements HttpHandler {
    private static final ByteBuffer EMPTY_OBJECT = ByteBuffer.wrap("{}".getBytes(StandardCharsets.US_ASCII));

    private final Registry registry;
    private final Workers workers;
    private final HttpOptions options;

    public RegistryHandler(Registry registry, Workers workers, HttpOptions options) {
        this.registry = registry;
        this.workers = workers;
        this.options = options;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Answers.API_VERSION, "registry/2.0");
        try {
            String method = exchange.getRequestMethod().toString();
            Endpoint endpoint = Endpoint.parse(method, RawPath.of(exchange), exchange.getQueryString());
            if (endpoint.methods().contains(method)) {
                route(endpoint, method, exchange);
            } else {
                exchange.getResponseHeaders().put(Headers.ALLOW, String.join(", ", endpoint.methods()));
                throw new RegistryException.Unsupported("this path does not have the method " + sane(method));
            }
        } catch (RegistryException e) {
            Errors.answer(exchange, e);
        }
    }

    /** A method is a token by HTTP's grammar, but of any length. */
    private static String sane(String method) {
        return method.length() <= 20 ? method : "of that name";
    }

    private void route(Endpoint endpoint, String method, HttpServerExchange exchange) {
        boolean read = method.equals("GET") || method.equals("HEAD");
        Call call = new Call(
                Principal.ANONYMOUS,
                read ? Call.Purpose.PULL : Call.Purpose.PUSH,
                Reach.ANYWHERE,
                RequestIds.of(exchange));
        Turn turn = new Turn(exchange, registry, workers, call);
        if (endpoint instanceof Endpoint.ManifestAt at) {
            manifest(turn, at, method);
        } else if (endpoint instanceof Endpoint.BlobAt at) {
            blob(turn, at, method);
        } else if (endpoint instanceof Endpoint.UploadStart at) {
            UploadRoutes.start(turn, at);
        } else if (endpoint instanceof Endpoint.UploadAt at) {
            upload(turn, at, method);
        } else if (endpoint instanceof Endpoint.TagList at) {
            ListRoutes.tags(turn, at);
        } else if (endpoint instanceof Endpoint.Referrers at) {
            ListRoutes.referrers(turn, at);
        } else if (endpoint instanceof Endpoint.Catalog at) {
            ListRoutes.catalog(turn, at);
        } else if (endpoint instanceof Endpoint.Extensions) {
            ListRoutes.extensions(exchange);
        } else {
            Answers.bytes(exchange, 200, Answers.JSON, EMPTY_OBJECT.duplicate());
        }
    }

    private void manifest(Turn turn, Endpoint.ManifestAt at, String method) {
        switch (method) {
            case "HEAD" -> ManifestRoutes.head(turn, at);
            case "PUT" -> ManifestRoutes.put(turn, at);
            case "DELETE" -> ManifestRoutes.delete(turn, at);
            default -> ManifestRoutes.get(turn, at);
        }
    }

    private void blob(Turn turn, Endpoint.BlobAt at, String method) {
        switch (method) {
            case "HEAD" -> BlobRoutes.head(turn, at);
            case "DELETE" -> BlobRoutes.delete(turn, at);
            default -> BlobRoutes.get(turn, at, options);
        }
    }

    private void upload(Turn turn, Endpoint.UploadAt at, String method) {
        switch (method) {
            case "PATCH" -> UploadRoutes.patch(turn, at);
            case "PUT" -> UploadRoutes.complete(turn, at);
            case "DELETE" -> UploadRoutes.cancel(turn, at);
            default -> UploadRoutes.status(turn, at);
        }
    }
}
