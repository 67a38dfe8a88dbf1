package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.UploadId;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the uploads go on that were begun here: registries name them by URLs, of which nothing can be assumed. The last
 * {@value #MOST} that were used are kept.
 */
final class Sessions {
    static final int MOST = 10_000;

    private record Key(RepositoryName repository, UploadId id) {}

    private final Map<Key, URI> locations = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, URI> eldest) {
            return size() > MOST;
        }
    };

    /** By the registry's own name for it, if that is one that we could have given: it can then be found again by anybody. */
    UploadId begun(RepositoryName repository, URI location) {
        String path = location.getPath();
        UploadId id;
        try {
            id = UploadId.parse(path.substring(path.lastIndexOf('/') + 1));
        } catch (RegistryException.Unknown e) {
            id = UploadId.random();
        }
        moved(repository, id, location);
        return id;
    }

    synchronized void moved(RepositoryName repository, UploadId id, URI location) {
        locations.put(new Key(repository, id), location);
    }

    synchronized Optional<URI> location(RepositoryName repository, UploadId id) {
        return Optional.ofNullable(locations.get(new Key(repository, id)));
    }

    synchronized void ended(RepositoryName repository, UploadId id) {
        locations.remove(new Key(repository, id));
    }
}
