package io.entrepot.server.clients;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What clients have to be told of a registry.
 *
 * @param url where it is: scheme, host and port, and as the path what names of images begin with, if anything
 * @param main whether it is the main registry, where every upstream is also found by its own name
 * @param ownAuthority whether its certificate is signed by an authority that nobody trusts yet
 * @param upstreams the names of other registries whose images it has, such as {@code docker.io}
 * @param mirror where everybody may pull, for Docker's {@code registry-mirrors}
 */
public record ClientFacts(
        String registry, URI url, boolean main, boolean ownAuthority, List<String> upstreams, Optional<URI> mirror) {
    static final String DOCKER_HUB = "docker.io";

    public ClientFacts {
        upstreams = List.copyOf(upstreams);
        if (url.getRawAuthority() == null
                || !(scheme(url).equals("http") || scheme(url).equals("https"))) {
            throw new IllegalArgumentException("no address of a registry: " + url);
        }
    }

    /** Host and port. */
    String address() {
        return url.getRawAuthority();
    }

    /** Without the port. For names with an underscore, which machines have, {@link URI} knows no host. */
    String host() {
        return address().replaceFirst(":\\d+$", "");
    }

    /** As the address has it. */
    OptionalInt port() {
        String port = address().substring(host().length());
        return port.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port.substring(1)));
    }

    /** With a slash before it, or nothing. */
    String path() {
        String path = url.getRawPath();
        return path == null || path.equals("/") ? "" : path;
    }

    /** What names of images begin with. */
    public String prefix() {
        return address() + path();
    }

    /** Scheme, host and port. */
    String root() {
        return scheme(url) + "://" + address();
    }

    boolean http() {
        return scheme(url).equals("http");
    }

    /** In lower case, as it may have been written otherwise. */
    private static String scheme(URI url) {
        return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    }

    boolean standsIn(String upstream) {
        return upstreams.contains(upstream);
    }

    /** What stands before the names of an upstream's images, so that no other registry can be meant. */
    String prefixOf(String upstream) {
        return main ? address() + "/" + upstream : prefix();
    }

    /** An image to show how they are named. */
    String example() {
        if (standsIn(DOCKER_HUB)) {
            return prefixOf(DOCKER_HUB) + "/library/alpine:3";
        }
        return prefix() + "/team/app:1";
    }
}
