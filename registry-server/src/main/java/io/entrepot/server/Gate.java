package io.entrepot.server;

import io.entrepot.auth.token.TokenService;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who is let in, as the edge asks it.
 *
 * @param open whether that is everybody, and for everything
 * @param installation a name that no other server has
 * @param tokens unless clients are to show name and password
 * @param keys those that tokens are signed with, as a JWK set
 */
record Gate(
        boolean open,
        String installation,
        Authenticator authenticator,
        Audit audit,
        Optional<TokenService> tokens,
        Supplier<String> keys) {

    static final Gate OPEN =
            new Gate(true, "open", Authenticator.OPEN, Audit.NONE, Optional.empty(), () -> "{\"keys\":[]}");
}
