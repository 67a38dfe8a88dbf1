package io.entrepot.server.config;

import java.util.List;
import java.util.Map;

/** A value as it was written, before anybody knows what it should be, and where it was written. */
sealed interface Node {

    /** In words for a person: {@code entrepot.yaml, line 3}. */
    String origin();

    /** Everything that is one word or number: what it means is up to the setting. */
    record Scalar(String text, String origin) implements Node {}

    /** A key with nothing behind it. */
    record Nothing(String origin) implements Node {}

    record Sequence(List<Node> items, String origin) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Its keys, in the order in which they were written. */
    record Mapping(Map<String, Node> entries, String origin) implements Node {}

    /** What it is, for a person who wrote it where something else was expected. */
    default String kind() {
        if (this instanceof Scalar) {
            return "one value";
        }
        if (this instanceof Sequence) {
            return "a list";
        }
        return this instanceof Mapping ? "a group of settings" : "nothing";
    }
}
