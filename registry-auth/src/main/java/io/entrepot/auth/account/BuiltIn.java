package io.entrepot.auth.account;

import static io.entrepot.core.access.Action.ADD;
import static io.entrepot.core.access.Action.BROWSE;
import static io.entrepot.core.access.Action.DELETE;
import static io.entrepot.core.access.Action.EDIT;
import static io.entrepot.core.access.Action.READ;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The roles that every installation has. All but {@link #ADMIN} may be edited, none can be deleted. */
public final class BuiltIn {
    /** May everything, always: what it allows cannot be edited. */
    public static final String ADMIN = "admin";
    /** Pulls, and pushes what was not there. */
    public static final String DEVELOPER = "developer";
    /** Pulls, pushes and moves tags. */
    public static final String DEPLOYER = "deployer";

    public static final String READER = "reader";
    /** What everybody may, on registries that let anonymous callers in. */
    public static final String ANONYMOUS = "anonymous";

    private static final Set<String> NAMES = Set.of(ADMIN, DEVELOPER, DEPLOYER, READER, ANONYMOUS);

    private BuiltIn() {}

    public static boolean isBuiltIn(String role) {
        return NAMES.contains(role);
    }

    /** As they are until somebody edits them. */
    static Map<String, Role> roles() {
        Map<String, Role> roles = new TreeMap<>();
        List<Privilege> everything = new ArrayList<>();
        everything.add(on(Action.values()));
        Arrays.stream(Domain.values()).forEach(d -> everything.add(new Privilege.Admin(d, true)));
        add(roles, ADMIN, "may everything", everything);
        add(roles, DEVELOPER, "pulls, and pushes new tags", List.of(on(BROWSE, READ, ADD)));
        add(roles, DEPLOYER, "pulls, pushes, and moves existing tags", List.of(on(BROWSE, READ, ADD, EDIT)));
        add(roles, READER, "pulls", List.of(on(BROWSE, READ)));
        add(roles, ANONYMOUS, "what everybody may where a registry allows anonymous pull", List.of(on(BROWSE, READ)));
        return roles;
    }

    /** All that can be done to the content of all registries. */
    static Privilege allContent() {
        return on(BROWSE, READ, ADD, EDIT, DELETE);
    }

    private static Privilege on(Action... actions) {
        return new Privilege.Content(
                Set.of(actions), new RegistrySelector.All(), RepositoryPattern.ALL, Optional.empty());
    }

    private static void add(Map<String, Role> roles, String name, String description, List<Privilege> privileges) {
        roles.put(name, new Role(name, description, privileges, Set.of(), true));
    }
}
