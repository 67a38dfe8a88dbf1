package io.entrepot.server.connector;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import org.jspecify.annotations.Nullable;

/** Which raw request targets may pass: those that every program in front of us and behind us reads alike. */
final class RequestTarget {
    private RequestTarget() {}

    /**
     * Why {@code exchange} must not pass; null, the rule on this hot path, if it may. Afterwards {@link HttpServerExchange#getRequestURI()} is the
     * raw path alone, also if the client sent an absolute URL.
     */
    static @Nullable Refusal check(HttpServerExchange exchange) {
        if (exchange.isHostIncludedInRequestURI()) {
            if (foreign(exchange)) {
                return Refusal.badRequest("an absolute URL must name the same host as the Host header");
            }
            exchange.setRequestURI(pathOf(exchange.getRequestURI()), false);
        }
        String path = exchange.getRequestURI();
        if (path.isEmpty() || path.charAt(0) != '/') {
            return Refusal.badPath("the path must begin with a slash");
        }
        int segment = 1;
        for (int i = 1; i <= path.length(); i++) {
            char c = i == path.length() ? '/' : path.charAt(i);
            if (c == '/') {
                if (dots(path, segment, i)) {
                    return Refusal.badPath("the path must not contain . or .. as a component");
                }
                segment = i + 1;
            } else if (!passes(path, i, c)) {
                return Refusal.badPath(
                        "the path must not contain backslashes, semicolons, control characters or a fragment");
            }
        }
        String query = exchange.getQueryString();
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c == '#' || c == '\\' || c <= ' ' || c >= 0x7f) {
                return Refusal.badRequest("the query contains a character that must be percent-encoded");
            }
        }
        return null;
    }

    private static boolean passes(String path, int at, char c) {
        if (c == '%') {
            return at + 2 < path.length()
                    && hex(path.charAt(at + 1)) >= 0
                    && hex(path.charAt(at + 2)) >= 0
                    && harmless(hex(path.charAt(at + 1)) * 16 + hex(path.charAt(at + 2)));
        }
        return c != ';' && c != '\\' && c != '#' && c > ' ' && c < 0x7f;
    }

    private static boolean harmless(int decoded) {
        return decoded >= ' ' && decoded != 0x7f && decoded != '\\' && decoded != ';';
    }

    /** Whether the component is . or .., each dot plain or as %2e. */
    private static boolean dots(String path, int from, int to) {
        int count = 0;
        for (int i = from; i < to; count++) {
            if (path.charAt(i) == '.') {
                i++;
            } else if (path.regionMatches(true, i, "%2e", 0, 3)) {
                i += 3;
            } else {
                return false;
            }
        }
        return count == 1 || count == 2;
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean foreign(HttpServerExchange exchange) {
        String absolute = exchange.getRequestURI();
        String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
        int start = absolute.indexOf("://") + 3;
        String scheme = absolute.substring(0, start);
        if (host == null || !(scheme.equalsIgnoreCase("http://") || scheme.equalsIgnoreCase("https://"))) {
            return true;
        }
        String authority = absolute.substring(start);
        int slash = authority.indexOf('/');
        return !host.equalsIgnoreCase(slash < 0 ? authority : authority.substring(0, slash));
    }

    private static String pathOf(String absolute) {
        int authority = absolute.indexOf("//");
        int path = authority < 0 ? -1 : absolute.indexOf('/', authority + 2);
        return path < 0 ? "/" : absolute.substring(path);
    }
}
