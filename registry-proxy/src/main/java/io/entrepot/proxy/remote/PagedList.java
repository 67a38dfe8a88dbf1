package io.entrepot.proxy.remote;

import io.entrepot.core.Call;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.NextLink;
import io.entrepot.core.wire.Paging;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A list that another registry gives in pages of its own size and perhaps in an order of its own, as one in bytewise order
 * with pages as they are wanted. Bounded in pages, bytes and entries, whatever the registry sends.
 *
 * @param <T> what is listed
 */
final class PagedList<T> {
    static final int MOST_PAGES = 100;
    static final int MOST_BYTES = 16 << 20;
    static final int MOST_ENTRIES = 100_000;

    /** Some registries refuse to be asked for more at once. */
    private static final int MOST_AT_ONCE = 1_000;

    private final Sender sender;
    private final Call call;
    private final Function<Paging, Endpoint> place;
    private final BiFunction<Reply, byte[], List<T>> reading;
    private final Function<T, String> nameOf;
    private final Supplier<RegistryException> unknown;

    /** @param unknown is thrown for a 404 */
    PagedList(
            Sender sender,
            Call call,
            Function<Paging, Endpoint> place,
            BiFunction<Reply, byte[], List<T>> reading,
            Function<T, String> nameOf,
            Supplier<RegistryException> unknown) {
        this.sender = sender;
        this.call = call;
        this.place = place;
        this.reading = reading;
        this.nameOf = nameOf;
        this.unknown = unknown;
    }

    /**
     * A part of the list. The registry's order is trusted until an entry is out of it; then all is read and sorted. May have
     * fewer entries than wanted although there are more.
     */
    Page<T> page(PageRequest wanted) {
        try {
            return ordered(wanted).orElseGet(() -> cut(whole(sized(MOST_AT_ONCE, Optional.empty())), nameOf, wanted));
        } catch (RegistryException.Invalid e) {
            // It does not take our word for where a page begins, or how long it is: some count by words of their own.
            return cut(whole(), nameOf, wanted);
        }
    }

    /** Empty if the registry's order is not ours. */
    private Optional<Page<T>> ordered(PageRequest wanted) {
        Walk walk = new Walk(sized(Math.min(wanted.limit(), MOST_AT_ONCE), wanted.last()));
        List<T> found = new ArrayList<>();
        String previous = wanted.last().orElse("");
        while (found.size() < wanted.limit() && walk.more() && (found.isEmpty() || walk.pages < MOST_PAGES)) {
            for (T entry : walk.next()) {
                String name = nameOf.apply(entry);
                if (name.compareTo(previous) <= 0) {
                    return Optional.empty();
                }
                found.add(entry);
                previous = name;
            }
        }
        Page<T> page = Page.cut(found, wanted.limit());
        return Optional.of(new Page<>(page.items(), page.more() || walk.more()));
    }

    private static Paging sized(int n, Optional<String> last) {
        return new Paging(OptionalInt.of(n), last);
    }

    /** All entries, in the registry's order. */
    List<T> whole() {
        return whole(Paging.NONE);
    }

    private List<T> whole(Paging paging) {
        Walk walk = new Walk(paging);
        List<T> all = new ArrayList<>();
        while (walk.more()) {
            all.addAll(walk.next());
        }
        return all;
    }

    /** A part of a whole list, sorted, each name once. */
    static <T> Page<T> cut(List<T> whole, Function<T, String> nameOf, PageRequest wanted) {
        TreeMap<String, T> sorted = new TreeMap<>();
        whole.forEach(entry -> sorted.putIfAbsent(nameOf.apply(entry), entry));
        Map<String, T> rest =
                wanted.last().isPresent() ? sorted.tailMap(wanted.last().get(), false) : sorted;
        List<T> one = rest.values().stream().limit(wanted.limit() + 1L).toList();
        return Page.cut(one, wanted.limit());
    }

    private record Part<T>(List<T> entries, int bytes, Optional<Outgoing> next) {}

    /** From page to page, as far as the bounds allow. */
    private final class Walk {
        private final String path;
        private final Set<URI> seen = new HashSet<>();
        private Optional<Outgoing> next;
        private int pages;
        private int bytes;
        private int entries;

        Walk(Paging paging) {
            Outgoing first = Sender.to("GET", place.apply(paging));
            path = first.target().getRawPath();
            next = Optional.of(first);
        }

        boolean more() {
            return next.isPresent();
        }

        List<T> next() {
            Outgoing request = next.orElseThrow();
            if (pages == MOST_PAGES) {
                throw Refusals.nonsense("its list has more than " + MOST_PAGES + " pages");
            }
            if (!seen.add(request.target())) {
                throw Refusals.nonsense("the pages of its list lead in a circle");
            }
            Part<T> part = sender.read(request, call, reply -> {
                sender.require(200, reply, unknown);
                byte[] body = reply.bytes(MOST_BYTES - bytes);
                return new Part<>(reading.apply(reply, body), body.length, following(reply, request));
            });
            pages++;
            bytes += part.bytes();
            entries += part.entries().size();
            if (entries > MOST_ENTRIES) {
                throw Refusals.nonsense("its list has more than " + MOST_ENTRIES + " entries");
            }
            next = part.next();
            return part.entries();
        }

        /** Its query below our own root, since registries behind a gateway do not know by what path they are reached. */
        private Optional<Outgoing> following(Reply reply, Outgoing request) {
            return NextLink.target(String.join(", ", reply.headers("Link"))).map(target -> {
                URI link = Headers.resolve(reply.from(), target);
                requireSameOrigin(reply.from(), link);
                boolean ours =
                        Objects.requireNonNullElse(link.getRawPath(), "").endsWith(path) && link.getRawQuery() != null;
                return ours
                        ? Outgoing.of("GET", path + "?" + link.getRawQuery(), request.scopes())
                        : Outgoing.of("GET", link.toString(), request.scopes());
            });
        }
    }

    /** Whoever can write a header may otherwise send us, and our token, anywhere. */
    private static void requireSameOrigin(URI from, URI link) {
        if (!origin(from).equals(origin(link))) {
            throw Refusals.nonsense("the next page of its list is on another host");
        }
    }

    private static String origin(URI uri) {
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        String host = Objects.requireNonNullElse(uri.getHost(), "").toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + host + ":" + port;
    }
}
