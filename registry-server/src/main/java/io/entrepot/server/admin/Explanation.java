package io.entrepot.server.admin;

import java.util.List;
import java.util.Optional;

/**
 * Who answers for an image in a group, and why.
 *
 * @param answeredBy the member whose word counts; empty if none does
 * @param digest what the image is there
 * @param verdicts in the order in which members are asked; behind that of a group, those of its members
 */
public record Explanation(String image, Optional<String> answeredBy, Optional<String> digest, List<Verdict> verdicts) {
    public Explanation {
        verdicts = List.copyOf(verdicts);
    }

    /**
     * What one member says of it, or why it is not asked.
     *
     * @param word such as {@code found}, {@code unknown}, {@code unavailable}
     * @param detail a sentence, or nothing
     */
    public record Verdict(String member, String word, String detail) {}
}
