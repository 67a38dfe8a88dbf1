package io.entrepot.server.http;

import io.entrepot.core.Registry;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * How one connector meets those who come.
 *
 * @param service what tokens of this connector are made out for
 * @param basic whether it asks for name and password; otherwise for a token. It takes both
 * @param elsewhere who gives its tokens, if it does not give them itself
 * @param pingsAnybody whether {@code GET /v2/} is answered to those who showed nothing; otherwise they are asked to log in,
 *     since that is the only place where a client learns how
 * @param view the registry as this caller may see it
 * @param pushes whether a caller may push anything to a repository: asked before much is received for it, where the guard of
 *     the view decides when it is here
 */
public record Entrance(
        String service,
        boolean basic,
        Optional<TokenServer> elsewhere,
        boolean pingsAnybody,
        Authenticator authenticator,
        Audit audit,
        Function<Caller, Registry> view,
        BiPredicate<Caller, RepositoryName> pushes) {

    /** For a server that guards nothing. */
    public static Entrance open(Registry registry) {
        return new Entrance(
                "open",
                false,
                Optional.empty(),
                true,
                Authenticator.OPEN,
                Audit.NONE,
                caller -> registry,
                (caller, name) -> true);
    }
}
