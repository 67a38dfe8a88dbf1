package io.entrepot.server;

import io.entrepot.core.store.ProxyState;
import io.entrepot.proxy.CacheLimit;
import io.entrepot.proxy.ProxyRegistry;
import io.entrepot.proxy.download.Downloads;
import io.entrepot.proxy.upstream.Upstream;
import java.util.function.LongSupplier;

/** A proxy registry, and what looks after it. */
record Proxied(
        ProxyRegistry registry,
        Upstream upstream,
        ProxyState state,
        Downloads downloads,
        CacheLimit limit,
        LongSupplier limitBytes) {}
