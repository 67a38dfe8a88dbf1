package io.entrepot.proxy.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * How connections leave this network.
 *
 * @param http for targets that are http
 * @param https for targets that are https
 * @param except hosts that are connected to directly: {@code host}, {@code .suffix}, {@code *.suffix}, a network, {@code
 *     host:port}, or {@code *}
 */
public record OutboundProxy(Optional<Server> http, Optional<Server> https, List<String> except) {
    public static final OutboundProxy DIRECT = new OutboundProxy(Optional.empty(), Optional.empty(), List.of());

    public enum Kind {
        HTTP,
        SOCKS5
    }

    /** A proxy, with {@code user} empty if it asks for none. Prints no password. */
    public record Server(Kind kind, String host, int port, String user, String password) {
        public Server {
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException("an outbound proxy has a host and a port from 1 to 65535");
            }
            if (user.getBytes(UTF_8).length > 255 || password.getBytes(UTF_8).length > 255) {
                throw new IllegalArgumentException("user and password of an outbound proxy have at most 255 bytes");
            }
        }

        @Override
        public String toString() {
            return kind + " proxy " + host + ":" + port;
        }
    }

    public OutboundProxy {
        except = List.copyOf(except);
        new HostRules(except).match("", 0, Optional.empty());
    }

    /** All through one. */
    public static OutboundProxy through(Server server, List<String> except) {
        return new OutboundProxy(Optional.of(server), Optional.of(server), except);
    }

    Optional<Server> to(Origin target) {
        Optional<InetAddress> literal = Addresses.literal(target.host());
        boolean direct = new HostRules(except).match(target.host(), target.port(), literal);
        return direct ? Optional.empty() : target.isHttps() ? https : http;
    }
}
