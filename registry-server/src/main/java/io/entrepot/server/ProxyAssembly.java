package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import io.entrepot.proxy.Cache;
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
import io.entrepot.server.config.BlobStoreSettings;
import io.entrepot.server.config.ProxySettings;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes proxy registries of their settings: the client, what governs it, the cache, and what they share. */
final class ProxyAssembly {
    /** Questions to other registries that are under way; downloads have threads of their own. */
    private static final int QUESTIONS = 256;

    private static final long IDLE_SECONDS = 30;

    private final Opened opened;
    private final InstantSource clock;
    private final ThreadPoolExecutor threads;
    private final Map<String, BlobStoreSettings> blobStores;
    /** By blob store: what is fetched into one is fetched once. */
    private final Map<String, Downloads> downloads = new HashMap<>();
    /** By blob store. */
    private final Map<String, CacheLimit> limits = new HashMap<>();

    private final List<CacheLimit> ownLimits = new ArrayList<>();

    /** @param opened closes what is opened here, in the opposite order */
    ProxyAssembly(Map<String, BlobStoreSettings> blobStores, Opened opened, InstantSource clock) {
        this.blobStores = blobStores;
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
        Cache held = new Cache(name, cache, state);
        CacheLimit common = limits.computeIfAbsent(
                        settings.blobStore(), store -> new CacheLimit(bytes -> mayHold(store, bytes, stores)))
                .over(held);
        Optional<CacheLimit> own = settings.cacheLimit().map(most -> new CacheLimit(bytes -> most).over(held));
        own.ifPresent(ownLimits::add);
        Runnable makeRoom = () -> {
            common.evict(Math.max(common.heldBytes() / 10, 1));
            collect.run();
        };
        Downloads shared = downloads.computeIfAbsent(
                settings.blobStore(), store -> opened.add(new Downloads(DownloadOptions.DEFAULT)));
        ProxyRegistry registry =
                new ProxyRegistry(name, upstream, cache, state, shared, makeRoom, options(settings), threads, clock);
        return new Proxied(registry, upstream, state, shared, own.orElse(common));
    }

    /** Half of what there would be room for. */
    private long mayHold(String blobStore, long heldBytes, Stores stores) {
        return Optional.ofNullable(blobStores.get(blobStore))
                .flatMap(BlobStoreSettings::cacheLimit)
                .orElseGet(() -> (stores.freeBytes(blobStore) + heldBytes) / 2);
    }

    /** What keeps caches within their limits, each to be enforced by itself. */
    List<CacheLimit> limits() {
        return Stream.concat(limits.values().stream(), ownLimits.stream()).toList();
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
