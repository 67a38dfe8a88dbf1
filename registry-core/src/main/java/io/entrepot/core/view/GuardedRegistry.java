package io.entrepot.core.view;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import java.util.List;
import java.util.function.Predicate;

/**
 * A registry as one caller may see and use it: the one place where permissions are asked for. Whatever he may not do is
 * refused before anything is looked for, so that a refusal tells nothing; lists leave out what he may not see.
 */
public final class GuardedRegistry implements Registry {
    private static final int UNREADABLE = 16;
    private static final int MOST_HITS = 100;

    private final Registry registry;
    private final Caller caller;
    private final Access access;
    private final Predicate<RepositoryName> withinReach;
    private final boolean hides;

    /** @param access what the caller may do in this registry */
    public GuardedRegistry(Registry registry, Caller caller, Access access) {
        this(registry, caller, access, name -> false);
    }

    /**
     * @param access what the caller's token is good for
     * @param withinReach what he may read with another token: to mount from there he is told to fetch one, where he would
     *     otherwise upload what is here already
     */
    public GuardedRegistry(Registry registry, Caller caller, Access access, Predicate<RepositoryName> withinReach) {
        this(registry, caller, access, withinReach, false);
    }

    private GuardedRegistry(
            Registry registry, Caller caller, Access access, Predicate<RepositoryName> withinReach, boolean hides) {
        this.registry = registry;
        this.caller = caller;
        this.access = access;
        this.withinReach = withinReach;
        this.hides = hides;
    }

    /** One among others, where what the caller may not read is not there for him; what he may not write is refused. */
    public static GuardedRegistry hiding(Registry registry, Caller caller, Access access) {
        return new GuardedRegistry(registry, caller, access, name -> false, true);
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new GuardedRepository(name, registry.repository(name, call), caller, access, withinReach, hides);
    }

    /** A page may come from several of the registry's own, but it is never shorter than asked unless it is the last. */
    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        if (!hides && !access.allowsCatalog()) {
            throw caller.refusal("list repositories", "registry:catalog:*");
        }
        return Filtered.page(
                page, request -> registry.repositories(request, call), access::allowsListing, RepositoryName::value);
    }

    /** What he may not see is left out. */
    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        if (!hides && !access.allowsCatalog()) {
            throw caller.refusal("search", "registry:catalog:search");
        }
        return registry.search(text, Math.min(limit * UNREADABLE, MOST_HITS), call).stream()
                .filter(hit -> visible(hit.name()))
                .limit(limit)
                .toList();
    }

    private boolean visible(String name) {
        try {
            return access.allowsListing(new RepositoryName(name));
        } catch (RegistryException.Invalid e) {
            return false;
        }
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit, Call call) {
        // Those that he may not read stand among the others: asking for more finds what he may.
        return registry.holders(blob, limit * UNREADABLE, call).stream()
                .filter(name -> access.allows(Action.READ, name))
                .limit(limit)
                .toList();
    }
}
