package io.entrepot.core.view;

import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** A part of a list with some entries left out: as long as it was asked for, if there are so many. */
final class Filtered {
    /** What is read at once, since most of it may fall away. */
    private static final int READ = 1000;

    private Filtered() {}

    /** @param key an entry as {@link PageRequest#last} names it */
    static <T> Page<T> page(
            PageRequest wanted, Function<PageRequest, Page<T>> source, Predicate<T> visible, Function<T, String> key) {
        List<T> found = new ArrayList<>();
        Optional<String> last = wanted.last();
        while (true) {
            Page<T> next = source.apply(new PageRequest(last, Math.max(READ, wanted.limit())));
            for (T entry : next.items()) {
                if (visible.test(entry)) {
                    if (found.size() == wanted.limit()) {
                        return new Page<>(found, true);
                    }
                    found.add(entry);
                }
            }
            if (!next.more()) {
                return new Page<>(found, false);
            }
            last = Optional.of(key.apply(next.items().get(next.items().size() - 1)));
        }
    }
}
