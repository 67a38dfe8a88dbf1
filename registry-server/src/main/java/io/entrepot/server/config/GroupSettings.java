package io.entrepot.server.config;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.RegistryId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code registries.<name>} of type group: others behind one address.
 *
 * @param blobStore kept and shown, and without effect: a group holds no bytes
 * @param members in the order in which they are asked
 * @param writable what is pushed to
 * @param lenient whether a member that cannot be asked is passed over; otherwise nothing behind it answers
 * @param routes who may be asked for names of these patterns
 */
public record GroupSettings(
        String blobStore,
        List<String> members,
        Optional<String> writable,
        boolean lenient,
        Map<RepositoryPattern, List<String>> routes,
        ConnectorSettings connectors,
        Manners manners)
        implements RegistrySettings {
    private static final Kind<String> PATTERN = Kind.matching(
            "a pattern of repository names, in which ** stands for anything and * for anything but /",
            "[a-z0-9*?][a-z0-9*?._/-]{0,254}");

    public GroupSettings {
        members = List.copyOf(members);
        routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
    }

    @Override
    public RegistryId.Kind kind() {
        return RegistryId.Kind.GROUP;
    }

    static GroupSettings read(Section group, List<String> blobStores, List<String> registries) {
        Kind<String> registry = Kind.choice(registries);
        List<String> members = List.copyOf(new LinkedHashSet<>(group.list("members", registry, List.of())));
        if (members.isEmpty() && !group.failed("members")) {
            group.problem("registries." + group.name() + " has no members: a group is made of others");
        }
        Optional<String> writable = group.optional("writable", registry);
        if (writable.isPresent() && !members.contains(writable.get())) {
            group.problem("registries." + group.name() + ".writable is " + writable.get()
                    + ", which is not among its members");
        }
        ConnectorSettings connectors = ConnectorSettings.read(group.section("connectors"));
        String onError = group.value("onMemberError", Kind.choice(List.of("strict", "skip")), "strict");
        return new GroupSettings(
                group.value("blobStore", Kind.choice(blobStores), blobStores.get(0)),
                members,
                writable,
                onError.equals("skip"),
                routes(group, members),
                connectors,
                RegistrySettings.manners(group, connectors));
    }

    private static Map<RepositoryPattern, List<String>> routes(Section group, List<String> members) {
        Map<RepositoryPattern, List<String>> routes = new LinkedHashMap<>();
        Section section = group.section("routes");
        for (String pattern : group.names("routes")) {
            if (PATTERN.parse().apply(pattern).isEmpty()) {
                section.problem(section.path(pattern) + ": it must be " + PATTERN.what());
                section.leave(pattern);
            } else if (!members.isEmpty()) {
                routes.put(new RepositoryPattern(pattern), section.list(pattern, Kind.choice(members), members));
            }
        }
        return routes;
    }
}
