package io.entrepot.server;

import io.entrepot.auth.token.Place;
import io.entrepot.auth.token.TokenDesk;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.view.GuardedRegistry;
import io.entrepot.core.view.PrefixedRegistry;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What stands behind the {@code /v2/} of one connector: a registry for all names, and perhaps others for those that begin
 * with theirs.
 */
final class Counter implements TokenDesk {
    private static final int MOST_SHOWN = 100;

    private final Served main;
    private final Map<String, Served> prefixes;
    private final Map<String, Served> namespaces;
    /** Whether it is reached by an address that is its alone: whatever else a client names, this is what it gets. */
    private final boolean alone;

    private final Registry everything;

    /**
     * @param prefixes by the first component of a name that leads to them
     * @param namespaces by the host names of the registries that they stand in for
     */
    Counter(Served main, Map<String, Served> prefixes, Map<String, Served> namespaces) {
        this(main, prefixes, namespaces, false);
    }

    private Counter(Served main, Map<String, Served> prefixes, Map<String, Served> namespaces, boolean alone) {
        this.main = main;
        this.prefixes = Map.copyOf(prefixes);
        this.namespaces = Map.copyOf(namespaces);
        this.alone = alone;
        this.everything = prefixed(Served::registry);
    }

    static Counter alone(Served main) {
        return new Counter(main, Map.of(), Map.of(), true);
    }

    Served main() {
        return main;
    }

    /** Everything, for everybody. */
    Registry open(Optional<String> namespace) {
        return namespace.isPresent() ? standingIn(namespace.get()).registry() : everything;
    }

    /** Looked up, never asked: who could choose where we ask could make us ask anybody. */
    private Served standingIn(String namespace) {
        if (alone) {
            return main;
        }
        Served served = namespaces.get(namespace.toLowerCase(Locale.ROOT));
        if (served == null) {
            String shown = namespace.length() <= MOST_SHOWN ? namespace : namespace.substring(0, MOST_SHOWN);
            throw new RegistryException.Unknown(List.of(new RegistryException.Problem(
                    ErrorCode.NAME_UNKNOWN, "this registry does not stand in for " + shown, Optional.of(shown))));
        }
        return served;
    }

    /** Rights hold for a registry's own names, a token for those that clients use here. */
    Registry view(Caller caller, Optional<String> namespace) {
        Registry rights = namespace.isPresent()
                ? standingIn(namespace.get()).guarded(caller)
                : prefixed(served -> served.guarded(caller));
        return caller.scope() == Access.ALL
                ? rights
                : new GuardedRegistry(rights, caller, caller.scope(), name -> reads(caller, name));
    }

    private Registry prefixed(Function<Served, Registry> view) {
        if (prefixes.isEmpty()) {
            return view.apply(main);
        }
        Map<String, Registry> others = new LinkedHashMap<>();
        prefixes.forEach((prefix, served) -> others.put(prefix, view.apply(served)));
        return new PrefixedRegistry(view.apply(main), others);
    }

    /** Whether he may push anything there, by his rights and by his token. */
    boolean pushes(Caller caller, RepositoryName name) {
        At at = at(name);
        return pushes(caller.scope(), name) && pushes(at.served().access(caller), at.name());
    }

    private static boolean pushes(Access access, RepositoryName name) {
        return access.allows(Action.ADD, name) || access.allows(Action.EDIT, name);
    }

    private boolean reads(Caller caller, RepositoryName name) {
        At at = at(name);
        return at.served().access(caller).allows(Action.READ, at.name());
    }

    /** Which registry a client means by its namespace is not said before it asks for content. */
    @Override
    public List<Place> places(String name) {
        Optional<RepositoryName> repository = repository(name);
        if (repository.isEmpty()) {
            return List.of();
        }
        Set<Place> places = new LinkedHashSet<>();
        places.add(at(repository.get()).place());
        namespaces.values().forEach(other -> places.add(new At(other, repository.get()).place()));
        return List.copyOf(places);
    }

    /** A repository, by the name that its registry knows it by. */
    private record At(Served served, RepositoryName name) {
        Place place() {
            return new Place(served.id(), name, served.anonymous());
        }
    }

    private At at(RepositoryName name) {
        String value = name.value();
        int slash = value.indexOf('/');
        Served other = slash < 0 ? null : prefixes.get(value.substring(0, slash));
        return other == null ? new At(main, name) : new At(other, new RepositoryName(value.substring(slash + 1)));
    }

    private static Optional<RepositoryName> repository(String name) {
        try {
            return Optional.of(new RepositoryName(name));
        } catch (RegistryException.Invalid e) {
            // A scope may be about anything.
            return Optional.empty();
        }
    }

    @Override
    public boolean anonymous() {
        return main.anonymous()
                || prefixes.values().stream().anyMatch(Served::anonymous)
                || namespaces.values().stream().anyMatch(Served::anonymous);
    }
}
