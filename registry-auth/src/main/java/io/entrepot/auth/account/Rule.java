package io.entrepot.auth.account;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.TagPattern;
import java.util.Optional;

/**
 * A privilege on the content of a registry that is already chosen, for an action that is already chosen. Most names are
 * told from what is literal in it, without walking the pattern.
 */
final class Rule {
    private final RepositoryPattern names;
    private final Optional<TagPattern> tags;
    private final String beginning;
    private final String end;
    private final String within;
    private final boolean exact;
    private final boolean subtree;

    Rule(RepositoryPattern names, Optional<TagPattern> tags) {
        this.names = names;
        this.tags = tags;
        String glob = names.glob();
        int first = firstWildcard(glob);
        this.exact = first == glob.length();
        this.beginning = glob.substring(0, first);
        this.end = glob.substring(afterLastWildcard(glob));
        this.within = longestLiteral(glob);
        this.subtree = first == glob.length() - 2 && glob.endsWith("**");
    }

    private static int firstWildcard(String glob) {
        int i = 0;
        while (i < glob.length() && !wildcard(glob.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int afterLastWildcard(String glob) {
        int i = glob.length();
        while (i > 0 && !wildcard(glob.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static String longestLiteral(String glob) {
        String longest = "";
        int start = 0;
        for (int i = 0; i <= glob.length(); i++) {
            if (i == glob.length() || wildcard(glob.charAt(i))) {
                longest = i - start > longest.length() ? glob.substring(start, i) : longest;
                start = i + 1;
            }
        }
        return longest;
    }

    private static boolean wildcard(char c) {
        return c == '*' || c == '?';
    }

    /** What all names begin with that it can match. */
    String beginning() {
        return beginning;
    }

    /** What they end with. */
    String end() {
        return end;
    }

    boolean everyName() {
        return subtree && beginning.isEmpty();
    }

    /** The one name that it is about, if it is about one. */
    Optional<String> onlyName() {
        return exact ? Optional.of(beginning) : Optional.empty();
    }

    boolean matches(RepositoryName name) {
        String text = name.value();
        if (exact) {
            return text.equals(beginning);
        }
        if (!text.startsWith(beginning)) {
            return false;
        }
        return subtree || text.endsWith(end) && text.contains(within) && names.matches(name);
    }

    boolean allTags() {
        return tags.isEmpty();
    }

    boolean matches(Tag tag) {
        return tags.isEmpty() || tags.get().matches(tag);
    }

    /** Whether there can be a tag that both are about. */
    boolean sharesTags(Rule other) {
        return tags.isEmpty()
                || other.tags.isEmpty()
                || Globs.intersect(tags.get().glob(), other.tags.get().glob());
    }
}
