package io.entrepot.core.group;

import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import java.util.List;
import java.util.Optional;

/**
 * Who answers for an image, and why.
 *
 * @param verdicts in the order in which members are asked; behind that of a group, those of its members
 * @param answer the one that counts; empty if none does, or if one before it cannot be asked
 */
public record Explanation(
        RepositoryName repository, Reference reference, List<Verdict> verdicts, Optional<Verdict> answer) {
    public Explanation {
        verdicts = List.copyOf(verdicts);
    }
}
