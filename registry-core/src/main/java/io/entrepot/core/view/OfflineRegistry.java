package io.entrepot.core.view;

import io.entrepot.core.Call;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import java.util.List;

/** A registry that an administrator has switched off: whoever asks it is told so. */
public final class OfflineRegistry implements Registry {
    private final String name;

    public OfflineRegistry(String name) {
        this.name = name;
    }

    @Override
    public Repository repository(RepositoryName repository, Call call) {
        throw refusal();
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        throw refusal();
    }

    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        throw refusal();
    }

    private RegistryException refusal() {
        return new RegistryException.Denied("registry " + name + " is offline", name);
    }
}
