package io.entrepot.auth.account;

import java.util.Set;

/**
 * The roles of a principal of another realm, or of a group there. Local users carry theirs themselves.
 *
 * @param roles none if all were taken away again: the security version stays known
 */
public record Assignment(Assignee to, Set<String> roles, long securityVersion) {
    public Assignment {
        Names.require(roles.size() <= User.MAX_ROLES, "somebody has at most " + User.MAX_ROLES + " roles");
        roles = Set.copyOf(roles);
    }
}
