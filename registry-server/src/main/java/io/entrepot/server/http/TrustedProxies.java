package io.entrepot.server.http;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** The proxies in front of this server whose word about their clients is taken. */
public record TrustedProxies(List<Cidr> blocks) {
    /** Those on this machine. */
    public static final TrustedProxies LOCAL = new TrustedProxies(
            Stream.of("127.0.0.0/8", "::1/128").map(Cidr::parse).toList());

    /** None at all. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    public TrustedProxies {
        blocks = List.copyOf(blocks);
    }

    public boolean trust(InetAddress address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
