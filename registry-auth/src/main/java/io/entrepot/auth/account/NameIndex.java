package io.entrepot.auth.account;

import io.entrepot.core.RepositoryName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules for one action in one registry, found by the name of a repository without asking each of them: by how they
 * begin, then by how they end. Only those that do neither literally are all asked.
 */
final class NameIndex {
    private final Map<String, List<Rule>> exact = new HashMap<>();
    private final Affixes<Affixes<List<Rule>>> patterns = new Affixes<>();
    private boolean everything;

    NameIndex(List<Rule> rules) {
        for (Rule rule : rules) {
            everything |= rule.everyName() && rule.allTags();
            rule.onlyName()
                    .ifPresentOrElse(
                            name -> exact.computeIfAbsent(name, n -> new ArrayList<>())
                                    .add(rule),
                            () -> patterns.at(rule.beginning(), Affixes::new)
                                    .at(rule.end(), ArrayList::new)
                                    .add(rule));
        }
    }

    boolean isEmpty() {
        return exact.isEmpty() && patterns.isEmpty();
    }

    /** Whether all names and all tags are allowed. */
    boolean everything() {
        return everything;
    }

    /** Whether any rule matches the name and is {@code wanted}. */
    boolean any(RepositoryName name, Predicate<Rule> wanted) {
        String text = name.value();
        return matches(exact.get(text), name, wanted)
                || patterns.anyPrefix(text, ends -> ends.anySuffix(text, rules -> matches(rules, name, wanted)));
    }

    private static boolean matches(@Nullable List<Rule> rules, RepositoryName name, Predicate<Rule> wanted) {
        if (rules == null) {
            return false;
        }
        for (Rule rule : rules) {
            if (wanted.test(rule) && rule.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
