package io.entrepot.server.http;

import io.entrepot.core.Call;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Endpoint;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everything under {@code /v2}: finds out what a request addresses and who sent it, and lets the registry answer. */
public final class RegistryHandler implements HttpHandler {
    private static final ByteBuffer EMPTY_OBJECT = ByteBuffer.wrap("{}".getBytes(StandardCharsets.US_ASCII));
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Map<Class<? extends Endpoint>, Need> NEEDS = Map.of(
            Endpoint.Base.class, Need.KNOWN,
            Endpoint.Extensions.class, Need.KNOWN,
            Endpoint.Catalog.class, Need.GUARDED,
            Endpoint.TagList.class, Need.GUARDED,
            Endpoint.ManifestAt.class, Need.GUARDED,
            Endpoint.BlobAt.class, Need.GUARDED,
            Endpoint.UploadStart.class, Need.GUARDED,
            Endpoint.UploadAt.class, Need.GUARDED,
            Endpoint.Referrers.class, Need.GUARDED);

    private final Reception reception;
    private final HttpOptions options;

    public RegistryHandler(Reception reception, HttpOptions options) {
        this.reception = reception;
        this.options = options;
    }

    /** All that is served here, for {@link Site}. */
    public Route route() {
        return new Route("/v2", true, METHODS, Need.GUARDED, this);
    }

    /** What an endpoint asks of those who come; nothing is served that this does not know. */
    static Need need(Class<? extends Endpoint> endpoint) {
        return Optional.ofNullable(NEEDS.get(endpoint))
                .orElseThrow(() -> new IllegalStateException("nobody has decided who may come to " + endpoint));
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Answers.API_VERSION, "registry/2.0");
        try {
            String method = exchange.getRequestMethod().toString();
            Endpoint endpoint = Endpoint.parse(method, RawPath.of(exchange), exchange.getQueryString());
            if (endpoint.methods().contains(method)) {
                reception.admit(
                        exchange, endpoint.scopes(method), admission -> enter(endpoint, method, exchange, admission));
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

    private void enter(Endpoint endpoint, String method, HttpServerExchange exchange, Admission admission) {
        Entrance entrance = reception.entrance();
        try {
            if (!entrance.pingsAnybody()) {
                Reception.require(need(endpoint.getClass()), admission);
            }
            Registry view = entrance.view().of(admission.caller(), namespace(exchange));
            boolean read = method.equals("GET") || method.equals("HEAD");
            Call call = new Call(
                    admission.caller().principal(),
                    read ? Call.Purpose.PULL : Call.Purpose.PUSH,
                    Reach.ANYWHERE,
                    RequestIds.of(exchange));
            route(endpoint, method, new Turn(exchange, view, reception.workers(), call, admission));
        } catch (RuntimeException e) {
            admission.refuse(e);
        }
    }

    /** Our own name there means ours: some clients send the name of whatever they ask. */
    private Optional<String> namespace(HttpServerExchange exchange) {
        String query = exchange.getQueryString();
        if (!query.contains(Endpoint.NAMESPACE + "=")) {
            return Optional.empty();
        }
        String host = Header.of(exchange, Headers.HOST);
        return Endpoint.namespace(query)
                .filter(name -> !name.equalsIgnoreCase(host)
                        && !reception.publicUrl(exchange).endsWith("//" + name));
    }

    private void route(Endpoint endpoint, String method, Turn turn) {
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
            ListRoutes.extensions(turn.exchange());
        } else {
            Answers.bytes(turn.exchange(), 200, Answers.JSON, EMPTY_OBJECT.duplicate());
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
