package io.entrepot.core.group;

import io.entrepot.core.Call;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import java.util.List;
import java.util.Optional;
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
    private final boolean whole;
    private final TreeMap<String, T> found = new TreeMap<>();
    private final Outages outages = new Outages();
    private boolean more;
    private boolean any;

    /** @param whole whether a list that lacks something is none */
    Merging(PageRequest wanted, Function<T, String> key, boolean whole) {
        this.wanted = wanted;
        this.key = key;
        this.whole = whole;
    }

    void add(Member member, Call call, Function<PageRequest, Page<T>> list) {
        add(member, call, list, entry -> true);
    }

    /**
     * A member that cannot be asked makes the list incomplete, which is said; one that knows nothing adds nothing.
     *
     * @param visible which of its entries count
     * @throws RegistryException.Unavailable if the list has to be whole, and would not be
     */
    void add(Member member, Call call, Function<PageRequest, Page<T>> list, Predicate<T> visible) {
        try {
            if (!readEnough(list, visible)) {
                lacks(member + " does not go on with its list", call);
            }
        } catch (RegistryException.Unknown e) {
            // It has no part in this.
        } catch (RegistryException.Unavailable
                | RegistryException.Unsupported
                | RegistryException.Denied
                | RegistryException.Unauthorized e) {
            outages.add(e);
            lacks(member + " could not be asked: " + e.getMessage(), call);
        }
    }

    private void lacks(String why, Call call) {
        if (whole) {
            throw outages.worst()
                    .filter(RegistryException.Unavailable.class::isInstance)
                    .orElseGet(() -> new RegistryException.Unavailable(
                            ErrorCode.UNAVAILABLE, "this list would be incomplete: " + why, Optional.empty(), null));
        }
        call.source().warn("incomplete: " + why);
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
