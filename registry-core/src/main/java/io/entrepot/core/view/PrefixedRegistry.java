package io.entrepot.core.view;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Several registries behind one {@code /v2/}: a first path component that is one of the prefixes leads to its registry,
 * which knows the rest of the name; everything else is the main one's. Lists are the main one's, without the names that
 * lead elsewhere.
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
        Optional<Registry> other = behindPrefix(name);
        return other.isEmpty() ? main.repository(name, call) : other.get().repository(withoutPrefix(name), call);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        if (prefixes.isEmpty()) {
            return main.repositories(page, call);
        }
        return Filtered.page(page, part -> main.repositories(part, call), this::mains, RepositoryName::value);
    }

    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        return main.search(text, limit, call);
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit, Call call) {
        return main.holders(blob, limit, call).stream().filter(this::mains).toList();
    }

    private boolean mains(RepositoryName name) {
        return behindPrefix(name).isEmpty();
    }

    private Optional<Registry> behindPrefix(RepositoryName name) {
        int slash = name.value().indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.ofNullable(prefixes.get(name.value().substring(0, slash)));
    }

    private static RepositoryName withoutPrefix(RepositoryName name) {
        return new RepositoryName(name.value().substring(name.value().indexOf('/') + 1));
    }
}
