package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import io.entrepot.core.access.Rights;
import java.util.OptionalLong;

/**
 * What follows from users, roles and assignments as they are now. Everything is answered from memory; the rights that are
 * handed out keep following what is changed (within a second in this process, five in others).
 */
public interface Policy {
    /** The union of what the roles of the principal and of his groups allow, and of what anonymous callers may, as far as the credential leaves it. */
    Rights rights(Identity identity);

    /** What everybody may, where the registry lets anonymous callers in at all. */
    Rights anonymous();

    /**
     * A number that grows with every change after which tokens and verified credentials of this principal are no longer
     * good: his password, his roles, his being enabled. Empty if he is disabled, or was deleted; 0 for principals of other realms
     * of which nothing is kept.
     */
    OptionalLong securityVersion(Principal principal);
}
