package io.entrepot.core.access;

import java.net.InetAddress;

/**
 * Where a credential was shown.
 *
 * @param from the client's address, seen through the proxies that are trusted
 * @param service what tokens of this connector are made out for, and no others are taken
 * @param requestId as in the access log
 */
public record Visit(InetAddress from, String service, String requestId) {}
