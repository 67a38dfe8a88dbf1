package io.entrepot.core.view;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Caller;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.SettableClock;

/** Guarded for one who may do everything, a registry owes what it owes unguarded. */
class GuardedContractTest extends RegistryContract {
    private final SettableClock clock = new SettableClock();
    private final Registry hosted = new HostedRegistry(
            "private", new MemoryBlobStore(clock), new MemoryMetadata(), HostedOptions.DEFAULT, clock);
    private final Registry registry = new GuardedRegistry(hosted, Caller.ANYBODY, Access.ALL);

    @Override
    protected Registry registry() {
        return registry;
    }

    @Override
    protected int histories() {
        return 50;
    }
}
