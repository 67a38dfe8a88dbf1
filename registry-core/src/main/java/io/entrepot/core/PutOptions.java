package io.entrepot.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How a manifest is put: under which reference, with which further tags, and what must hold of each tag. All of it
 * happens, or nothing.
 */
public record PutOptions(Reference target, List<Tag> furtherTags, TagRule rule) {
    public PutOptions {
        furtherTags = List.copyOf(furtherTags);
    }

    public static PutOptions at(Reference target) {
        return new PutOptions(target, List.of(), TagRule.ANY);
    }

    public PutOptions obeying(TagRule more) {
        return new PutOptions(target, furtherTags, rule.and(more));
    }

    /** Every tag to set, the target first if it is one, none twice. */
    public Set<Tag> tags() {
        Set<Tag> tags = new LinkedHashSet<>();
        if (target instanceof Tag tag) {
            tags.add(tag);
        }
        tags.addAll(furtherTags);
        return tags;
    }
}
