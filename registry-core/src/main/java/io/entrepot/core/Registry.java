package io.entrepot.core;

import java.util.List;

/** What answers under one {@code /v2/}: repositories by name. Hosted, proxied, grouped and guarded ones are all this. */
public interface Registry {

    /** The repository of that name as this call may see it. Always answers: one that nothing was pushed to is empty. */
    Repository repository(RepositoryName name, Call call);

    /** The names of repositories that hold at least one manifest, in bytewise order. */
    Page<RepositoryName> repositories(PageRequest page, Call call);

    /** Of a search that has no index. */
    int MOST_SEARCHED = 10_000;

    /**
     * Repositories that a text finds, best first. Where there is no index, those whose names contain it, of the first
     * {@value #MOST_SEARCHED}.
     *
     * @param limit 1 to 100 hits at the most
     */
    default List<SearchHit> search(String text, int limit, Call call) {
        return repositories(PageRequest.first(MOST_SEARCHED), call).items().stream()
                .filter(name -> name.value().contains(text))
                .limit(limit)
                .map(name -> new SearchHit(name.value(), "", 0, false, false))
                .toList();
    }

    /**
     * Some repositories (at most {@code limit}) that hold a blob and that this call may read, for a mount whose client
     * named no source.
     */
    default List<RepositoryName> holders(Digest blob, int limit, Call call) {
        return List.of();
    }
}
