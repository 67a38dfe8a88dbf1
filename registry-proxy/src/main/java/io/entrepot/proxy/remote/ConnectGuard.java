package io.entrepot.proxy.remote;

import java.net.InetAddress;
import java.util.Optional;
import okhttp3.HttpUrl;

/** Where connections may lead: to the configured host, to what is allow-listed, and to the public internet. */
final class ConnectGuard {
    /** It would be the same the next time. */
    static final class Refused extends Failures.Told {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private final String root;
    private final HostRules allowed;

    ConnectGuard(String rootHost, HostRules allowed) {
        this.root = rootHost;
        this.allowed = allowed;
    }

    void check(String host, int port, InetAddress address) throws Refused {
        if (!Addresses.isPublic(address) && !isExempt(host, port, Optional.of(address))) {
            throw refused(host);
        }
    }

    /** For what somebody else resolves: only what the name itself says can be judged. */
    void checkName(HttpUrl url) throws Refused {
        String host =
                url.host().endsWith(".") ? url.host().substring(0, url.host().length() - 1) : url.host();
        Optional<InetAddress> literal = Addresses.literal(host);
        boolean local = host.equals("localhost") || host.endsWith(".localhost") || Addresses.isOddLiteral(host);
        boolean suspect = literal.map(address -> !Addresses.isPublic(address)).orElse(local);
        if (suspect && !isExempt(host, url.port(), literal)) {
            throw refused(host);
        }
    }

    private boolean isExempt(String host, int port, Optional<InetAddress> address) {
        return host.equalsIgnoreCase(root)
                || address.equals(Addresses.literal(root))
                        && address.isPresent()
                        && Addresses.literal(host).isPresent()
                || allowed.match(host, port, address);
    }

    private static Refused refused(String host) {
        return new Refused("it leads to " + host
                + ", which is not on the public internet: allow that host for this upstream if it is meant to");
    }
}
