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
    /** What is read at once where the first part was not enough: most of it may fall away. */
    private static final int MORE = 1000;

    private Filtered() {}

    /** @param key an entry as {@link PageRequest#last} names it */
    static <T> Page<T> page(
            PageRequest wanted, Function<PageRequest, Page<T>> source, Predicate<T> visible, Function<T, String> key) {
        List<T> found = new ArrayList<>();
        Optional<String> last = wanted.last();
        // One more than wanted says whether there are more, and is all that is read where nothing falls away.
        int part = Math.min(wanted.limit() + 1, PageRequest.MAX_LIMIT);
        while (true) {
            Page<T> next = source.apply(new PageRequest(last, part));
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
            part = Math.max(part, MORE);
            last = Optional.of(key.apply(next.items().get(next.items().size() - 1)));
        }
    }
}
