package io.entrepot.core.group;

import io.entrepot.core.Descriptor;
import java.util.Optional;

/**
 * What one member says of an image, or why it is not asked.
 *
 * @param member by way of the groups that it is in, the outermost first: {@code all/private}
 * @param found if it has it
 * @param detail a sentence: a rule, an error, a warning; may be empty
 */
public record Verdict(String member, Word word, Optional<Descriptor> found, String detail) {
    Verdict within(String group) {
        return new Verdict(group + "/" + member, word, found, detail);
    }

    /** In short. */
    public enum Word {
        FOUND,
        UNKNOWN,
        /** A rule leads elsewhere. */
        EXCLUDED,
        OFFLINE,
        /** It could not be asked. */
        UNAVAILABLE,
        /** Only its upstream knows, which was not to be asked. */
        NOT_ASKED
    }
}
