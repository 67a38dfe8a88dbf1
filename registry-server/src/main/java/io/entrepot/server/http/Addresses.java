package io.entrepot.server.http;

import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Authorization;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a request shows of where it comes from and by whom it was sent.
 *
 * @param client sees through the proxies that are trusted
 * @param url by which clients reach this server
 */
public record Addresses(ClientAddress client, PublicAddress url) {

    /** For servers that trust the proxies of their own machine and were told nothing of their public name. */
    public static final Addresses LOCAL =
            new Addresses(new ClientAddress(TrustedProxies.LOCAL), PublicAddress.behind(TrustedProxies.LOCAL));

    Visit visit(HttpServerExchange exchange, String service) {
        return new Visit(from(exchange), service, RequestIds.of(exchange));
    }

    InetAddress from(HttpServerExchange exchange) {
        return client.of(exchange);
    }

    String publicUrl(HttpServerExchange exchange) {
        return url.of(exchange).toString();
    }

    /** The header counts more than the certificate of the connection, which may be the whole machine's. */
    static Credentials credentials(HttpServerExchange exchange) {
        HeaderValues headers = exchange.getRequestHeaders().get(Headers.AUTHORIZATION);
        if (headers != null) {
            return Authorization.parse(headers);
        }
        return certificate(exchange)
                .<Credentials>map(Credentials.Certificate::new)
                .orElseGet(Credentials.None::new);
    }

    private static Optional<List<X509Certificate>> certificate(HttpServerExchange exchange) {
        SSLSession session = exchange.getConnection().getSslSession();
        if (session == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return Optional.of(Stream.of(chain).map(X509Certificate.class::cast).toList());
        } catch (SSLPeerUnverifiedException e) {
            // The usual client, which has none.
            return Optional.empty();
        }
    }
}
