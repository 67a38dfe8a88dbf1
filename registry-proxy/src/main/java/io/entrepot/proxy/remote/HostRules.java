package io.entrepot.proxy.remote;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A list of hosts as administrators write them: {@code host}, {@code .suffix}, {@code *.suffix}, an address, a network
 * ({@code 10.0.0.0/8}), any of the first four with {@code :port}, or {@code *}.
 */
final class HostRules {
    private record Network(InetAddress base, int bits) {
        boolean holds(InetAddress candidate) {
            byte[] address = base.getAddress();
            byte[] other = candidate.getAddress();
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            int rest = bits % 8;
            return Arrays.equals(address, 0, whole, other, 0, whole)
                    && (rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >> (8 - rest) == 0);
        }
    }

    private record Rule(String name, Optional<Network> network, int port) {}

    private final List<Rule> rules;

    /**
     * @throws IllegalArgumentException with a sentence if one of them is none */
    HostRules(List<String> written) {
        rules = written.stream().map(HostRules::rule).toList();
    }

    private static Rule rule(String written) {
        String text = written.strip().toLowerCase(Locale.ROOT);
        int port = -1;
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (colon > 0 && (bracketed ? text.charAt(colon - 1) == ']' : text.indexOf(':') == colon)) {
            port = number(text.substring(colon + 1), 65_535, written);
            text = text.substring(0, colon);
        }
        if (bracketed && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
        }
        int slash = text.indexOf('/');
        Optional<InetAddress> address = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
        if (slash >= 0 && address.isEmpty() || text.isEmpty()) {
            throw new IllegalArgumentException(
                    "not a host, a .suffix, an address or a network such as 10.0.0.0/8: " + written);
        }
        String name = text.startsWith("*.") ? text.substring(1) : text;
        return new Rule(
                name,
                address.map(a -> new Network(
                        a,
                        slash < 0
                                ? a.getAddress().length * 8
                                : number(name.substring(slash + 1), a.getAddress().length * 8, written))),
                port);
    }

    private static int number(String digits, int most, String written) {
        if (digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= most) {
            return Integer.parseInt(digits);
        }
        throw new IllegalArgumentException("not a number from 0 to " + most + ": " + written);
    }

    boolean match(String host, int port, Optional<InetAddress> address) {
        String name = host.toLowerCase(Locale.ROOT);
        return rules.stream()
                .filter(rule -> rule.port < 0 || rule.port == port)
                .anyMatch(rule -> rule.name.equals("*")
                        || rule.network
                                .map(network -> address.filter(network::holds).isPresent())
                                .orElseGet(() ->
                                        rule.name.startsWith(".") ? name.endsWith(rule.name) : name.equals(rule.name)));
    }
}
