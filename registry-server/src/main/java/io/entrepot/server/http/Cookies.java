package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.ArrayList;
import java.util.List;

/** Cookies of this server, which no script can read and no plain connection carries where there is TLS. */
final class Cookies {
    /** Who is logged in; not sent with what a page of others begins. */
    static final String SESSION = "entrepot-session";
    /** That this browser has begun a login; it must come along when the provider sends the browser back. */
    static final String LOGIN = "entrepot-login";

    private Cookies() {}

    /** Empty if there is none, or if there are two, of which one may be forged. */
    static String of(HttpServerExchange exchange, String name) {
        List<String> found = new ArrayList<>();
        for (String pair : Header.of(exchange, Headers.COOKIE).split("[;,]", 200)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                found.add(pair.substring(equals + 1).strip());
            }
        }
        return found.size() == 1 ? found.get(0) : "";
    }

    static void setSession(HttpServerExchange exchange, String id, boolean secure) {
        add(exchange, SESSION + "=" + id + "; Path=/; HttpOnly; SameSite=Strict", secure);
    }

    static void dropSession(HttpServerExchange exchange, boolean secure) {
        add(exchange, SESSION + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict", secure);
    }

    static void setLogin(HttpServerExchange exchange, String word, boolean secure) {
        add(exchange, LOGIN + "=" + word + "; Path=/login; Max-Age=600; HttpOnly; SameSite=Lax", secure);
    }

    static void dropLogin(HttpServerExchange exchange, boolean secure) {
        add(exchange, LOGIN + "=; Path=/login; Max-Age=0; HttpOnly; SameSite=Lax", secure);
    }

    private static void add(HttpServerExchange exchange, String cookie, boolean secure) {
        exchange.getResponseHeaders().add(Headers.SET_COOKIE, secure ? cookie + "; Secure" : cookie);
    }
}
