package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The address by which the client of a request reaches this server: {@code https://registry.example:8443}, without a slash
 * at its end. It is the one that is configured, else what trusted proxies say, else what {@code Host} says, else where the
 * connection came in. What a client has written only gets into it if it is a plain host and port.
 */
public final class PublicAddress {
    private static final HttpString X_FORWARDED_PORT = new HttpString("X-Forwarded-Port");
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** What one request shows of it. */
    record Seen(InetAddress peer, InetSocketAddress local, String scheme, HeaderMap headers) {}

    private final Function<Seen, URI> rule;

    private PublicAddress(Function<Seen, URI> rule) {
        this.rule = rule;
    }

    /**
     * Always this one, however a request comes.
     *
     * @throws IllegalArgumentException with a sentence, if it is more or less than scheme, host and perhaps port
     */
    public static PublicAddress fixed(URI publicUrl) {
        URI url = checked(publicUrl);
        return new PublicAddress(seen -> url);
    }

    /** As each request shows it. */
    public static PublicAddress behind(TrustedProxies proxies) {
        return new PublicAddress(seen -> proxies.trust(seen.peer()) ? forwarded(seen) : direct(seen));
    }

    public URI of(HttpServerExchange exchange) {
        return of(new Seen(
                exchange.getSourceAddress().getAddress(),
                exchange.getDestinationAddress(),
                exchange.getConnection().getSslSession() == null ? "http" : "https",
                exchange.getRequestHeaders()));
    }

    URI of(Seen seen) {
        return rule.apply(seen);
    }

    private static URI checked(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        Optional<Authority> authority =
                Optional.ofNullable(url.getRawAuthority()).flatMap(Authority::parse);
        String path = String.valueOf(url.getRawPath());
        boolean bare =
                (path.isEmpty() || path.equals("/")) && url.getRawQuery() == null && url.getRawFragment() == null;
        if (!(scheme.equals("http") || scheme.equals("https")) || authority.isEmpty() || !bare) {
            throw new IllegalArgumentException(
                    "the public URL must be scheme, host and perhaps port, such as https://registry.example.com:8443;"
                            + " a path is impossible, since clients look for /v2/ at the root");
        }
        return url(scheme, authority.get());
    }

    private static URI direct(Seen seen) {
        return url(seen.scheme(), host(seen).orElseGet(() -> local(seen.local())));
    }

    private static URI forwarded(Seen seen) {
        Map<String, String> standard = standard(seen.headers());
        String scheme = scheme(first(seen.headers(), Headers.X_FORWARDED_PROTO))
                .or(() -> scheme(standard.getOrDefault("proto", "")))
                .orElse(seen.scheme());
        Optional<Authority> named = Authority.parse(first(seen.headers(), Headers.X_FORWARDED_HOST))
                .or(() -> Authority.parse(standard.getOrDefault("host", "")))
                .or(() -> host(seen));
        if (named.isEmpty()) {
            return url(seen.scheme(), local(seen.local()));
        }
        Authority authority = named.get();
        return url(scheme, authority.port() > 0 ? authority : authority.withPort(forwardedPort(seen, scheme)));
    }

    /** The port that {@code Host} lost; one that belongs to the other scheme is a further proxy's and not the client's. */
    private static int forwardedPort(Seen seen, String scheme) {
        return Authority.port(first(seen.headers(), X_FORWARDED_PORT))
                .filter(port -> port != (scheme.equals("https") ? HTTP : HTTPS))
                .orElse(0);
    }

    private static Map<String, String> standard(HeaderMap headers) {
        List<Map<String, String>> hops = Forwarded.parse(Header.of(headers, Headers.FORWARDED));
        return hops.isEmpty() ? Map.of() : hops.get(0);
    }

    private static Optional<Authority> host(Seen seen) {
        return Authority.parse(Header.of(seen.headers(), Headers.HOST));
    }

    private static Authority local(InetSocketAddress local) {
        String host = local.getAddress().getHostAddress();
        int zone = host.indexOf('%');
        String literal = zone < 0 ? host : host.substring(0, zone);
        return new Authority(literal.indexOf(':') < 0 ? literal : "[" + literal + "]", local.getPort());
    }

    private static Optional<String> scheme(String text) {
        String scheme = text.toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https") ? Optional.of(scheme) : Optional.empty();
    }

    /** What the proxy nearest to the client has said. */
    private static String first(HeaderMap headers, HttpString name) {
        String all = Header.of(headers, name);
        int comma = all.indexOf(',');
        return (comma < 0 ? all : all.substring(0, comma)).strip();
    }

    private static URI url(String scheme, Authority authority) {
        boolean usual = authority.port() == 0 || authority.port() == (scheme.equals("https") ? HTTPS : HTTP);
        return URI.create(
                scheme + "://" + authority.host().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + authority.port()));
    }
}
