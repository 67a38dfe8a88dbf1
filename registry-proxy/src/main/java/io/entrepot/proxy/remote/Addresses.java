package io.entrepot.proxy.remote;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which addresses are on the public internet, and which texts are addresses. */
final class Addresses {
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern NUMERIC_LABEL = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)\\.?");

    private Addresses() {}

    /** The address that a text is, without asking anybody; only the usual forms. */
    static Optional<InetAddress> literal(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether a host is a number in disguise ({@code 0x7f.1}, {@code 127.1}), which others may read as an address. */
    static boolean isOddLiteral(String host) {
        return literal(host).isEmpty()
                && (host.indexOf(':') >= 0 || NUMERIC_LABEL.matcher(host).matches());
    }

    static boolean isPublic(InetAddress address) {
        byte[] b = address.getAddress();
        return b.length == 4 ? isPublicV4(b) : isPublicV6(b);
    }

    private static boolean isPublicV4(byte[] b) {
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        int third = b[2] & 0xff;
        boolean reserved = first == 0
                || first == 10
                || first == 127
                || first >= 224
                || first == 100 && (second & 0xc0) == 64
                || first == 169 && second == 254
                || first == 172 && (second & 0xf0) == 16
                || first == 192 && second == 168
                || first == 192 && second == 0 && (third == 0 || third == 2)
                || first == 192 && second == 88 && third == 99
                || first == 198 && (second & 0xfe) == 18
                || first == 198 && second == 51 && third == 100
                || first == 203 && second == 0 && third == 113;
        return !reserved;
    }

    /** Only global unicast (2000::/3), without what carries another address or leads nowhere. */
    private static boolean isPublicV6(byte[] b) {
        boolean v4Mapped = true;
        for (int i = 0; i < 10; i++) {
            v4Mapped &= b[i] == 0;
        }
        if (v4Mapped && b[10] == (byte) 0xff && b[11] == (byte) 0xff) {
            return isPublicV4(Arrays.copyOfRange(b, 12, 16));
        }
        int first = (b[0] & 0xff) << 8 | b[1] & 0xff;
        int second = (b[2] & 0xff) << 8 | b[3] & 0xff;
        boolean sixToFour = first == 0x2002;
        boolean specialOr2001 = first == 0x2001 && (second < 0x200 || second == 0xdb8);
        boolean documentation = first == 0x3fff && second < 0x1000;
        return (first & 0xe000) == 0x2000 && !sixToFour && !specialOr2001 && !documentation;
    }
}
