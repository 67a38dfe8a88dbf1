package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request the id that its answer, its log lines and its errors carry: the one it came with, if that is a
 * plain word, else one that is unique to this process.
 */
final class RequestIds {
    private static final HttpString HEADER = new HttpString("X-Request-Id");
    private static final AttachmentKey<String> KEY = AttachmentKey.create(String.class);
    private static final int MAX_LENGTH = 64;

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    /** @param prefix tells the requests of this process from those of others */
    RequestIds(String prefix) {
        this.prefix = prefix + "-";
    }

    String assign(HttpServerExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst(HEADER);
        String id = sane(given) ? given : prefix + Long.toString(count.incrementAndGet(), Character.MAX_RADIX);
        exchange.putAttachment(KEY, id);
        return id;
    }

    static String of(HttpServerExchange exchange) {
        return Optional.ofNullable(exchange.getAttachment(KEY)).orElse("-");
    }

    static void addTo(HeaderMap headers, String id) {
        headers.put(HEADER, id);
    }

    private static boolean sane(@Nullable String given) {
        if (given == null || given.isEmpty() || given.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < given.length(); i++) {
            char c = given.charAt(i);
            if (!(c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.')) {
                return false;
            }
        }
        return true;
    }
}
