package io.entrepot.auth.realm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Whom an address is taken for: itself (IPv4), or its /64, of which one customer has all (IPv6). */
record Network(int version, long prefix, boolean loopback) {
    static Network of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        boolean v6 = address instanceof Inet6Address;
        return new Network(v6 ? 6 : 4, v6 ? bytes.getLong() : bytes.getInt(), address.isLoopbackAddress());
    }
}
