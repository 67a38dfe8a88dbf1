package io.entrepot.server;

import io.entrepot.auth.token.Place;
import io.entrepot.auth.token.TokenDesk;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.view.GuardedRegistry;
import io.entrepot.core.view.PrefixedRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands behind the {@code /v2/} of one connector: a registry for all names, and perhaps others for those that begin
 * with theirs.
 */
final class Counter implements TokenDesk {
    private final Served main;
    private final Map<String, Served> prefixes;

    Counter(Served main, Map<String, Served> prefixes) {
        this.main = main;
        this.prefixes = Map.copyOf(prefixes);
    }

    Served main() {
        return main;
    }

    /** Everything, for everybody. */
    Registry open() {
        Map<String, Registry> others = new LinkedHashMap<>();
        prefixes.forEach((prefix, served) -> others.put(prefix, served.registry()));
        return others.isEmpty() ? main.registry() : new PrefixedRegistry(main.registry(), others);
    }

    /** Rights hold for a registry's own names, a token for those that clients use here. */
    Registry view(Caller caller) {
        Registry rights = main.guarded(caller);
        if (!prefixes.isEmpty()) {
            Map<String, Registry> others = new LinkedHashMap<>();
            prefixes.forEach((prefix, served) -> others.put(prefix, served.guarded(caller)));
            rights = new PrefixedRegistry(rights, others);
        }
        return caller.scope() == Access.ALL
                ? rights
                : new GuardedRegistry(rights, caller, caller.scope(), name -> reads(caller, name));
    }

    /** Whether he may push anything there, by his rights and by his token. */
    boolean pushes(Caller caller, RepositoryName name) {
        Place place = place(name);
        return pushes(caller.scope(), name) && pushes(caller.rights().in(place.registry()), place.name());
    }

    private static boolean pushes(Access access, RepositoryName name) {
        return access.allows(Action.ADD, name) || access.allows(Action.EDIT, name);
    }

    private boolean reads(Caller caller, RepositoryName name) {
        Place place = place(name);
        return caller.rights().in(place.registry()).allows(Action.READ, place.name());
    }

    @Override
    public List<Place> places(String name) {
        return repository(name).map(this::place).stream().toList();
    }

    private Place place(RepositoryName name) {
        String value = name.value();
        int slash = value.indexOf('/');
        Served other = slash < 0 ? null : prefixes.get(value.substring(0, slash));
        return other == null
                ? new Place(main.id(), name, main.anonymous())
                : new Place(other.id(), new RepositoryName(value.substring(slash + 1)), other.anonymous());
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
        return main.anonymous() || prefixes.values().stream().anyMatch(Served::anonymous);
    }
}
