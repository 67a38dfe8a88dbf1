package io.entrepot.proxy.upstream;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unavailable;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One upstream as a registry to read: its mirrors and, last, the canonical source, each asked only while it is well, and
 * all of them by no more callers at a time than the options say. Only the canonical source's word makes a thing unknown.
 * Has no threads of its own and holds no lock while it asks.
 */
public final class Upstream implements Registry, AutoCloseable {
    private final String registryName;
    private final List<Way> ways;
    private final Lane transfers;
    private final Lane requests;
    private final Broken broken;
    private volatile boolean blocked;
    private volatile boolean closed;

    /** A source and how it is. */
    record Way(UpstreamSource source, Health health, boolean canonical) {}

    /**
     * @param sources mirrors first, the canonical one last, which must resolve tags. They are not closed with this.
     * @param chance need not be safe for threads
     */
    public Upstream(
            String registryName,
            List<UpstreamSource> sources,
            UpstreamOptions options,
            InstantSource clock,
            RandomGenerator chance) {
        if (sources.isEmpty() || !sources.get(sources.size() - 1).resolvesTags()) {
            throw new IllegalArgumentException("the last source of " + registryName + " is the one that resolves tags");
        }
        if (sources.stream().map(UpstreamSource::label).distinct().count() < sources.size()) {
            throw new IllegalArgumentException("two sources of " + registryName + " have the same label");
        }
        this.registryName = registryName;
        // One generator serves the locks of all sources.
        RandomGenerator shared = () -> {
            synchronized (chance) {
                return chance.nextLong();
            }
        };
        List<Way> made = new ArrayList<>();
        for (UpstreamSource source : sources) {
            String who = "the upstream " + source.label() + " of registry " + registryName;
            made.add(new Way(source, new Health(who, options, clock, shared), made.size() == sources.size() - 1));
        }
        this.ways = List.copyOf(made);
        String of = " at a time to the upstream of registry " + registryName;
        this.transfers =
                new Lane("transfers" + of, options.transfers(), options.waiting(), Duration.ofNanos(Long.MAX_VALUE));
        this.requests = new Lane("requests" + of, options.requests(), options.waiting(), options.requestWait());
        this.broken = new Broken(clock, options.avoid());
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new UpstreamRepository(this, name, call);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return list(call, way -> way.source().registry().repositories(page, call));
    }

    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        check(call);
        return requests.during(() ->
                firstOf(resolving(), Kind.LIST, way -> way.source().registry().search(text, limit, call)));
    }

    /** While blocked, nothing is asked and the cache alone serves. */
    public void block(boolean newBlocked) {
        blocked = newBlocked;
    }

    /** Forgets failures, cool-downs and refusals: for new credentials, and for who knows that it is well again. */
    public void reset() {
        ways.forEach(way -> way.health().reset());
    }

    public UpstreamState state() {
        return new UpstreamState(
                registryName,
                blocked,
                transfers.inside(),
                transfers.waiting() + requests.waiting(),
                ways.stream()
                        .map(way -> way.health()
                                .state(
                                        way.source().label(),
                                        way.source().ledger().figures()))
                        .toList());
    }

    /** Whoever waits is sent away, and nothing is asked any more. Blobs that are open can be read to their end. */
    @Override
    public void close() {
        closed = true;
        transfers.close();
        requests.close();
    }

    /** From whichever source has it. */
    <T> T byDigest(Kind kind, Call call, Digest digest, Function<Way, T> question) {
        check(call);
        return requests.during(() -> firstOf(broken.order(ways, digest), kind, question));
    }

    /** From those whose word on tags is taken. */
    <T> T byTag(Kind kind, Call call, Function<Way, T> question) {
        check(call);
        return requests.during(() -> firstOf(resolving(), kind, question));
    }

    /** As {@link #byTag}; and that a mirror has none does not mean that there are none. */
    <T> Page<T> list(Call call, Function<Way, Page<T>> question) {
        check(call);
        return requests.during(() -> firstOf(resolving(), Kind.LIST, way -> {
            Page<T> page = question.apply(way);
            if (page.items().isEmpty() && !way.canonical()) {
                throw new RegistryException.Unknown(List.of(new RegistryException.Problem(
                        ErrorCode.NAME_UNKNOWN, "the mirror lists nothing", Optional.empty())));
            }
            return page;
        }));
    }

    /** A blob holds its place until it is closed. */
    Blob open(Call call, Digest digest, Function<Way, Blob> question) {
        check(call);
        Lane.Permit permit = transfers.enter();
        boolean opened = false;
        try {
            check(call); // It may have been blocked while this one waited.
            Blob blob = firstOf(
                    broken.order(ways, digest),
                    Kind.BLOB,
                    way -> new LeasedBlob(question.apply(way), permit, message -> {
                        broken.note(digest, way.source().label());
                        way.source().ledger().trouble(message);
                    }));
            opened = true;
            return blob;
        } finally {
            if (!opened) {
                permit.close();
            }
        }
    }

    private <T> T firstOf(List<Way> order, Kind kind, Function<Way, T> question) {
        @Nullable RegistryException answer = null;
        for (Way way : order) {
            try {
                return way.health().ask(kind, way.source().ledger(), () -> question.apply(way));
            } catch (RegistryException e) {
                // A mirror that does not have it, may not give it or cannot be asked says nothing of the upstream.
                if (way.canonical()) {
                    answer = e;
                }
            }
        }
        if (answer == null) {
            throw new IllegalStateException("the canonical source was not asked");
        }
        throw answer;
    }

    private List<Way> resolving() {
        return ways.stream().filter(way -> way.source().resolvesTags()).toList();
    }

    private Way canonical() {
        return ways.get(ways.size() - 1);
    }

    private void check(Call call) {
        call.reach().require(Reach.ANYWHERE);
        if (closed) {
            throw off("is shut down: try again when the server is up", Optional.of(Duration.ofSeconds(5)));
        }
        if (blocked) {
            throw off(
                    "is blocked by an administrator, and what was asked for is not cached: unblock it to fetch more",
                    Optional.empty());
        }
    }

    private Unavailable off(String what, Optional<Duration> retryAfter) {
        String who = "the upstream " + canonical().source().label() + " of registry " + registryName + " ";
        return new Unavailable(ErrorCode.UNAVAILABLE, who + what, retryAfter, null);
    }
}
