package io.entrepot.server.http;

import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request on the logger {@code entrepot.access}, at INFO: method, path, status, bytes of the body that was
 * sent, milliseconds, request id, peer. Paths come from strangers, so that nothing but printable ASCII is written;
 * queries, which may hold secrets, are left out.
 */
final class AccessLog {
    private final Logger log = LoggerFactory.getLogger("entrepot.access");

    /** Writes the line when the exchange is over. */
    void observe(HttpServerExchange exchange, String requestId) {
        if (log.isInfoEnabled()) {
            exchange.addExchangeCompleteListener(line(requestId));
        }
    }

    private ExchangeCompletionListener line(String requestId) {
        long start = System.nanoTime();
        return (exchange, next) -> {
            long millis = (System.nanoTime() - start) / 1_000_000;
            InetSocketAddress peer = exchange.getSourceAddress();
            StringBuilder line = new StringBuilder(160);
            line.append(exchange.getRequestMethod()).append(' ');
            appendPrintable(line, exchange.getRequestURI());
            line.append(' ').append(exchange.getStatusCode());
            line.append(' ').append(exchange.getResponseBytesSent());
            line.append(' ').append(millis).append("ms ").append(requestId);
            line.append(' ').append(peer == null ? "-" : peer.getAddress().getHostAddress());
            log.info("{}", line);
            next.proceed();
        };
    }

    static void appendPrintable(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f && c != '"' && c != '\\') {
                line.append(c);
            } else {
                line.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
    }
}
