package io.entrepot.server;

import io.entrepot.core.store.ProxyState;
import io.entrepot.proxy.CacheLimit;
import io.entrepot.proxy.ProxyRegistry;
import io.entrepot.proxy.download.Downloads;
import io.entrepot.proxy.upstream.Upstream;

/**
 * A proxy registry, and what looks after it.
 *
 * @param limit that of its own, else the one that it has in common with all on its blob store
 */
record Proxied(ProxyRegistry registry, Upstream upstream, ProxyState state, Downloads downloads, CacheLimit limit) {}
