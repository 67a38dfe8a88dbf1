package io.entrepot.server.tls;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * By what names and addresses this machine is reached.
 *
 * @param lasting those that a certificate must hold
 * @param passing those it may hold: addresses that come and go by themselves, of container networks and of IPv6 privacy
 */
record MachineNames(Set<String> lasting, Set<String> passing) {
    private static final Pattern VIRTUAL = Pattern.compile("(docker|br-|veth|virbr|cni|cali|flannel|podman|tun|tap).*");
    private static final Pattern DNS_NAME = Pattern.compile(
            "(?=.{1,253}$)(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

    static MachineNames find() {
        Set<String> lasting = new LinkedHashSet<>();
        Set<String> passing = new LinkedHashSet<>();
        try {
            String host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            if (isDnsName(host)) {
                lasting.add(host);
            }
        } catch (UnknownHostException e) {
            // A machine whose own name is not known to it goes by its addresses.
            lasting.remove("");
        }
        lasting.addAll(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
        try {
            for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (card.isUp() && !card.isLoopback()) {
                    addresses(card, VIRTUAL.matcher(card.getName()).matches() ? passing : lasting, passing);
                }
            }
        } catch (SocketException e) {
            // Without a network it is reached by its own names only.
            passing.clear();
        }
        passing.removeAll(lasting);
        return new MachineNames(lasting, passing);
    }

    private static void addresses(NetworkInterface card, Set<String> ipv4, Set<String> ipv6) {
        for (InetAddress address : Collections.list(card.getInetAddresses())) {
            if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
                continue;
            }
            if (address instanceof Inet4Address) {
                ipv4.add(address.getHostAddress());
            } else if (address instanceof Inet6Address) {
                ipv6.add(literal(address));
            }
        }
    }

    /** As certificates hold it: without a zone. */
    static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    static boolean isDnsName(String name) {
        return DNS_NAME.matcher(name).matches() && !name.matches("[0-9.]+");
    }
}
