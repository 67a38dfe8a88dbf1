package io.entrepot.proxy.remote;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an upstream is talked to. Prints no secret.
 *
 * @param realms token endpoints, beside those that are known, that may see the credentials: only their origin counts
 * @param allowedHosts hosts, addresses or networks that redirects and token endpoints may lead to although they are private
 * @param connectTimeout for one connection
 * @param readTimeout how long nothing may come
 * @param deadline for a call that is not of a blob's bytes, and for the head of every answer
 * @param minimumBytesPerSecond what a body must bring, measured over {@code rateWindow}
 * @param userAgentSuffix after our own name, or empty
 * @param idleConnections how many are kept
 */
public record RemoteOptions(
        CredentialProvider credentials,
        List<URI> realms,
        List<String> allowedHosts,
        OutboundProxy proxy,
        TrustOptions trust,
        Duration connectTimeout,
        Duration readTimeout,
        Duration deadline,
        long minimumBytesPerSecond,
        Duration rateWindow,
        String userAgentSuffix,
        RemoteWatch watch,
        int idleConnections) {
    // Before the first use of the constructor.
    private static final Duration LONGEST = Duration.ofHours(1);

    public static final RemoteOptions DEFAULT = new RemoteOptions(
            CredentialProvider.NONE,
            List.of(),
            List.of(),
            OutboundProxy.DIRECT,
            TrustOptions.SYSTEM,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            1024,
            Duration.ofSeconds(30),
            "",
            RemoteWatch.NONE,
            16);

    public RemoteOptions {
        realms = List.copyOf(realms);
        allowedHosts = List.copyOf(allowedHosts);
        realms.forEach(Origin::of);
        new HostRules(allowedHosts).match("", 0, Optional.empty());
        sane("connect timeout", connectTimeout);
        sane("read timeout", readTimeout);
        sane("deadline", deadline);
        sane("window of the minimum rate", rateWindow);
        if (minimumBytesPerSecond < 0) {
            throw new IllegalArgumentException("the minimum rate of an upstream is not negative; 0 switches it off");
        }
        if (idleConnections < 0 || idleConnections > 10_000) {
            throw new IllegalArgumentException("an upstream keeps from 0 to 10000 idle connections");
        }
        if (userAgentSuffix.length() > 200 || !userAgentSuffix.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a user agent's suffix is at most 200 printable ASCII characters");
        }
    }

    private static void sane(String what, Duration length) {
        if (length.toMillis() < 1 || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "the " + what + " of an upstream lies between 1 millisecond and an hour");
        }
    }

    public RemoteOptions withCredentials(CredentialProvider provider) {
        return new RemoteOptions(
                provider,
                realms,
                allowedHosts,
                proxy,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withRealms(List<URI> pinned) {
        return new RemoteOptions(
                credentials,
                pinned,
                allowedHosts,
                proxy,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withAllowedHosts(List<String> hosts) {
        return new RemoteOptions(
                credentials,
                realms,
                hosts,
                proxy,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withProxy(OutboundProxy outbound) {
        return new RemoteOptions(
                credentials,
                realms,
                allowedHosts,
                outbound,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withTrust(TrustOptions options) {
        return new RemoteOptions(
                credentials,
                realms,
                allowedHosts,
                proxy,
                options,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withTimeouts(Duration connect, Duration read, Duration whole) {
        return new RemoteOptions(
                credentials,
                realms,
                allowedHosts,
                proxy,
                trust,
                connect,
                read,
                whole,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withMinimumRate(long bytesPerSecond, Duration window) {
        return new RemoteOptions(
                credentials,
                realms,
                allowedHosts,
                proxy,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                bytesPerSecond,
                window,
                userAgentSuffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withUserAgentSuffix(String suffix) {
        return new RemoteOptions(
                credentials,
                realms,
                allowedHosts,
                proxy,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                suffix,
                watch,
                idleConnections);
    }

    public RemoteOptions withWatch(RemoteWatch watcher) {
        return new RemoteOptions(
                credentials,
                realms,
                allowedHosts,
                proxy,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watcher,
                idleConnections);
    }

    public RemoteOptions withIdleConnections(int most) {
        return new RemoteOptions(
                credentials,
                realms,
                allowedHosts,
                proxy,
                trust,
                connectTimeout,
                readTimeout,
                deadline,
                minimumBytesPerSecond,
                rateWindow,
                userAgentSuffix,
                watch,
                most);
    }

    @Override
    public String toString() {
        return "RemoteOptions[" + proxy + ", " + trust + ", deadline " + deadline + "]";
    }
}
