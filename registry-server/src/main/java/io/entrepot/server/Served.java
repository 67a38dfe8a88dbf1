package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.view.GuardedRegistry;

/**
 * A registry as it is served.
 *
 * @param anonymous whether it lets in those who are nobody, as far as their role allows
 */
record Served(RegistryId id, Registry registry, boolean anonymous) {

    /** As this caller may see it. */
    Registry guarded(Caller caller) {
        return new GuardedRegistry(registry, caller, caller.rights().in(id));
    }
}
