package io.entrepot.server.http;

import io.entrepot.core.Registry;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import java.util.Optional;
import java.util.function.BiPredicate;

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
        View view,
        BiPredicate<Caller, RepositoryName> pushes) {

    /** What a caller sees of what is served. */
    @FunctionalInterface
    public interface View {
        /**
         * @param namespace the registry that the client would ask if we did not stand in for it, as containerd names it
         *     ({@code ns=docker.io}); empty for ours
         * @throws io.entrepot.core.RegistryException.Unknown if we stand in for no such registry
         */
        Registry of(Caller caller, Optional<String> namespace);
    }

    /** For a server that guards nothing. */
    public static Entrance open(Registry registry) {
        return new Entrance(
                "open",
                false,
                Optional.empty(),
                true,
                Authenticator.OPEN,
                Audit.NONE,
                (caller, namespace) -> registry,
                (caller, name) -> true);
    }
}
