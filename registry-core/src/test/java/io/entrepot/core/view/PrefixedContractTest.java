package io.entrepot.core.view;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.SettableClock;
import java.util.Map;

/** Beside a registry under a prefix, the main one owes what it owes alone. */
class PrefixedContractTest extends RegistryContract {
    private final SettableClock clock = new SettableClock();
    private final Registry hosted = new HostedRegistry(
            "private", new MemoryBlobStore(clock), new MemoryMetadata(), HostedOptions.DEFAULT, clock);
    private final Registry registry = new PrefixedRegistry(hosted, Map.of("elsewhere", hosted));

    @Override
    protected Registry registry() {
        return registry;
    }

    @Override
    protected int histories() {
        return 50;
    }
}
