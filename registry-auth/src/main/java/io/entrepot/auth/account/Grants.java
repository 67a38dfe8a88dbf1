package io.entrepot.auth.account;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Action;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What some privileges come to in one registry. Immutable; {@link Action#BROWSE} and the others are told apart. */
final class Grants {
    static final Grants NONE = new Grants(List.of());

    private final Map<Action, NameIndex> byAction = new EnumMap<>(Action.class);

    /** @param privileges those that select the registry */
    Grants(List<Privilege.Content> privileges) {
        for (Action action : Action.values()) {
            byAction.put(
                    action,
                    new NameIndex(privileges.stream()
                            .filter(p -> p.actions().contains(action))
                            .map(p -> new Rule(p.names(), p.tags()))
                            .toList()));
        }
    }

    boolean allows(Action action, RepositoryName name) {
        NameIndex index = index(action);
        return index.everything() || index.any(name, rule -> true);
    }

    boolean allows(Action action, RepositoryName name, Tag tag) {
        NameIndex index = index(action);
        return index.everything() || index.any(name, rule -> rule.matches(tag));
    }

    boolean allowsWholly(Action action, RepositoryName name) {
        NameIndex index = index(action);
        return index.everything() || index.any(name, Rule::allTags);
    }

    /** Whether there may be anything that the action is allowed on. */
    boolean allowsAnywhere(Action action) {
        return !index(action).isEmpty();
    }

    /** The rules that are about this name, whatever their tags. */
    List<Rule> rules(Action action, RepositoryName name) {
        List<Rule> rules = new ArrayList<>();
        index(action).any(name, rule -> {
            if (rule.matches(name)) {
                rules.add(rule);
            }
            return false;
        });
        return rules;
    }

    private NameIndex index(Action action) {
        return byAction.getOrDefault(action, EMPTY);
    }

    private static final NameIndex EMPTY = new NameIndex(List.of());
}
