package io.entrepot.auth.token;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Rights;
import io.entrepot.core.wire.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** As much of what is asked for as somebody may do on a connector. What is not known is not granted, and no error. */
final class GrantedScopes {
    private final Rights rights;
    private final boolean known;
    private final TokenDesk desk;

    /** @param known whether he is somebody, who may then look at lists of what he may see */
    GrantedScopes(Rights rights, boolean known, TokenDesk desk) {
        this.rights = rights;
        this.known = known;
        this.desk = desk;
    }

    /** In the order of the request, and only those of which something is left. */
    List<Scope> of(List<Scope> requested) {
        List<Scope> granted = new ArrayList<>();
        for (Scope scope : requested) {
            Set<String> actions = actions(scope);
            if (!actions.isEmpty()) {
                granted.add(new Scope(scope.type(), scope.name(), actions));
            }
        }
        return granted;
    }

    private Set<String> actions(Scope scope) {
        Set<String> granted = new LinkedHashSet<>();
        if (scope.type().equals(Scope.REPOSITORY)) {
            List<Place> places = desk.places(scope.name()).stream()
                    .filter(place -> known || place.anonymous())
                    .toList();
            for (String action : scope.actions()) {
                places.forEach(place -> granted.addAll(granted(action, rights.in(place.registry()), place.name())));
            }
        } else if (known
                && scope.type().equals(TokenScope.REGISTRY)
                && scope.name().equals(TokenScope.CATALOG)) {
            scope.actions().stream()
                    .filter(action -> action.equals(Scope.EVERYTHING) || action.equals(TokenScope.SEARCH))
                    .forEach(granted::add);
        }
        return granted;
    }

    private static Set<String> granted(String action, Access access, RepositoryName name) {
        if (action.equals(Scope.EVERYTHING)) {
            return everything(access, name);
        }
        return may(action, access, name) ? Set.of(action) : Set.of();
    }

    private static boolean may(String action, Access access, RepositoryName name) {
        return switch (action) {
            case Scope.PULL -> access.allows(Action.READ, name);
            case Scope.PUSH -> access.allows(Action.ADD, name) || access.allows(Action.EDIT, name);
            case Scope.DELETE -> access.allows(Action.DELETE, name);
            default -> false;
        };
    }

    /** By their names; the star itself, which other registries take for all there is, only if it is all. */
    private static Set<String> everything(Access access, RepositoryName name) {
        Set<String> granted = new LinkedHashSet<>();
        for (String action : List.of(Scope.PULL, Scope.PUSH, Scope.DELETE)) {
            if (may(action, access, name)) {
                granted.add(action);
            }
        }
        boolean all = true;
        for (Action action : Action.values()) {
            all &= access.allowsWholly(action, name);
        }
        if (all) {
            granted.add(Scope.EVERYTHING);
        }
        return granted;
    }
}
