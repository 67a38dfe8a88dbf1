package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.Assignee;
import io.entrepot.auth.account.BuiltIn;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.account.Role;
import io.entrepot.auth.account.User;
import io.entrepot.core.Principal;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What privileges there are, and what somebody may do with an image, and why. */
final class AccessRoutes {
    private static final Need SEES = new Need.Sees(Domain.ROLES);

    private final Directory directory;
    private final List<RegistryId> registries;
    private final Privileges privileges;

    AccessRoutes(Directory directory, List<RegistryId> registries, Privileges privileges) {
        this.directory = directory;
        this.registries = registries;
        this.privileges = privileges;
    }

    List<Route> routes() {
        return List.of(Route.get("/privileges", SEES, this::search), Route.get("/access/explain", SEES, this::explain));
    }

    private Answer search(Asked asked) {
        return Shapes.list(privileges.search(asked.query().only("search").string("search", "")));
    }

    /** The registry is the main one, which stands first, unless it is said. All actions, unless one is said. */
    private Answer explain(Asked asked) {
        Fields query = asked.query().only("user", "group", "action", "registry", "repository", "tag");
        RegistryId registry = registry(query.optional("registry"));
        RepositoryName name = new RepositoryName(query.string("repository"));
        Optional<Tag> tag = query.optional("tag").map(Tag::new);
        Principal principal = principal(query.string("user"));
        Set<String> groups = query.optional("group").map(Set::of).orElse(Set.of());
        Set<String> roles = roles(principal, groups);
        Access access = directory
                .policy()
                .rights(new Identity(principal, groups, Optional.empty(), Optional.empty()))
                .in(registry);
        JsonArray items = new JsonArray();
        for (Action action : actions(query.optional("action"))) {
            boolean allowed = tag.map(t -> access.allows(action, name, t)).orElseGet(() -> access.allows(action, name));
            JsonObject item = new JsonObject();
            item.addProperty("action", word(action));
            item.addProperty("allowed", allowed);
            item.add("by", Shapes.strings(allowed ? by(roles, action, registry, name, tag, principal) : Set.of()));
            items.add(item);
        }
        JsonObject json = new JsonObject();
        json.addProperty("user", principal.id());
        json.addProperty("registry", registry.name());
        json.addProperty("repository", name.value());
        tag.ifPresent(t -> json.addProperty("tag", t.name()));
        json.add("roles", Shapes.strings(roles));
        json.add("items", items);
        return Shapes.one(json);
    }

    private RegistryId registry(Optional<String> name) {
        if (name.isEmpty()) {
            return registries.get(0);
        }
        return registries.stream()
                .filter(r -> r.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> AdminException.unknown("registry " + Fields.shown(name.get())));
    }

    private Principal principal(String user) {
        if (user.equals(BuiltIn.ANONYMOUS)) {
            return Principal.ANONYMOUS;
        }
        Principal principal = Assignee.One.parse(Shapes.id(user)).principal();
        if (principal.realm().equals(User.REALM)
                && directory.user(principal.name()).isEmpty()) {
            throw AdminException.unknown("user " + Fields.shown(principal.name()));
        }
        return principal;
    }

    private static List<Action> actions(Optional<String> only) {
        if (only.isEmpty()) {
            return List.of(Action.values());
        }
        return Stream.of(Action.values())
                .filter(action -> word(action).equals(only.get()))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> AdminException.field(
                        "action",
                        "must be one of "
                                + Arrays.stream(Action.values())
                                        .map(AccessRoutes::word)
                                        .toList()));
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    /** Those that were given to him or to one of his groups, and what everybody has. */
    private Set<String> roles(Principal principal, Set<String> groups) {
        Set<String> roles = new TreeSet<>(Set.of(BuiltIn.ANONYMOUS));
        if (principal.realm().equals(User.REALM)) {
            directory.user(principal.name()).ifPresent(user -> roles.addAll(user.roles()));
        }
        directory.assignments().forEach(assignment -> {
            boolean his = assignment.to() instanceof Assignee.Group group
                    ? group.realm().equals(principal.realm()) && groups.contains(group.group())
                    : assignment.to().toString().equals(principal.id());
            if (his) {
                roles.addAll(assignment.roles());
            }
        });
        return roles;
    }

    /** Which of the roles allow this, by themselves or by what they contain. */
    private Set<String> by(
            Set<String> roles,
            Action action,
            RegistryId registry,
            RepositoryName name,
            Optional<Tag> tag,
            Principal principal) {
        Set<String> by = new TreeSet<>();
        boolean toAll = directory.policy().anonymous().in(registry).allows(action, name);
        for (String role : roles) {
            boolean inEffect = toAll || !role.equals(BuiltIn.ANONYMOUS);
            boolean allows = inEffect
                    && allOf(role)
                            .anyMatch(privilege -> privilege instanceof Privilege.Content content
                                    && content.actions().contains(action)
                                    && content.registries().selects(registry)
                                    && matches(content.names(), name, principal)
                                    && (tag.isEmpty()
                                            || content.tags()
                                                    .map(t -> t.matches(tag.get()))
                                                    .orElse(true)));
            if (allows) {
                by.add(role);
            }
        }
        return by;
    }

    private static boolean matches(RepositoryPattern pattern, RepositoryName name, Principal principal) {
        String glob = pattern.glob().replace("{user}", principal.name());
        return glob.length() <= RepositoryName.MAX_LENGTH && new RepositoryPattern(glob).matches(name);
    }

    private Stream<Privilege> allOf(String role) {
        Set<String> seen = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(role));
        Stream.Builder<Privilege> all = Stream.builder();
        while (!open.isEmpty()) {
            String next = open.pop();
            if (seen.add(next)) {
                Optional<Role> found = directory.role(next);
                found.ifPresent(r -> {
                    r.privileges().forEach(all);
                    open.addAll(r.roles());
                });
            }
        }
        return all.build();
    }
}
