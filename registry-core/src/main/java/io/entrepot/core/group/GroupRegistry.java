package io.entrepot.core.group;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Caller;
import io.entrepot.core.view.GuardedRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Registries in an order that counts, as one. For a tag the first member that has it answers, if all before it certainly do
 * not: one that cannot be asked might have had it, so that its outage never lets another's image of the same name out. A
 * digest is what it is, whoever has it. What is pushed goes to one member, and works while all others are unreachable.
 *
 * <p>Rights are asked for once, on the group, by whoever guards it. It holds no content, and nothing has to be closed.
 */
public final class GroupRegistry implements Registry {
    private static final int REMEMBERED = 10_000;
    /** Held by whoever changes members, of whichever group: two could become each other's otherwise. */
    private static final Object CHANGING = new Object();

    private final String name;
    /** Which member a manifest came from: the children of an index are there, too. Forgetting it costs a question. */
    private final Cache<Held, String> sources =
            CacheBuilder.newBuilder().maximumSize(REMEMBERED).build();

    private volatile Members members;

    record Held(RepositoryName repository, Digest digest) {}

    /**
     * @param members in order
     * @param writable one of them, to which everything is pushed
     * @throws IllegalArgumentException if a name stands twice, if the group is in itself, or if {@code writable} is no member
     */
    public GroupRegistry(String name, List<Member> members, Optional<Member> writable, GroupOptions options) {
        this.name = name;
        this.members = checked(members, writable, options);
    }

    /** From now on these are its members. Calls that have begun end with those that they began with. */
    public void become(List<Member> newMembers, Optional<Member> writable, GroupOptions options) {
        synchronized (CHANGING) {
            members = checked(newMembers, writable, options);
        }
    }

    private Members checked(List<Member> all, Optional<Member> writable, GroupOptions options) {
        Set<String> names = new LinkedHashSet<>();
        for (Member member : all) {
            if (!names.add(member.name())) {
                throw new IllegalArgumentException(member + " is a member of " + name + " twice");
            }
            if (member.registry() == this || member.registry() instanceof GroupRegistry group && group.contains(this)) {
                throw new IllegalArgumentException(name + " would be a member of itself, by way of " + member);
            }
        }
        if (writable.isPresent() && !all.contains(writable.get())) {
            throw new IllegalArgumentException(writable.get() + " is no member of " + name);
        }
        return new Members(all, writable, options);
    }

    private boolean contains(GroupRegistry other) {
        return members.all().stream()
                .map(Member::registry)
                .anyMatch(r -> r == other || r instanceof GroupRegistry group && group.contains(other));
    }

    /** Whether one of its members, or of theirs, has a claim to a name. */
    boolean owns(RepositoryName repository) {
        return members.all().stream().anyMatch(member -> member.owns(repository));
    }

    /** Whether all that is in it was pushed. */
    boolean keeps() {
        return members.all().stream().allMatch(Member::keeps);
    }

    String name() {
        return name;
    }

    @Override
    public Repository repository(RepositoryName repository, Call call) {
        return as(members).repository(repository, call);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return as(members).repositories(page, call);
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit, Call call) {
        return as(members).holders(blob, limit, call);
    }

    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        return as(members).search(text, limit, call);
    }

    private Registry as(Members seen) {
        return new GroupView(this, seen);
    }

    /**
     * This group for one caller, whose rights are asked for in each member, too: what he may not read in one is not there for
     * him, and what he may not write is refused.
     *
     * @param access what he may do in a member, by its name, also in those of groups in this one
     */
    public Registry seenBy(Caller caller, Function<String, Access> access) {
        return as(members.seenAs(member -> member.registry() instanceof GroupRegistry group
                ? group.seenBy(caller, access)
                : GuardedRegistry.hiding(member.registry(), caller, access.apply(member.name()))));
    }

    /**
     * What each member says of an image, in the order in which they are asked, and which of them answers for it.
     *
     * @param call with reach LOCAL, upstreams are not asked: what only they know stays open
     */
    public Explanation explain(RepositoryName repository, Reference reference, Call call) {
        return new Explaining(this, members, repository, call).of(reference);
    }

    void remember(RepositoryName repository, Digest digest, Member source) {
        sources.put(new Held(repository, digest), source.name());
    }

    Optional<String> sourceOf(RepositoryName repository, Digest digest) {
        return Optional.ofNullable(sources.getIfPresent(new Held(repository, digest)));
    }

    @Override
    public String toString() {
        return name;
    }
}
