package io.entrepot.auth.token;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.wire.Scope;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a token is good for, by the names that clients use; what its owner may do limits it further. */
final class TokenScope implements Access {
    static final String REGISTRY = "registry";
    static final String CATALOG = "catalog";
    static final String SEARCH = "search";

    private final Map<String, Set<Action>> repositories = new HashMap<>();
    private final boolean catalog;

    /** @param catalog whether it is good for lists of repositories, whatever the scopes say */
    TokenScope(Collection<Scope> scopes, boolean catalog) {
        boolean lists = catalog;
        for (Scope scope : scopes) {
            if (scope.type().equals(Scope.REPOSITORY)) {
                Set<Action> actions = repositories.computeIfAbsent(scope.name(), name -> EnumSet.noneOf(Action.class));
                scope.actions().forEach(word -> actions.addAll(meaning(word)));
            } else if (scope.type().equals(REGISTRY) && scope.name().equals(CATALOG)) {
                lists |= scope.actions().contains(Scope.EVERYTHING)
                        || scope.actions().contains(SEARCH);
            }
        }
        this.catalog = lists;
    }

    private static Set<Action> meaning(String word) {
        return switch (word) {
            case Scope.PULL -> EnumSet.of(Action.BROWSE, Action.READ);
            case Scope.PUSH -> EnumSet.of(Action.ADD, Action.EDIT);
            case Scope.DELETE -> EnumSet.of(Action.DELETE);
            case Scope.EVERYTHING -> EnumSet.allOf(Action.class);
            default -> EnumSet.noneOf(Action.class);
        };
    }

    @Override
    public boolean allows(Action action, RepositoryName name) {
        Set<Action> actions = repositories.get(name.value());
        return actions != null && actions.contains(action);
    }

    @Override
    public boolean allows(Action action, RepositoryName name, Tag tag) {
        return allows(action, name);
    }

    @Override
    public boolean allowsWholly(Action action, RepositoryName name) {
        return allows(action, name);
    }

    @Override
    public boolean allowsCatalog() {
        return catalog;
    }

    @Override
    public boolean allowsListing(RepositoryName name) {
        return catalog;
    }
}
