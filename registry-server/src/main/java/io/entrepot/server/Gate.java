package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.token.TokenService;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.server.config.AccessSettings;
import io.entrepot.server.http.TokenServer;
import java.util.Optional;

/**
 * Who is let in, as the edge asks it.
 *
 * @param open whether that is everybody, and for everything
 * @param installation a name that no other server has
 * @param tokens unless clients are to show name and password, or fetch their tokens elsewhere
 * @param elsewhere where that is
 */
record Gate(
        boolean open,
        String installation,
        Authenticator authenticator,
        Audit audit,
        Optional<TokenService> tokens,
        Optional<TokenServer> elsewhere) {

    static final Gate OPEN = new Gate(true, "open", Authenticator.OPEN, Audit.NONE, Optional.empty(), Optional.empty());

    static Gate of(AccessControl access, AccessSettings settings) {
        return new Gate(
                false,
                access.tokens().installation().id(),
                access.authenticator(),
                access.audit(),
                access.tokenService(),
                settings.externalTokens().map(e -> new TokenServer(e.realm().toString(), e.service())));
    }
}
