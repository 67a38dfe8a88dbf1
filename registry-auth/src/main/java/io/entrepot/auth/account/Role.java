package io.entrepot.auth.account;

import java.util.List;
import java.util.Set;

/**
 * Privileges under a name, which can be given to somebody. A role may contain others; what it allows is the union.
 *
 * @param builtIn one that every installation has and that cannot be deleted
 */
public record Role(String name, String description, List<Privilege> privileges, Set<String> roles, boolean builtIn) {
    public static final int MAX_PRIVILEGES = 1_000;
    public static final int MAX_ROLES = 100;

    public Role {
        Names.requireRole(name);
        Names.requireLine("a role's description", description, 1_000);
        Names.require(privileges.size() <= MAX_PRIVILEGES, "a role has at most " + MAX_PRIVILEGES + " privileges");
        Names.require(roles.size() <= MAX_ROLES, "a role contains at most " + MAX_ROLES + " roles");
        privileges = List.copyOf(privileges);
        roles = Set.copyOf(roles);
    }

    /** One of an administrator's own making. */
    public static Role of(String name, String description, List<Privilege> privileges, Set<String> roles) {
        return new Role(name, description, privileges, roles, BuiltIn.isBuiltIn(name));
    }
}
