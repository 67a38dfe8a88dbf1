package io.entrepot.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an answer should say of itself: which registry gave it, and what the caller had better know, such as that it is
 * stale. Belongs to one request; whoever answers notes it, the last one counts. Safe for all threads.
 */
public final class Source {
    /** What comes with a stale answer and with one that is not complete; more than a header can hold is left out. */
    private static final int MOST_WARNINGS = 8;

    private volatile boolean silent = true;
    private String registry = "";
    private Set<String> warnings = Set.of();

    /** The name of the registry that holds what was asked for: a member of a group, not the group. */
    public synchronized Optional<String> registry() {
        return registry.isEmpty() ? Optional.empty() : Optional.of(registry);
    }

    public synchronized void answeredBy(String newRegistry) {
        registry = newRegistry;
        silent = false;
    }

    /** Whether nothing was noted. */
    public boolean silent() {
        return silent;
    }

    /** Sentences for {@code Warning: 299}, in the order in which they were noted, none twice. */
    public synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    public synchronized void warn(String sentence) {
        if (warnings.size() < MOST_WARNINGS) {
            if (warnings.isEmpty()) {
                warnings = new LinkedHashSet<>();
            }
            warnings.add(sentence);
            silent = false;
        }
    }
}
