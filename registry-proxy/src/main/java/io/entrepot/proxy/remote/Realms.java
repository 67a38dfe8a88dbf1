package io.entrepot.proxy.remote;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which token endpoints may see our credentials: a registry names its own, so it must not be believed. */
final class Realms {
    private static final Logger LOG = LoggerFactory.getLogger(Realms.class);
    private static final Map<String, String> KNOWN = Map.of(
            "registry-1.docker.io", "auth.docker.io",
            "registry.gitlab.com", "gitlab.com",
            "docker.elastic.co", "docker-auth.elastic.co",
            "registry.digitalocean.com", "api.digitalocean.com");
    /** One of many regions, each of which has a token endpoint of its own. */
    private static final Pattern REGIONAL = Pattern.compile("registry\\.([a-z0-9-]+\\.aliyuncs\\.com)");

    private final Origin root;
    private final Set<Origin> pinned;
    private final Set<Origin> warned = ConcurrentHashMap.newKeySet();

    Realms(Origin root, List<URI> pinned) {
        this.root = root;
        this.pinned = pinned.stream().map(Origin::of).collect(Collectors.toUnmodifiableSet());
    }

    boolean mayHaveCredentials(HttpUrl realm) {
        Origin origin = Origin.of(realm);
        if (root.isHttps() && !origin.isHttps()) {
            return false;
        }
        boolean known =
                origin.isHttps() && origin.port() == 443 && origin.host().equals(known(root.host()));
        return origin.host().equals(root.host()) || known || pinned.contains(origin);
    }

    /** Empty if nothing is known. */
    private static String known(String registry) {
        Matcher regional = REGIONAL.matcher(registry);
        return regional.matches() ? "dockerauth." + regional.group(1) : KNOWN.getOrDefault(registry, "");
    }

    /** Once for each. */
    void warn(Origin origin) {
        if (warned.size() < 100 && warned.add(origin)) {
            LOG.warn(
                    "{} names {} as its token endpoint, which is not known to belong to it: it is asked without our"
                            + " credentials. If it is right, add {} to this upstream's pinnedRealms",
                    root,
                    origin,
                    origin);
        }
    }
}
