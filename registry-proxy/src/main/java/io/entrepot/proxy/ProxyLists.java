package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.store.ProxyState.Listing;
import io.entrepot.core.wire.ListingReader;
import io.entrepot.core.wire.ReferrersBody;
import io.entrepot.proxy.Parts.ListQuestion;
import io.entrepot.proxy.Upstreams.Told;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The lists of one repository: the upstream's, kept whole for a short time, so that a client that pages through one sees one
 * list. While the upstream cannot be asked, its last one; before there was any, what is held here.
 */
final class ProxyLists {
    private static final String TAGS = "tags";
    /** A longer list is cut, and says so. */
    private static final int MOST = 100_000;

    private final Parts parts;
    private final RepositoryName local;
    private final Call call;

    ProxyLists(Parts parts, RepositoryName local, Call call) {
        this.parts = parts;
        this.local = local;
        this.call = call;
    }

    Page<Tag> tags(PageRequest page) {
        Optional<String> text = list(TAGS, there -> String.join("\n", names(there)));
        if (text.isEmpty()) {
            return parts.cache().repository(local, call).tags(page);
        }
        TreeSet<Tag> all = text.get().lines().map(Tag::new).collect(Collectors.toCollection(TreeSet::new));
        return page(all, page, Tag::name);
    }

    private static List<String> names(Repository there) {
        return whole(there::tags, Tag::name).stream().map(Tag::name).toList();
    }

    Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
        Optional<String> text = list("referrers/" + subject, there -> json(subject, there));
        if (text.isEmpty()) {
            return parts.cache().repository(local, call).referrers(subject, types, page);
        }
        List<Descriptor> all = ListingReader.referrers(text.get().getBytes(StandardCharsets.UTF_8)).stream()
                .filter(d -> types.isEmpty()
                        || d.artifactType().filter(types::contains).isPresent())
                .sorted(Comparator.comparing(d -> d.digest().toString()))
                .toList();
        return page(all, page, d -> d.digest().toString());
    }

    private static String json(Digest subject, Repository there) {
        List<Descriptor> all = whole(
                page -> there.referrers(subject, Set.of(), page),
                d -> d.digest().toString());
        return StandardCharsets.UTF_8
                .decode(ReferrersBody.of(new Page<>(all, false)).json())
                .toString();
    }

    private static <T> List<T> whole(Function<PageRequest, Page<T>> list, Function<T, String> key) {
        List<T> all = new ArrayList<>();
        PageRequest request = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            Page<T> page = list.apply(request);
            all.addAll(page.items());
            if (!page.more() || page.items().isEmpty() || all.size() >= MOST) {
                return all;
            }
            request = request.after(key.apply(page.items().get(page.items().size() - 1)));
        }
    }

    /** @param key by which the items are ordered */
    private static <T> Page<T> page(Iterable<T> all, PageRequest wanted, Function<T, String> key) {
        List<T> found = new ArrayList<>();
        for (T item : all) {
            if (wanted.last().isEmpty()
                    || key.apply(item).compareTo(wanted.last().get()) > 0) {
                found.add(item);
                if (found.size() > wanted.limit()) {
                    break;
                }
            }
        }
        return Page.cut(found, wanted.limit());
    }

    /**
     * The upstream's list; empty if there never was one and it cannot be asked now.
     *
     * @throws RegistryException.Unknown if the upstream knows no such repository and nothing of it is held
     */
    private Optional<String> list(String key, Function<Repository, String> reading) {
        call.reach().require(Reach.LOCAL);
        Optional<Listing> last = parts.state().listing(local, key);
        if (last.isPresent() && fresh(last.get())) {
            parts.answered(call, List.of());
            return last.map(Listing::text);
        }
        call.reach().require(Reach.ANYWHERE);
        try {
            Told<Optional<String>> told = parts.lists()
                    .ask(
                            new ListQuestion(local, key),
                            () -> fetch(key, reading),
                            parts.options().deadline())
                    .orElseThrow(ProxyLists::slow);
            parts.answered(call, told.warnings());
            return told.value().or(() -> unknown(last));
        } catch (RegistryException.Unavailable e) {
            parts.answered(call, List.of());
            call.source().warn("incomplete: the upstream could not be asked: " + e.getMessage());
            if (last.isEmpty() && !holdsSomething()) {
                throw e;
            }
            return last.map(Listing::text);
        }
    }

    private Optional<String> unknown(Optional<Listing> last) {
        if (holdsSomething()) {
            call.source().warn("the upstream knows " + local + " no longer: this is what is held of it");
            return last.map(Listing::text);
        }
        throw RegistryException.unknownName(local);
    }

    private boolean holdsSomething() {
        try {
            parts.kept(local).tags(PageRequest.first(1));
            return true;
        } catch (RegistryException.Unknown e) {
            return false;
        }
    }

    private Told<Optional<String>> fetch(String key, Function<Repository, String> reading) {
        Optional<Told<String>> found = parts.upstream(local).ask(reading);
        found.filter(told -> told.value().length() <= ProxyState.MAX_LIST)
                .ifPresent(told -> parts.state()
                        .listed(
                                local,
                                key,
                                new Listing(told.value(), parts.clock().instant())));
        return new Told<>(found.map(Told::value), found.map(Told::warnings).orElse(List.of()));
    }

    private boolean fresh(Listing listing) {
        var now = parts.clock().instant();
        return !now.isBefore(listing.at())
                && now.isBefore(listing.at().plus(parts.options().listFreshness()));
    }

    private static RegistryException.Unavailable slow() {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE,
                "the upstream does not answer in time",
                Optional.of(Duration.ofSeconds(5)),
                null);
    }
}
