package io.entrepot.server.config;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.group.GroupOptions;
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
 * @param memberPermissions whether rights are asked for in its members, too, and not in it alone
 */
public record GroupSettings(
        String blobStore,
        List<String> members,
        Optional<String> writable,
        GroupOptions options,
        boolean memberPermissions,
        ConnectorSettings connectors,
        Manners manners)
        implements RegistrySettings {
    public GroupSettings {
        members = List.copyOf(members);
    }

    @Override
    public RegistryId.Kind kind() {
        return RegistryId.Kind.GROUP;
    }

    /** What its members own, nothing besides. */
    @Override
    public List<RepositoryPattern> owns() {
        return List.of();
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
                new GroupOptions(
                        onError.equals("skip"),
                        group.value("wholeLists", Kind.SWITCH, "false"),
                        routes(group, members)),
                group.value("memberPermissions", Kind.choice(List.of("ignore", "enforce")), "ignore")
                        .equals("enforce"),
                connectors,
                RegistrySettings.manners(group, connectors));
    }

    private static Map<RepositoryPattern, List<String>> routes(Section group, List<String> members) {
        Map<RepositoryPattern, List<String>> routes = new LinkedHashMap<>();
        Section section = group.section("routes");
        for (String pattern : group.names("routes")) {
            Optional<RepositoryPattern> names = Kind.REPOSITORY_PATTERN.parse().apply(pattern);
            if (names.isEmpty()) {
                section.problem(section.path(pattern) + ": it must be " + Kind.REPOSITORY_PATTERN.what());
                section.leave(pattern);
            } else if (!members.isEmpty()) {
                routes.put(names.get(), section.list(pattern, Kind.choice(members), members));
            }
        }
        return routes;
    }
}
