package io.entrepot.server.config;

import io.entrepot.proxy.remote.OutboundProxy;
import io.entrepot.proxy.remote.OutboundProxy.Server;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code outbound}: the proxy through which other registries are reached, for all of them or for one. */
final class OutboundSettings {
    private static final int HTTP_PORT = 3128;
    private static final int SOCKS_PORT = 1080;
    private static final String FORM = "an address such as http://10.0.0.1:3128 or socks5://user:password@host:1080";

    private OutboundSettings() {}

    static OutboundProxy read(Section outbound) {
        Optional<Server> both = server(outbound, "proxy");
        Optional<Server> http = server(outbound, "http").or(() -> both);
        Optional<Server> https = server(outbound, "https").or(() -> both);
        List<String> exclude = outbound.list("exclude", Kind.TEXT, List.of());
        return outbound.made(() -> new OutboundProxy(http, https, exclude)).orElse(OutboundProxy.DIRECT);
    }

    /** It may hold a password, so it is never shown. */
    private static Optional<Server> server(Section outbound, String key) {
        Optional<String> text = outbound.secret(key);
        Optional<Server> server = text.flatMap(OutboundSettings::parse);
        if (text.isPresent() && server.isEmpty()) {
            outbound.problem(outbound.path(key) + " must be " + FORM);
        }
        return server;
    }

    private static Optional<Server> parse(String text) {
        try {
            URI url = new URI(text);
            boolean socks = "socks5".equals(url.getScheme()) || "socks5h".equals(url.getScheme());
            if (url.getHost() == null || !(socks || "http".equals(url.getScheme()))) {
                return Optional.empty();
            }
            String[] login =
                    Optional.ofNullable(url.getRawUserInfo()).orElse("").split(":", 2);
            int port = url.getPort() >= 0 ? url.getPort() : socks ? SOCKS_PORT : HTTP_PORT;
            return Optional.of(new Server(
                    socks ? OutboundProxy.Kind.SOCKS5 : OutboundProxy.Kind.HTTP,
                    url.getHost(),
                    port,
                    decoded(login[0]),
                    login.length > 1 ? decoded(login[1]) : ""));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
