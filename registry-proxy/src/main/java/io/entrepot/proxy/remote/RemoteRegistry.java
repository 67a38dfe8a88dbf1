package io.entrepot.proxy.remote;

import io.entrepot.core.Call;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A registry that is somewhere else, over its distribution API: pulls, lists, pushes and deletes like any other of ours.
 *
 * <p>Nothing is believed that can be checked: a manifest whose bytes have another digest than was asked for or said is
 * {@link io.entrepot.core.RegistryException.Unavailable}, as is every answer that makes no sense. What is refused although
 * we are logged in (401 or 403) is {@link io.entrepot.core.RegistryException.Denied}: many registries say so of what does not
 * exist. Requests that can be repeated are, up to three times in all, unless the registry says that they are too many.
 *
 * <p>Whatever has to be asked needs a call that reaches {@link io.entrepot.core.Reach#ANYWHERE}; upstream warnings are noted
 * in its {@link io.entrepot.core.Source}. Names are the remote registry's own. Safe for all threads.
 */
public final class RemoteRegistry implements Registry, AutoCloseable {
    private final Transport transport;
    private final Sender sender;
    private final Optional<URI> index;
    private final Sessions sessions = new Sessions();

    /**
     * @param root as people write it: {@code https://registry.example.org}, with a path before {@code /v2} if it has one
     * @throws IllegalArgumentException with a sentence if that is no URL of a registry
     */
    public RemoteRegistry(URI root, RemoteOptions options) {
        this(root, options, Optional.empty());
    }

    /** @param index where to search, if that is elsewhere */
    public RemoteRegistry(URI root, RemoteOptions options, Optional<URI> index) {
        this(new HttpTransport(root, options), index, Patience.standard());
    }

    /** @param index where to search, if the registry itself cannot */
    RemoteRegistry(Transport transport, Optional<URI> index, Patience patience) {
        this.transport = transport;
        this.sender = new Sender(transport, patience);
        this.index = index;
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new RemoteRepository(name, sender, sessions, call);
    }

    /**
     * What the registry lists of its repositories, whether or not they hold a manifest.
     *
     * @throws io.entrepot.core.RegistryException.Unsupported if it has no such list
     */
    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return new RemoteLists(sender, call).repositories(page);
    }

    /**
     * What a search for this text finds, best first as the registry sees it.
     *
     * @param limit how many hits at the most; more than 100 are never asked for
     * @throws io.entrepot.core.RegistryException.Unsupported if neither the registry nor its index can search
     */
    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        return new RemoteSearch(sender, index, call).find(text, limit);
    }

    /**
     * Asks whether there is a registry, and whether it lets us in.
     *
     * @throws io.entrepot.core.RegistryException.Unavailable if it cannot be reached or is in trouble
     */
    public Greeting ping() {
        return Greeting.of(sender);
    }

    /** Closes the connections. Blobs and uploads that are open fail. */
    @Override
    public void close() {
        transport.close();
    }
}
