package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.EverySpelling;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.view.GuardedRegistry;
import java.util.Optional;
import java.util.function.Function;

/**
 * A registry as it is served.
 *
 * @param anonymous whether it lets in those who are nobody, as far as their role allows
 * @param ofEach what each caller sees of it, if not all see the same
 * @param officialLibrary whether {@code nginx} and {@code library/nginx} are one in it
 */
record Served(
        RegistryId id,
        Registry registry,
        boolean anonymous,
        boolean officialLibrary,
        Optional<Function<Caller, Registry>> ofEach) {

    /** What this caller may do here, by his rights alone. */
    Access access(Caller caller) {
        Access access = caller.rights().in(id);
        return officialLibrary ? new EverySpelling(access) : access;
    }

    /** As this caller may see it. */
    Registry guarded(Caller caller) {
        return new GuardedRegistry(ofEach.map(view -> view.apply(caller)).orElse(registry), caller, access(caller));
    }
}
