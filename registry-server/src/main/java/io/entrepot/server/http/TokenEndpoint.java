package io.entrepot.server.http;

import io.entrepot.auth.token.TokenDesk;
import io.entrepot.auth.token.TokenService;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Challenge;
import io.entrepot.core.wire.TokenRefusal;
import io.entrepot.core.wire.TokenRequest;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@code /v2/token}: where clients of a connector fetch their tokens, with a GET or a POST. It is free for everybody, since it
 * judges what they show by itself; what it answers is never kept by anybody in between.
 */
public final class TokenEndpoint {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final String FORM = "application/x-www-form-urlencoded";

    private final TokenService service;
    private final TokenDesk desk;
    private final Reception reception;

    public TokenEndpoint(TokenService service, TokenDesk desk, Reception reception) {
        this.service = service;
        this.desk = desk;
        this.reception = reception;
    }

    public Route route() {
        return Route.free("/v2/token", METHODS, this::handle);
    }

    private void handle(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, Answers.NO_STORE);
        exchange.getResponseHeaders().put(Headers.PRAGMA, "no-cache");
        if (!exchange.getRequestMethod().equals(Methods.POST)) {
            String query = exchange.getQueryString();
            exchange.dispatch(Runnable::run, () -> answer(exchange, () -> TokenRequest.ofQuery(query)));
        } else if (!isForm(exchange)) {
            refuse(
                    exchange,
                    new RegistryException.Invalid(ErrorCode.UNSUPPORTED, "a token is asked for by a form: " + FORM));
        } else {
            MemoryBody.receive(
                    exchange,
                    reception.workers(),
                    TokenRequest.MAX_FORM_BYTES,
                    form -> answer(exchange, () -> TokenRequest.ofForm(form)),
                    why -> refuse(exchange, why));
        }
    }

    private static boolean isForm(HttpServerExchange exchange) {
        String type = Header.of(exchange, Headers.CONTENT_TYPE);
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT)
                .equals(FORM);
    }

    private void answer(HttpServerExchange exchange, Supplier<TokenRequest> asked) {
        Credentials shown = Addresses.credentials(exchange);
        Visit visit = reception.visit(exchange);
        try {
            TokenRequest request = asked.get();
            reception.workers().login(() -> {
                try {
                    byte[] json = service.answer(request, shown, visit, desk).json();
                    Answers.bytes(exchange, 200, Answers.JSON, ByteBuffer.wrap(json));
                } catch (Throwable e) {
                    refuse(exchange, e);
                }
            });
        } catch (RuntimeException e) {
            refuse(exchange, e);
        }
    }

    private static void refuse(HttpServerExchange exchange, Throwable why) {
        if (why instanceof TokenRefusal refusal) {
            Answers.bytes(exchange, refusal.status(), Answers.JSON, ByteBuffer.wrap(refusal.json()));
            return;
        }
        if (why instanceof RegistryException.Unauthorized) {
            // Who comes here for a token has none: it is a password that is wanted.
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, new Challenge.Basic(Challenges.REALM).render());
        }
        Errors.answer(exchange, why);
    }
}
