package io.entrepot.core.hosted;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.SettableClock;

/** A hosted registry over the stores in memory owes what every registry does. */
class HostedRegistryTest extends RegistryContract {
    private final SettableClock clock = new SettableClock();
    private final Registry registry = new HostedRegistry(
            "private", new MemoryBlobStore(clock), new MemoryMetadata(), HostedOptions.DEFAULT, clock);

    @Override
    protected Registry registry() {
        return registry;
    }
}
