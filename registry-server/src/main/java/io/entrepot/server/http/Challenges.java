package io.entrepot.server.http;

import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.wire.Challenge;
import io.entrepot.core.wire.Scope;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Puts on a 401 the one challenge that makes the client come back with what is missing. */
final class Challenges {
    static final String REALM = "Entrepot";

    private final Entrance entrance;
    private final Function<HttpServerExchange, String> publicUrl;

    /** @param publicUrl where the client reached this connector: scheme, host and port, without a slash at the end */
    Challenges(Entrance entrance, Function<HttpServerExchange, String> publicUrl) {
        this.entrance = entrance;
        this.publicUrl = publicUrl;
    }

    void addTo(HttpServerExchange exchange, List<Scope> scopes, Unauthorized why) {
        exchange.getResponseHeaders()
                .put(Headers.WWW_AUTHENTICATE, of(exchange, scopes, why).render());
    }

    private Challenge of(HttpServerExchange exchange, List<Scope> scopes, Unauthorized why) {
        // A token is for the protocol only.
        if (entrance.basic() || !RawPath.of(exchange).startsWith("/v2")) {
            return new Challenge.Basic(REALM);
        }
        Optional<String> error = switch (why.reason()) {
            case NOBODY, WRONG_CREDENTIALS -> Optional.empty();
            case INVALID_TOKEN -> Optional.of("invalid_token");
            case INSUFFICIENT_SCOPE -> Optional.of("insufficient_scope");
        };
        TokenServer tokens = entrance.elsewhere()
                .orElseGet(() -> new TokenServer(publicUrl.apply(exchange) + "/v2/token", entrance.service()));
        Challenge.Bearer challenge = new Challenge.Bearer(tokens.realm(), tokens.service(), scopes, error);
        return error.isEmpty() ? challenge : challenge.describedBy(String.valueOf(why.getMessage()));
    }
}
