package io.entrepot.core.group;

import io.entrepot.core.Call;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The same page of several ordered lists as one page of them all. Each gives as many entries as are wanted of all together,
 * so none that belongs on the page can be missing.
 */
final class Merging<T> {
    private final PageRequest wanted;
    private final Function<T, String> key;
    private final TreeMap<String, T> found = new TreeMap<>();
    private boolean more;
    private boolean any;
    private @Nullable RegistryException unavailable;

    Merging(PageRequest wanted, Function<T, String> key) {
        this.wanted = wanted;
        this.key = key;
    }

    /** A member that cannot be asked makes the list incomplete, which is said; one that knows nothing adds nothing. */
    void add(Member member, Call call, Function<PageRequest, Page<T>> list) {
        try {
            Page<T> part = list.apply(wanted);
            part.items().forEach(item -> found.putIfAbsent(key.apply(item), item));
            more |= part.more();
            any = true;
        } catch (RegistryException.Unknown e) {
            // It has no part in this.
        } catch (RegistryException.Unavailable | RegistryException.Unsupported | RegistryException.Denied e) {
            unavailable = e;
            call.source().warn("incomplete: " + member + " could not be asked: " + e.getMessage());
        }
    }

    /** Whether at least one member had a list. */
    boolean any() {
        return any;
    }

    /** Why a list is missing, if one is. */
    Optional<RegistryException> unavailable() {
        return Optional.ofNullable(unavailable);
    }

    Page<T> merged() {
        Page<T> page =
                Page.cut(found.values().stream().limit(wanted.limit() + 1L).toList(), wanted.limit());
        return new Page<>(page.items(), page.more() || more);
    }
}
