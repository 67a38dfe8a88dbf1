package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who a realm says somebody is, and what the credential that he showed leaves of his rights.
 *
 * @param groups his groups in that realm, as of now; roles can be assigned to them
 * @param restriction what the credential is good for; everything that he may do if empty
 * @param credential the id of the key or certificate that was shown, for the audit log; never the secret
 */
public record Identity(
        Principal principal, Set<String> groups, Optional<List<Privilege>> restriction, Optional<String> credential) {
    public Identity {
        groups = Set.copyOf(groups);
        restriction = restriction.map(List::copyOf);
    }

    public static Identity of(Principal principal) {
        return new Identity(principal, Set.of(), Optional.empty(), Optional.empty());
    }
}
