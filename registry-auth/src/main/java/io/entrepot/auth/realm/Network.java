package io.entrepot.auth.realm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Whom an address is taken for: itself (IPv4), or its /64, of which one customer has all (IPv6). */
record Network(int version, long prefix, boolean loopback) {
    private static final int SITE = 48;
    private static final long OF_SITE = -1L << 64 - SITE;

    static Network of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        boolean v6 = address instanceof Inet6Address;
        return new Network(v6 ? 6 : 4, v6 ? bytes.getLong() : bytes.getInt(), address.isLoopbackAddress());
    }

    /** The /48 that it is in, all of whose 65,536 networks one customer may well have, too; itself for IPv4. */
    Network site() {
        return version == 6 ? new Network(SITE, prefix & OF_SITE, loopback) : this;
    }
}
