package io.entrepot.auth.token;

import io.entrepot.core.Principal;
import io.entrepot.core.wire.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a token of ours says.
 *
 * @param service the connector that it is made out for
 * @param id of this token, for the audit log
 * @param access what was granted, by the names that clients use
 * @param securityVersion of the principal, when it was issued
 * @param groups of the principal in his realm, as of then
 * @param key the API key that was shown for it, whose restriction goes on limiting
 */
record Claims(
        String issuer,
        Principal principal,
        String service,
        Instant issued,
        Instant expires,
        String id,
        List<Scope> access,
        long securityVersion,
        Set<String> groups,
        Optional<String> key) {
    Claims {
        access = List.copyOf(access);
        // In their order, so that a token is the same for the same claims.
        groups = java.util.Collections.unmodifiableSet(new TreeSet<>(groups));
    }
}
