package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who sends a request: the peer of its connection or, if that is a trusted proxy, the client that the proxy names, which is
 * the last address in {@code X-Forwarded-For} that is not itself a trusted proxy's. {@code Forwarded} is asked if there is
 * no {@code X-Forwarded-For}, and {@code X-Real-IP} last: proxies that write one of them pass on what the client has put
 * into the others, so that the usual one must come first.
 */
public final class ClientAddress {
    private static final Logger LOG = LoggerFactory.getLogger(ClientAddress.class);
    private static final HttpString X_REAL_IP = new HttpString("X-Real-IP");
    private static final int MOST_HOPS = 64;
    private static final int MOST_WARNINGS = 8;

    private final TrustedProxies proxies;
    private final Set<InetAddress> warned = ConcurrentHashMap.newKeySet();

    public ClientAddress(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    /** Never a name that would have to be looked up, and never anything that an untrusted peer has written. */
    public InetAddress of(HttpServerExchange exchange) {
        return of(exchange.getSourceAddress().getAddress(), exchange.getRequestHeaders());
    }

    InetAddress of(InetAddress peer, HeaderMap headers) {
        if (!proxies.trust(peer)) {
            warn(peer, headers);
            return peer;
        }
        String chain = Header.of(headers, Headers.X_FORWARDED_FOR);
        if (!chain.isBlank()) {
            return lastUntrusted(peer, List.of(chain.split(",", -1)));
        }
        String forwarded = Header.of(headers, Headers.FORWARDED);
        if (!forwarded.isBlank()) {
            return lastUntrusted(
                    peer,
                    Forwarded.parse(forwarded).stream()
                            .map(element -> element.getOrDefault("for", ""))
                            .toList());
        }
        return address(Header.of(headers, X_REAL_IP)).orElse(peer);
    }

    private InetAddress lastUntrusted(InetAddress peer, List<String> hops) {
        InetAddress known = peer;
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MOST_HOPS); i--) {
            Optional<InetAddress> hop = address(hops.get(i));
            if (hop.isEmpty()) {
                return known;
            }
            known = hop.get();
            if (!proxies.trust(known)) {
                return known;
            }
        }
        return known;
    }

    /** With or without a port and brackets. */
    private static Optional<InetAddress> address(String hop) {
        String text = hop.strip();
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? Optional.empty() : Cidr.address(text.substring(1, end));
        }
        int colon = text.indexOf(':');
        boolean port = colon >= 0 && colon == text.lastIndexOf(':');
        return Cidr.address(port ? text.substring(0, colon) : text);
    }

    /** A front that nobody has declared makes all its clients look like one: said once for each. */
    private void warn(InetAddress peer, HeaderMap headers) {
        if (headers.contains(Headers.X_FORWARDED_FOR) && warned.size() < MOST_WARNINGS && warned.add(peer)) {
            LOG.warn(
                    "{} sends X-Forwarded-For but is not among server.trustedProxies, so that it counts as the client"
                            + " of all that it forwards; name it there if it is a proxy of yours",
                    peer.getHostAddress());
        }
    }
}
