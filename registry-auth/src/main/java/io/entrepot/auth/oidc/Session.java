package io.entrepot.auth.oidc;

import io.entrepot.core.Principal;
import io.entrepot.core.access.Rights;
import java.time.Instant;
import java.util.Set;

/**
 * Somebody who is logged in with a browser.
 *
 * @param rights as they are now, not as they were at the login
 * @param groups as they were at the login
 * @param csrf the word that a request must bring, besides the cookie, if it changes anything
 * @param ends at the latest
 */
public record Session(
        Principal principal, Rights rights, Set<String> groups, String csrf, Instant begun, Instant ends) {
    public Session {
        groups = Set.copyOf(groups);
    }

    /** Whether a request that changes something brings the right word. */
    public boolean isMeant(String csrfShown) {
        return Chance.same(csrf, csrfShown);
    }

    /** Without the word. */
    @Override
    public String toString() {
        return "session of " + principal + " since " + begun;
    }
}
