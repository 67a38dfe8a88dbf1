package io.entrepot.proxy.remote;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import okhttp3.HttpUrl;

/** Where an upstream's {@code /v2/} is, however an administrator wrote it. Ends with a slash, without {@code v2}. */
record RootUrl(HttpUrl url) {
    private static final String HUB = "registry-1.docker.io";
    private static final Set<String> DOCKER_HUB = Set.of("docker.io", "index.docker.io", "hub.docker.com");

    /**
     * @throws IllegalArgumentException with a sentence if it cannot be the root of a registry */
    static RootUrl of(URI written) {
        String scheme = String.valueOf(written.getScheme());
        if (!scheme.equalsIgnoreCase("https") && !scheme.equalsIgnoreCase("http")) {
            throw new IllegalArgumentException("the URL of an upstream registry starts with https:// or http://");
        }
        if (written.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the URL of an upstream registry holds no user: configure its credentials");
        }
        if (written.getRawQuery() != null || written.getRawFragment() != null) {
            throw new IllegalArgumentException("the URL of an upstream registry has no query and no fragment");
        }
        HttpUrl url = HttpUrl.parse(written.toString());
        if (url == null) {
            throw new IllegalArgumentException("the URL of an upstream registry names a host");
        }
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            // The JDK sees none in front of a host that it holds for none, such as one with an underscore.
            throw new IllegalArgumentException(
                    "the URL of an upstream registry holds no user: configure its credentials");
        }
        String path = withoutSlashes(url.encodedPath());
        if (path.endsWith("/v2")) {
            path = withoutSlashes(path.substring(0, path.length() - 3));
        }
        HttpUrl.Builder root = url.newBuilder().encodedPath(path + "/");
        if (DOCKER_HUB.contains(url.host())) {
            root.host(HUB);
        }
        return new RootUrl(root.build());
    }

    static boolean isDockerHub(URI registry) {
        String host = String.valueOf(registry.getHost()).toLowerCase(Locale.ROOT);
        return host.equals(HUB) || DOCKER_HUB.contains(host);
    }

    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    Origin origin() {
        return Origin.of(url);
    }

    /** Of a path below the root, or of an absolute URL. */
    HttpUrl at(URI target) {
        if (target.isAbsolute()) {
            return HttpUrl.get(target.toString());
        }
        String path = target.toString();
        return HttpUrl.get(url.toString() + (path.startsWith("/") ? path.substring(1) : path));
    }
}
