package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.Rights;
import java.util.Collection;
import java.util.Locale;

/**
 * What somebody may change of accounts: what he administers, and never what would give anybody, himself included, more
 * than he may do himself with the credential that he showed.
 */
final class Powers {
    private final Caller by;

    /** @throws RegistryException if the credential was made out for the content of registries only */
    @SuppressWarnings("ReferenceEquality") // A token's scope is an object of its own, whatever it allows.
    Powers(Caller by) {
        this.by = by;
        if (by.scope() != Access.ALL) {
            throw by.refusal("administer anything with a token for registries", "admin");
        }
    }

    /** Whether he is this one, and shows it by more than a key that was made for something else. */
    boolean is(Principal principal) {
        return by.principal().equals(principal) && unrestricted();
    }

    boolean administers(Domain domain) {
        return by.rights().administers(domain);
    }

    /** @param what completes "may not" */
    void require(Domain domain, String what) {
        if (!administers(domain)) {
            throw refuse(what, domain);
        }
    }

    RegistryException refuse(String what, Domain domain) {
        return by.refusal(what, "admin:" + domain.name().toLowerCase(Locale.ROOT));
    }

    /** @param what completes "may not", and is followed by a privilege that is missing */
    void requireAll(Collection<Privilege> privileges, String what) {
        for (Privilege privilege : privileges) {
            if (!covers(privilege)) {
                throw new RegistryException.Denied(
                        by.principal().name() + " may not " + what + ", since it needs a privilege that "
                                + by.principal().name() + " does not have: " + PrivilegeNotation.print(privilege),
                        PrivilegeNotation.print(privilege));
            }
        }
    }

    private boolean covers(Privilege privilege) {
        if (by.rights() instanceof LiveRights live) {
            return live.covers(privilege);
        }
        return unlimited();
    }

    /** Whether the credential leaves all that its owner may do. */
    private boolean unrestricted() {
        return by.rights() instanceof LiveRights live ? !live.restricted() : unlimited();
    }

    @SuppressWarnings("ReferenceEquality") // The one object that stands for everything.
    private boolean unlimited() {
        return by.rights() == Rights.ALL;
    }
}
