package io.entrepot.core.group;

import io.entrepot.core.Call;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The same page of several ordered lists as one page of them all. Each gives as many entries as are wanted of all together,
 * or all that it has, so none that belongs on the page can be missing.
 */
final class Merging<T> {
    /** What is read at once where the first part was not enough. */
    private static final int MORE = 1_000;

    private final PageRequest wanted;
    private final Function<T, String> key;
    private final TreeMap<String, T> found = new TreeMap<>();
    private final Outages outages = new Outages();
    private boolean more;
    private boolean any;

    Merging(PageRequest wanted, Function<T, String> key) {
        this.wanted = wanted;
        this.key = key;
    }

    void add(Member member, Call call, Function<PageRequest, Page<T>> list) {
        add(member, call, list, entry -> true);
    }

    /**
     * A member that cannot be asked makes the list incomplete, which is said; one that knows nothing adds nothing.
     *
     * @param visible which of its entries count
     */
    void add(Member member, Call call, Function<PageRequest, Page<T>> list, Predicate<T> visible) {
        try {
            if (!readEnough(list, visible)) {
                call.source().warn("incomplete: " + member + " does not go on with its list");
            }
        } catch (RegistryException.Unknown e) {
            // It has no part in this.
        } catch (RegistryException.Unavailable
                | RegistryException.Unsupported
                | RegistryException.Denied
                | RegistryException.Unauthorized e) {
            outages.add(e);
            call.source().warn("incomplete: " + member + " could not be asked: " + e.getMessage());
        }
    }

    /**
     * Reads on where a part was shorter than wanted, though it was not the last.
     *
     * @return whether the list went on for as long as it had to
     */
    private boolean readEnough(Function<PageRequest, Page<T>> list, Predicate<T> visible) {
        PageRequest request = wanted;
        int counting = 0;
        while (true) {
            Page<T> part = list.apply(request);
            any = true;
            for (T entry : part.items()) {
                if (visible.test(entry)) {
                    found.putIfAbsent(key.apply(entry), entry);
                    counting++;
                }
            }
            if (!part.more()) {
                return true;
            }
            if (counting >= wanted.limit()) {
                more = true;
                return true;
            }
            if (!goesOn(request, part.items())) {
                return false;
            }
            request = PageRequest.first(Math.max(wanted.limit(), MORE)).after(last(part.items()));
        }
    }

    /** Where nothing comes, or again what came before, asking on would never end. */
    private boolean goesOn(PageRequest request, List<T> part) {
        return !part.isEmpty() && last(part).compareTo(request.last().orElse("")) > 0;
    }

    private String last(List<T> part) {
        return key.apply(part.get(part.size() - 1));
    }

    /** Whether at least one member had a list. */
    boolean any() {
        return any;
    }

    /** @throws RegistryException what kept members from being asked, if so and none had a list */
    Page<T> merged() {
        if (!any && outages.worst().isPresent()) {
            throw outages.worst().get();
        }
        Page<T> page =
                Page.cut(found.values().stream().limit(wanted.limit() + 1L).toList(), wanted.limit());
        return new Page<>(page.items(), page.more() || more);
    }
}
