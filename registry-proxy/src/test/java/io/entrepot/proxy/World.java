package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.proxy.download.DownloadOptions;
import io.entrepot.proxy.download.Downloads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An upstream that is watched, and a proxy of it whose cache is in memory. */
final class World implements AutoCloseable {
    static final RepositoryName NGINX = new RepositoryName("library/nginx");

    final SettableClock clock = new SettableClock();
    final HostedRegistry origin = new HostedRegistry(
            "origin", new MemoryBlobStore(), new MemoryMetadata(), HostedOptions.DEFAULT.sparse(true), clock);
    final FakeUpstream upstream = new FakeUpstream(origin);
    final MemoryMetadata metadata = new MemoryMetadata();
    final MemoryBlobStore blobs;
    final ProxyState state;
    final Registry cache;
    final ProxyRegistry proxy;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    Downloads downloads = new Downloads(new DownloadOptions(64, 5, Duration.ofMillis(1)));

    World(ProxyOptions options) {
        this(options, new MemoryBlobStore());
    }

    World(ProxyOptions options, MemoryBlobStore blobs) {
        this.blobs = blobs;
        this.state = metadata.proxyState();
        this.cache = new HostedRegistry("cache", blobs, metadata, HostedOptions.CACHE, clock);
        this.proxy = proxy(options);
    }

    /** Another one over the same cache, as after a restart. */
    ProxyRegistry proxy(ProxyOptions options) {
        return new ProxyRegistry("hub", upstream, cache, state, downloads, () -> {}, options, threads, clock);
    }

    static Call call(Reach reach) {
        return new Call(Principal.ANONYMOUS, Call.Purpose.PULL, reach, "1");
    }

    Repository pushed(RepositoryName name) {
        return origin.repository(name, Call.internal());
    }

    Repository pulled(RepositoryName name) {
        return proxy.repository(name, call(Reach.ANYWHERE));
    }

    void down() {
        upstream.failWith(new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, "connection refused", Optional.of(Duration.ofSeconds(7)), null));
    }

    @Override
    public void close() {
        downloads.close();
        threads.shutdownNow();
        state.close();
    }
}
