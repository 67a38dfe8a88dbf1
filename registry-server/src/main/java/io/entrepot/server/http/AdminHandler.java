package io.entrepot.server.http;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Challenge;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.AdminRequest;
import io.entrepot.server.admin.Answer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code /api/v1} over HTTP: takes a request apart for the {@link AdminApi}, on a thread that may wait, and writes down
 * what that says. Web pages of others cannot use it, whatever their visitor is logged in with.
 */
public final class AdminHandler {
    public static final String ROOT = "/api/v1";

    private static final int MAX_BODY_BYTES = 256 << 10;
    private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");

    private final AdminApi api;
    private final Workers workers;

    public AdminHandler(AdminApi api, Workers workers) {
        this.api = api;
        this.workers = workers;
    }

    /** For everybody who is somebody: what else he needs depends on what he asks for, and the API says it. */
    public static Route route(AdminApi api, Reception reception) {
        AdminHandler handler = new AdminHandler(api, reception.workers());
        return reception.route(
                ROOT,
                true,
                Set.of("GET", "POST", "PUT", "PATCH", "DELETE"),
                Need.KNOWN,
                (exchange, visitor) -> handler.handle(exchange, visitor.caller(), Optional.of(visitor.visit())));
    }

    /** Answers somebody who is known. On an IO thread. */
    public void handle(HttpServerExchange exchange, Caller caller, Optional<Visit> visit) {
        try {
            boolean changes = !exchange.getRequestMethod().equals(Methods.GET);
            if (changes && foreign(exchange)) {
                answer(exchange, refused(403, "this page is another site's, and may not change anything here"));
            } else if (Body.present(exchange) && !isJson(exchange)) {
                answer(exchange, refused(415, "the body must be JSON, and Content-Type must say application/json"));
            } else {
                receive(exchange, body -> later(exchange, request(exchange, body, caller, visit)));
            }
        } catch (RuntimeException e) {
            Errors.answer(exchange, e);
        }
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

    private void later(HttpServerExchange exchange, AdminRequest request) {
        try {
            workers.durable(() -> {
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

    private static Answer refused(int status, String message) {
        return AdminApi.error("INVALID", status, message, Optional.empty());
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

    /**
     * Whether a browser says that a page of somebody else sends this. A form of such a page could send no JSON anyway, and
     * its scripts not without asking first; who brings a header of his own for the login is no page.
     */
    private static boolean foreign(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        if (headers.contains(Headers.AUTHORIZATION)) {
            return false;
        }
        String site = Header.of(exchange, FETCH_SITE);
        if (!site.isEmpty()) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = Header.of(exchange, Headers.ORIGIN);
        return !origin.isEmpty() && !host(origin).equalsIgnoreCase(String.valueOf(exchange.getHostName()));
    }

    private static String host(String origin) {
        try {
            return String.valueOf(URI.create(origin).getHost());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isJson(HttpServerExchange exchange) {
        String type = Header.of(exchange, Headers.CONTENT_TYPE).toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().equals(Answers.JSON);
    }

    private void receive(HttpServerExchange exchange, Consumer<byte[]> then) {
        if (exchange.getRequestContentLength() > MAX_BODY_BYTES) {
            Errors.answer(
                    exchange,
                    new RegistryException.TooLarge(
                            ErrorCode.SIZE_INVALID,
                            MAX_BODY_BYTES,
                            "the body is longer than the " + MAX_BODY_BYTES + " bytes allowed here"));
            return;
        }
        Received received = new Received(exchange, then);
        exchange.dispatch(
                Runnable::run,
                () -> BodyReceiver.receive(
                        exchange, workers.buffers(), Runnable::run, received, MAX_BODY_BYTES, received));
    }

    /** A body in memory. */
    private static final class Received extends ByteArrayOutputStream
            implements BodyReceiver.Sink, BodyReceiver.Outcome {
        private final HttpServerExchange exchange;
        private final Consumer<byte[]> then;

        Received(HttpServerExchange exchange, Consumer<byte[]> then) {
            this.exchange = exchange;
            this.then = then;
        }

        @Override
        public void take(ByteBuffer bytes) {
            byte[] some = new byte[bytes.remaining()];
            bytes.get(some);
            write(some, 0, some.length);
        }

        @Override
        public void complete(long bytes, BodyReceiver.Rest rest) {
            try (rest) {
                take(rest.bytes());
            }
            then.accept(toByteArray());
        }

        @Override
        public void refused(Throwable why) {
            Errors.answer(exchange, why);
        }

        @Override
        public void aborted() {
            Answers.end(exchange);
        }
    }
}
