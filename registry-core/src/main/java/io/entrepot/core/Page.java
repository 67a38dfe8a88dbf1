package io.entrepot.core;

import java.util.List;

/** A part of an ordered list. {@code more} says that entries follow the last one. */
public record Page<T>(List<T> items, boolean more) {
    public Page {
        items = List.copyOf(items);
    }

    public static <T> Page<T> empty() {
        return new Page<>(List.of(), false);
    }

    /** Of a list that was asked for one entry more than wanted. */
    public static <T> Page<T> cut(List<T> itemsAndOne, int limit) {
        return itemsAndOne.size() > limit
                ? new Page<>(itemsAndOne.subList(0, limit), true)
                : new Page<>(itemsAndOne, false);
    }
}
