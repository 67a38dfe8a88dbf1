package io.entrepot.core.memory;

import io.entrepot.core.store.ProxyStateContract;

/** What proxies remember in memory keeps the contract. */
class MemoryProxyStateTest extends ProxyStateContract {
    private final MemoryMetadata metadata = new MemoryMetadata(clock);

    @Override
    protected Opened open() {
        return new Opened(metadata, metadata.proxyState());
    }

    @Override
    protected Opened sibling() {
        MemoryMetadata sibling = metadata.sibling();
        return new Opened(sibling, sibling.proxyState());
    }
}
