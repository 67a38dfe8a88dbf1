package io.entrepot.core.view;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Several registries behind one {@code /v2/}: a first path component that is one of the prefixes leads to its registry,
 * which knows the rest of the name; everything else is the main one's. Lists are the main one's.
 */
public final class PrefixedRegistry implements Registry {
    private final Registry main;
    private final Map<String, Registry> prefixes;

    public PrefixedRegistry(Registry main, Map<String, Registry> prefixes) {
        this.main = main;
        this.prefixes = Map.copyOf(prefixes);
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        String value = name.value();
        int slash = value.indexOf('/');
        Optional<Registry> other =
                slash < 0 ? Optional.empty() : Optional.ofNullable(prefixes.get(value.substring(0, slash)));
        return other.isEmpty()
                ? main.repository(name, call)
                : other.get().repository(new RepositoryName(value.substring(slash + 1)), call);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return main.repositories(page, call);
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit, Call call) {
        return main.holders(blob, limit, call);
    }
}
