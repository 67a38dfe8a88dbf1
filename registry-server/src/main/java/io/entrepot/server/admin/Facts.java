package io.entrepot.server.admin;

import io.entrepot.server.clients.ClientFacts;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What clients have to be told of a registry, found in what is known of all of them. */
final class Facts {
    private static final String DOCKER_HUB = "docker.io";
    /** Where it is asked; no image is named by them. */
    private static final Set<String> NOT_IN_NAMES = Set.of("index.docker.io", "registry-1.docker.io");

    private Facts() {}

    static ClientFacts of(RegistryInfo info, List<RegistryInfo> all) {
        Set<String> hosts = new LinkedHashSet<>();
        if (info.main()) {
            // The main connector stands in for whatever any proxy stands in for.
            all.forEach(other -> hosts.addAll(other.hosts()));
        } else {
            collect(info, all, hosts, new LinkedHashSet<>());
        }
        if (hosts.contains(DOCKER_HUB)) {
            hosts.removeAll(NOT_IN_NAMES);
        }
        RegistryInfo.Reached reached = info.reached();
        URI url = reached.urls().get(0);
        return new ClientFacts(
                info.name(),
                url,
                info.main(),
                // A registry may have a plain port of its own beside a main connector with a certificate.
                reached.ownAuthority() && url.getScheme().equalsIgnoreCase("https"),
                List.copyOf(hosts),
                reached.mirror());
    }

    private static void collect(RegistryInfo info, List<RegistryInfo> all, Set<String> hosts, Set<String> seen) {
        if (seen.add(info.name())) {
            hosts.addAll(info.hosts());
            info.members()
                    .forEach(member -> all.stream()
                            .filter(other -> other.name().equals(member))
                            .forEach(other -> collect(other, all, hosts, seen)));
        }
    }
}
