package io.entrepot.core.view;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.Set;

/**
 * A registry of which everything can be pulled and nothing changed. Its repositories name the reads only: whatever else an
 * interface has, or will have, is refused as it is where nobody has written it.
 */
public final class PullOnlyRegistry implements Registry {
    private final Registry registry;

    public PullOnlyRegistry(Registry registry) {
        this.registry = registry;
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new PullOnly(registry.repository(name, call));
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return registry.repositories(page, call);
    }

    private record PullOnly(Repository repository) implements Repository {
        @Override
        public RepositoryName name() {
            return repository.name();
        }

        @Override
        public Descriptor resolve(Reference reference) {
            return repository.resolve(reference);
        }

        @Override
        public Manifest manifest(Reference reference) {
            return repository.manifest(reference);
        }

        @Override
        public Descriptor stat(Digest blob) {
            return repository.stat(blob);
        }

        @Override
        public Blob open(Digest blob) {
            return repository.open(blob);
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            return repository.tags(page);
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            return repository.referrers(subject, types, page);
        }
    }
}
