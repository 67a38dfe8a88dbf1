package io.entrepot.server.http;

import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Challenge;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.AdminRequest;
import io.entrepot.server.admin.Answer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /api/v1} over HTTP: takes a request apart for the {@link AdminApi}, on a thread that may wait, and writes down
 * what that says. Web pages of others cannot use it, whatever their visitor is logged in with.
 */
public final class AdminHandler {
    public static final String ROOT = "/api/v1";

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final int MAX_BODY_BYTES = 256 << 10;

    private final AdminApi api;
    private final Workers workers;

    public AdminHandler(AdminApi api, Workers workers) {
        this.api = api;
        this.workers = workers;
    }

    /** For all who come to a connector: whoever may not is told so by the administration itself, which knows what each path needs. */
    public static Route route(AdminApi api, Reception reception) {
        AdminHandler admin = new AdminHandler(api, reception.workers());
        return reception.route(
                ROOT,
                true,
                METHODS,
                Need.GUARDED,
                (exchange, visitor) -> admin.handle(exchange, visitor.caller(), Optional.of(visitor.visit())));
    }

    /** Answers somebody who is known, or known to be nobody. On an IO thread. */
    public void handle(HttpServerExchange exchange, Caller caller, Optional<Visit> visit) {
        if (caller.proof() == Proof.NONE) {
            // Strangers do not get to fill the memory that there is for bodies.
            answer(exchange, api.handle(request(exchange, new byte[0], caller, visit)));
            return;
        }
        if (Body.present(exchange) && !isJson(exchange)) {
            String message = "the body must be JSON, and Content-Type must say application/json";
            answer(exchange, AdminApi.error("INVALID", 415, message, Optional.empty()));
            return;
        }
        MemoryBody.receive(
                exchange,
                workers,
                MAX_BODY_BYTES,
                body -> later(exchange, request(exchange, body, caller, visit)),
                why -> Errors.answer(exchange, why));
    }

    private static AdminRequest request(
            HttpServerExchange exchange, byte[] body, Caller caller, Optional<Visit> visit) {
        String query = exchange.getQueryString();
        return new AdminRequest(
                exchange.getRequestMethod().toString(),
                RawPath.of(exchange).substring(ROOT.length()) + (query.isEmpty() ? "" : "?" + query),
                body.length == 0 ? Optional.empty() : Optional.of(new String(body, StandardCharsets.UTF_8)),
                caller,
                visit);
    }

    /** Where logins are: some of this hashes passwords too, and whoever tries many shall keep no push waiting. */
    private void later(HttpServerExchange exchange, AdminRequest request) {
        try {
            workers.login(() -> {
                try {
                    answer(exchange, api.handle(request));
                } catch (Throwable e) {
                    Errors.answer(exchange, e);
                }
            });
        } catch (RegistryException.Unavailable e) {
            Errors.answer(exchange, e);
        }
    }

    private static void answer(HttpServerExchange exchange, Answer answer) {
        HeaderMap headers = exchange.getResponseHeaders();
        Answers.inert(headers);
        headers.put(Headers.CACHE_CONTROL, "no-store");
        if (answer.status() == 401) {
            headers.put(Headers.WWW_AUTHENTICATE, new Challenge.Basic("Entrepot").render());
        }
        if (!answer.allow().isEmpty()) {
            headers.put(Headers.ALLOW, answer.allow());
        }
        if (answer.json().isEmpty()) {
            exchange.setStatusCode(answer.status());
            Answers.end(exchange);
        } else {
            ByteBuffer json = ByteBuffer.wrap(answer.json().getBytes(StandardCharsets.UTF_8));
            Answers.bytes(exchange, answer.status(), Answers.JSON, json);
        }
    }

    private static boolean isJson(HttpServerExchange exchange) {
        String type = Header.of(exchange, Headers.CONTENT_TYPE).toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().equals(Answers.JSON);
    }
}
