package io.entrepot.server.admin;

import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.store.ProxyState.Pin;
import io.entrepot.proxy.download.Downloads.Progress;
import io.entrepot.proxy.upstream.UpstreamState;
import java.util.List;
import java.util.Optional;

/** One proxy registry, to be looked at and governed while it runs. */
public interface ProxyControl {
    UpstreamState state();

    /** What is being fetched into the blob store that its cache is in, for whichever proxy. */
    List<Progress> downloads();

    /** All that its cache holds. */
    long heldBytes();

    /** What its cache may hold. */
    long limitBytes();

    /** The upstream is asked anew about a repository, or about everything. What is held stays. */
    void invalidate(Optional<RepositoryName> repository);

    /**
     * Gives up a manifest, or a tag alone.
     *
     * @throws io.entrepot.core.RegistryException.Unknown if it is not held
     */
    void evict(RepositoryName repository, Reference reference);

    /** While blocked, the upstream is asked nothing. Holds until the server stops: a start does what the settings say. */
    void block(boolean blocked);

    /** Forgets failures, cool-downs and refusals: the upstream is asked again at once. */
    void reset();

    /** Keeps an image whatever room others need. */
    void pin(RepositoryName repository, Reference reference);

    /** @return whether it was pinned */
    boolean unpin(RepositoryName repository, Reference reference);

    List<Pin> pins();
}
