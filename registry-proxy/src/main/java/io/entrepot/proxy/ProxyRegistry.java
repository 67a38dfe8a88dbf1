package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.store.ProxyState;
import io.entrepot.proxy.download.Downloads;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Another registry as one of ours: what was fetched from it once is answered from here. Manifests are kept byte for byte and
 * answered as soon as they are there; blobs are answered while they come; what is held is answered even while the upstream
 * cannot be asked, and for as long as it is not evicted. What the upstream certainly does not have is {@link
 * io.entrepot.core.RegistryException.Unknown}; what cannot be found out now is never taken for that.
 *
 * <p>Nothing can be pushed to it. Everything given to the constructor stays the caller's to close.
 */
public final class ProxyRegistry implements Registry {
    private final Parts parts;

    /**
     * @param name as answers and messages call it
     * @param upstream asked with reach ANYWHERE only, on {@code threads}
     * @param cache takes everything as it comes ({@link io.entrepot.core.hosted.HostedOptions#CACHE}); nobody else writes to it
     * @param downloads of the blob store that the cache uses, shared by all registries over it
     * @param makeRoom gives up what is read least, when the disk is full; may do nothing
     * @param threads for questions to the upstream; rejects what would be too many
     */
    public ProxyRegistry(
            String name,
            Registry upstream,
            Registry cache,
            ProxyState state,
            Downloads downloads,
            Runnable makeRoom,
            ProxyOptions options,
            Executor threads,
            InstantSource clock) {
        this.parts = new Parts(
                name,
                upstream,
                cache,
                state,
                downloads,
                makeRoom,
                options,
                new Flights<>(threads),
                new Flights<>(threads),
                new Flights<>(threads),
                clock);
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new ProxyRepository(parts, name, call);
    }

    /** Those of which something is held. */
    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        call.reach().require(Reach.LOCAL);
        return parts.cache().repositories(page, call);
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit, Call call) {
        return parts.cache().holders(blob, limit, call);
    }

    /** By the upstream, or whatever index it has; while that cannot be asked, among what is held. */
    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        call.reach().require(Reach.ANYWHERE);
        try {
            return parts.upstream().search(text, limit, call).stream()
                    .filter(this::allowed)
                    .toList();
        } catch (RegistryException.Unavailable | RegistryException.Unsupported | RegistryException.Denied e) {
            call.source().warn("incomplete: the upstream of " + parts.name() + " could not be searched");
            return Registry.super.search(text, limit, call);
        }
    }

    private boolean allowed(SearchHit hit) {
        Names names = parts.options().names();
        return names.allows(names.local(new RepositoryName(hit.name())));
    }

    /** The upstream is asked anew about everything in this repository. What is held stays. */
    public void invalidate(RepositoryName name) {
        parts.state().forget(parts.options().names().local(name));
    }

    /** The upstream is asked anew about everything. What is held stays. */
    public void invalidate() {
        parts.state().forgetAll();
    }

    /**
     * Gives up a manifest, or a tag alone; blobs that nothing else needs go by and by.
     *
     * @throws io.entrepot.core.RegistryException.Unknown if it is not held
     */
    public void evict(RepositoryName name, Reference reference) {
        RepositoryName local = parts.options().names().local(name);
        parts.kept(local).delete(reference);
        parts.state().forget(local);
    }

    /** Keeps an image whatever room others need: what the reference leads to now, or will. */
    public void pin(RepositoryName name, Reference reference) {
        parts.state().pin(new ProxyState.Pin(parts.options().names().local(name), reference));
    }

    /** @return whether it was pinned */
    public boolean unpin(RepositoryName name, Reference reference) {
        return parts.state().unpin(new ProxyState.Pin(parts.options().names().local(name), reference));
    }

    /** What is pinned, by the full names here. */
    public List<ProxyState.Pin> pins() {
        return parts.state().pins();
    }
}
