package io.entrepot.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of IP addresses, {@code 10.0.0.0/8} or {@code fd00::/8}; a single address is a block of one. Addresses of IPv4
 * that are written as IPv6 ({@code ::ffff:10.0.0.1}) are those of IPv4. Names are never looked up.
 */
public record Cidr(InetAddress network, int prefix) {
    private static final int MAPPED_BITS = 96;
    private static final int LONGEST = 45;
    private static final Pattern OCTET = Pattern.compile("0|[1-9]\\d{0,2}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    public Cidr {
        if (prefix < 0 || prefix > network.getAddress().length * 8) {
            throw new IllegalArgumentException("/" + prefix + " is too long for " + network.getHostAddress());
        }
        network = masked(network, prefix);
    }

    /** @throws IllegalArgumentException with a sentence, if it is none */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = address(literal)
                .orElseThrow(() -> new IllegalArgumentException(
                        "not an address block such as 10.0.0.0/8 or fd00::/8: " + shortened(text)));
        int bits = address.getAddress().length * 8;
        if (slash < 0) {
            return new Cidr(address, bits);
        }
        String prefix = text.substring(slash + 1);
        if (prefix.length() > 3 || !OCTET.matcher(prefix).matches()) {
            throw new IllegalArgumentException("no prefix length follows the slash: " + shortened(text));
        }
        int length = Integer.parseInt(prefix);
        boolean mapped = bits == 32 && literal.indexOf(':') >= 0;
        return new Cidr(address, mapped ? length - MAPPED_BITS : length);
    }

    /** The address that this literal is; nothing if it is none, a name above all. */
    static Optional<InetAddress> address(String literal) {
        if (literal.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            if (IPV6.matcher(literal).matches()) {
                return Optional.of(InetAddress.getByName("[" + literal + "]"));
            }
            String[] octets = literal.split("\\.", -1);
            byte[] bytes = new byte[4];
            for (int i = 0; i < octets.length; i++) {
                if (octets.length != 4 || !OCTET.matcher(octets[i]).matches() || Integer.parseInt(octets[i]) > 255) {
                    return Optional.empty();
                }
                bytes[i] = (byte) Integer.parseInt(octets[i]);
            }
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            // Not the literal that it looks like.
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length
                && masked(address, prefix).equals(network);
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.max(0, Math.min(8, prefix - 8 * i));
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("as many bytes as before", e);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
