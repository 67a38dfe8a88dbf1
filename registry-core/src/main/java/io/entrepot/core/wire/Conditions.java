package io.entrepot.core.wire;

import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.TagRule;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Requests that depend on what is there now: {@code If-None-Match} and {@code If-Match} (RFC 9110, section 13). An entity
 * tag is the digest, in quotes; clients also send it without. A header that was not sent is empty.
 */
public final class Conditions {
    private Conditions() {}

    public static String entityTag(Digest digest) {
        return "\"" + digest + "\"";
    }

    /** Whether a reader has this already, so that 304 is the answer. */
    public static boolean notModified(String ifNoneMatch, Digest current) {
        return !ifNoneMatch.isEmpty() && matches(ifNoneMatch, current, true);
    }

    /**
     * What a push made itself depend on, for the transaction that sets the tag.
     *
     * @throws RegistryException.PreconditionFailed from the rule, if the tag is something else
     */
    public static TagRule ofPush(String ifMatch, String ifNoneMatch) {
        TagRule rule = TagRule.ANY;
        if (!ifMatch.isEmpty()) {
            rule = rule.and(
                    when(now -> now.isPresent() && matches(ifMatch, now.get(), false), "is not what If-Match says"));
        }
        if (!ifNoneMatch.isEmpty()) {
            rule = rule.and(when(
                    now -> now.isEmpty() || !matches(ifNoneMatch, now.get(), true), "is what If-None-Match excludes"));
        }
        return rule;
    }

    private static TagRule when(Predicate<Optional<Digest>> holds, String otherwise) {
        return (tag, now, next) -> {
            if (!holds.test(now)) {
                throw new RegistryException.PreconditionFailed("tag " + tag + " " + otherwise + ": look at it again");
            }
        };
    }

    /** @param weak whether an entity tag marked as weak counts: our own never are */
    private static boolean matches(String header, Digest digest, boolean weak) {
        String wanted = digest.toString();
        int start = 0;
        while (start <= header.length()) {
            int comma = header.indexOf(',', start);
            int end = comma < 0 ? header.length() : comma;
            String entry = header.substring(start, end).strip();
            if (weak && entry.startsWith("W/")) {
                entry = entry.substring(2);
            }
            if (entry.equals("*") || unquoted(entry).equals(wanted)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private static String unquoted(String entry) {
        boolean quoted = entry.length() >= 2 && entry.startsWith("\"") && entry.endsWith("\"");
        return quoted ? entry.substring(1, entry.length() - 1) : entry;
    }
}
