package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.token.TokenService;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import java.util.Optional;

/**
 * Who is let in, as the edge asks it.
 *
 * @param open whether that is everybody, and for everything
 * @param installation a name that no other server has
 * @param tokens unless clients are to show name and password
 */
record Gate(
        boolean open, String installation, Authenticator authenticator, Audit audit, Optional<TokenService> tokens) {

    static final Gate OPEN = new Gate(true, "open", Authenticator.OPEN, Audit.NONE, Optional.empty());

    static Gate of(AccessControl access) {
        return new Gate(
                false,
                access.tokens().installation().id(),
                access.authenticator(),
                access.audit(),
                access.tokenService());
    }
}
