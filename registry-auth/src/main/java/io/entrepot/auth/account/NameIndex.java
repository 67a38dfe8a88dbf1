package io.entrepot.auth.account;

import io.entrepot.core.RepositoryName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules for one action in one registry, found by the name of a repository without asking each of them. */
final class NameIndex {
    private final Map<String, List<Rule>> exact = new HashMap<>();
    private final Map<String, List<Rule>> folders = new HashMap<>();
    private boolean everything;

    NameIndex(List<Rule> rules) {
        for (Rule rule : rules) {
            everything |= rule.everyName() && rule.allTags();
            rule.onlyName().ifPresentOrElse(name -> add(exact, name, rule), () -> add(folders, rule.folder(), rule));
        }
    }

    private static void add(Map<String, List<Rule>> map, String key, Rule rule) {
        map.computeIfAbsent(key, k -> new ArrayList<>()).add(rule);
    }

    boolean isEmpty() {
        return exact.isEmpty() && folders.isEmpty();
    }

    /** Whether all names and all tags are allowed. */
    boolean everything() {
        return everything;
    }

    /** Whether any rule matches the name and is {@code wanted}. */
    boolean any(RepositoryName name, Predicate<Rule> wanted) {
        String text = name.value();
        if (matches(exact.get(text), name, wanted) || matches(folders.get(""), name, wanted)) {
            return true;
        }
        if (folders.isEmpty()) {
            return false;
        }
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
            if (matches(folders.get(text.substring(0, slash)), name, wanted)) {
                return true;
            }
        }
        return false;
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
