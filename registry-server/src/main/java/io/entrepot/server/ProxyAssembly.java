package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import io.entrepot.proxy.CacheLimit;
import io.entrepot.proxy.Names;
import io.entrepot.proxy.ProxyOptions;
import io.entrepot.proxy.ProxyRegistry;
import io.entrepot.proxy.download.DownloadOptions;
import io.entrepot.proxy.download.Downloads;
import io.entrepot.proxy.remote.RemoteRegistry;
import io.entrepot.proxy.upstream.Ledger;
import io.entrepot.proxy.upstream.Upstream;
import io.entrepot.proxy.upstream.UpstreamOptions;
import io.entrepot.proxy.upstream.UpstreamSource;
import io.entrepot.server.config.ProxySettings;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Makes proxy registries of their settings: the client, what governs it, the cache, and what they share. */
final class ProxyAssembly {
    /** Questions to other registries that are under way; downloads have threads of their own. */
    private static final int QUESTIONS = 256;

    private static final long IDLE_SECONDS = 30;

    private final Opened opened;
    private final InstantSource clock;
    private final ThreadPoolExecutor threads;
    /** By blob store: what is fetched into one is fetched once. */
    private final Map<String, Downloads> downloads = new HashMap<>();

    /** @param opened closes what is opened here, in the opposite order */
    ProxyAssembly(Opened opened, InstantSource clock) {
        this.opened = opened;
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(0, QUESTIONS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "entrepot-upstream-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        opened.add(this::endThreads);
    }

    private void endThreads() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(IDLE_SECONDS, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }

    /** @param collect deletes at once what nothing refers to any more */
    Proxied proxy(String name, ProxySettings settings, Stores stores, MetadataStore metadata, Runnable collect) {
        BlobStore blobs = stores.blobs(settings.blobStore());
        ProxyState state = opened.add(stores.state(name));
        Upstream upstream = upstream(name, settings);
        Registry cache = new HostedRegistry(name, blobs, metadata, HostedOptions.CACHE, clock);
        LongSupplier limitBytes = () ->
                settings.cacheLimit().orElseGet(() -> (stores.freeBytes(settings.blobStore()) + state.heldBytes()) / 2);
        CacheLimit limit = new CacheLimit(name, cache, state, limitBytes);
        Runnable makeRoom = () -> {
            limit.evict(Math.max(state.heldBytes() / 10, 1));
            collect.run();
        };
        Downloads shared = downloads.computeIfAbsent(
                settings.blobStore(), store -> opened.add(new Downloads(DownloadOptions.DEFAULT)));
        ProxyRegistry registry =
                new ProxyRegistry(name, upstream, cache, state, shared, makeRoom, options(settings), threads, clock);
        return new Proxied(registry, upstream, state, shared, limit, limitBytes);
    }

    private static ProxyOptions options(ProxySettings settings) {
        Names names =
                new Names(settings.officialLibrary(), settings.remoteNamespace(), settings.allow(), settings.deny());
        return new ProxyOptions(
                names,
                settings.tagFreshness(),
                settings.notFoundFreshness(),
                settings.listFreshness(),
                ProxyOptions.DEFAULT.softDeadline(),
                ProxyOptions.DEFAULT.deadline(),
                settings.maxStale(),
                settings.followDeletions(),
                settings.finishDownloads());
    }

    /** Mirrors answer for digests only, the registry itself, which comes last, for everything. */
    private Upstream upstream(String name, ProxySettings settings) {
        List<UpstreamSource> sources = new ArrayList<>();
        List<URI> remotes = settings.remotes();
        for (URI remote : remotes) {
            Ledger ledger = new Ledger(clock);
            RemoteRegistry client = opened.add(RemoteClients.client(name, remote, settings, ledger));
            boolean canonical = sources.size() == remotes.size() - 1;
            sources.add(new UpstreamSource(label(remote), client, canonical, ledger));
        }
        UpstreamOptions options = UpstreamOptions.DEFAULT.lanes(
                settings.connection().transfers(),
                UpstreamOptions.DEFAULT.requests(),
                UpstreamOptions.DEFAULT.requestWait(),
                UpstreamOptions.DEFAULT.waiting());
        Upstream upstream = opened.add(new Upstream(name, sources, options, clock, RandomGenerator.getDefault()));
        upstream.block(settings.blocked());
        return upstream;
    }

    private static String label(URI remote) {
        String port = remote.getPort() < 0 ? "" : ":" + remote.getPort();
        String path = remote.getRawPath() == null || remote.getRawPath().equals("/") ? "" : remote.getRawPath();
        return remote.getHost() + port + path;
    }
}
