package io.entrepot.core.group;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** A repository of a {@link GroupRegistry}, with the members that the group had when the call began. */
final class GroupRepository implements Repository {
    private final GroupRegistry group;
    private final Members members;
    private final RepositoryName name;
    private final Call call;

    GroupRepository(GroupRegistry group, Members members, RepositoryName name, Call call) {
        this.group = group;
        this.members = members;
        this.name = name;
        this.call = call;
    }

    @Override
    public RepositoryName name() {
        return name;
    }

    /**
     * A pusher asks whether he may spare himself the push: that is for the one that he pushes to, and nobody else is asked.
     * Who may be one asks everybody, but he can push by digest whatever nobody can be asked for.
     */
    @Override
    public Descriptor resolve(Reference reference) {
        Optional<Member> target = members.writable().filter(Member::online);
        if (target.isEmpty() || call.purpose() == Call.Purpose.PULL) {
            return lookUp(reference);
        }
        if (call.purpose() == Call.Purpose.PUSH) {
            return members.registry(target.get()).repository(name, call).resolve(reference);
        }
        try {
            return lookUp(reference);
        } catch (RegistryException.Unavailable e) {
            if (reference instanceof Digest && call.reach() == Reach.ANYWHERE) {
                throw RegistryException.unknownManifest(reference);
            }
            throw e;
        }
    }

    private Descriptor lookUp(Reference reference) {
        return find(reference, there -> there.resolve(reference), () -> RegistryException.unknownManifest(reference));
    }

    @Override
    public Manifest manifest(Reference reference) {
        return find(reference, there -> there.manifest(reference), () -> RegistryException.unknownManifest(reference));
    }

    @Override
    public Descriptor stat(Digest blob) {
        return find(blob, there -> there.stat(blob), () -> RegistryException.unknownBlob(blob));
    }

    @Override
    public Blob open(Digest blob) {
        return find(blob, there -> there.open(blob), () -> RegistryException.unknownBlob(blob));
    }

    private <T> T find(Reference reference, Function<Repository, T> question, Supplier<RegistryException> unknown) {
        return reference instanceof Tag ? byTag(question, unknown) : byDigest((Digest) reference, question, unknown);
    }

    /** The first that has it, if all before it certainly have not. */
    private <T> T byTag(Function<Repository, T> question, Supplier<RegistryException> unknown) {
        Outages outages = new Outages();
        for (Member member : members.asked(name)) {
            if (!askable(member)) {
                continue;
            }
            try {
                Optional<T> answer = ask(member, call, question);
                if (answer.isPresent()) {
                    return answered(member, answer.get());
                }
                // Certain: this one does not have it. Ask the next.
            } catch (RegistryException.Unavailable e) {
                passOver(member, e);
                outages.add(e);
            }
        }
        throw outages.worst().orElseGet(unknown);
    }

    private void passOver(Member member, RegistryException.Unavailable e) {
        if (e.absentBefore()) {
            // Enough to look elsewhere; if nobody has it, not enough to say so.
            return;
        }
        if (!members.options().lenient()) {
            throw e;
        }
        call.source().warn("incomplete: " + member + " could not be asked: " + e.getMessage());
    }

    /** Whoever has it: those that need ask nobody first, then whoever is likely to have it, then the others in order. */
    private <T> T byDigest(Digest digest, Function<Repository, T> question, Supplier<RegistryException> unknown) {
        Outages outages = new Outages();
        List<Member> farther = new ArrayList<>();
        Call near = call.reach() == Reach.MEMORY ? call : call.within(Reach.LOCAL);
        for (Member member : members.asked(name)) {
            if (!askable(member)) {
                continue;
            }
            try {
                Optional<T> answer = ask(member, near, question);
                if (answer.isPresent()) {
                    return answered(member, answer.get());
                }
            } catch (BeyondReach e) {
                farther.add(member);
            } catch (RegistryException.Unavailable | RegistryException.Denied | RegistryException.Unauthorized e) {
                outages.add(e);
            }
        }
        if (!farther.isEmpty()) {
            call.reach().require(Reach.ANYWHERE);
        }
        for (Member member : likelyFirst(farther, digest)) {
            try {
                Optional<T> answer = ask(member, call, question);
                if (answer.isPresent()) {
                    return answered(member, answer.get());
                }
            } catch (RegistryException.Unavailable | RegistryException.Denied | RegistryException.Unauthorized e) {
                outages.add(e);
            }
        }
        throw outages.worst().orElseGet(unknown);
    }

    /** The member that an index came from has its children, the one whose manifest names a blob has that. */
    private List<Member> likelyFirst(List<Member> candidates, Digest digest) {
        if (candidates.size() < 2) {
            return candidates;
        }
        Optional<String> source = group.sourceOf(name, digest);
        List<Member> likely = candidates.stream()
                .filter(member -> source.isPresent() ? member.name().equals(source.get()) : knows(member, digest))
                .toList();
        List<Member> order = new ArrayList<>(likely);
        candidates.stream().filter(member -> !likely.contains(member)).forEach(order::add);
        return order;
    }

    private boolean knows(Member member, Digest digest) {
        try {
            return ask(member, call.apart().within(Reach.LOCAL), there -> there.stat(digest))
                    .isPresent();
        } catch (BeyondReach
                | RegistryException.Unavailable
                | RegistryException.Denied
                | RegistryException.Unauthorized e) {
            // It is not known to; it may be all the same.
            return false;
        }
    }

    private <T> Optional<T> ask(Member member, Call as, Function<Repository, T> question) {
        return new Asking(members, member, name, as).of(question);
    }

    /**
     * An offline member that fetches is passed over. One that was pushed to still says which names it knows: for those
     * nobody else answers.
     */
    private boolean askable(Member member) {
        if (!member.online()) {
            new Offline(members, member, name, call).requireUnknown();
        }
        return member.online();
    }

    private <T> T answered(Member member, T answer) {
        if (answer instanceof Manifest manifest && !member.hosted()) {
            Optional<String> known = group.sourceOf(name, manifest.digest());
            if (known.filter(member.name()::equals).isEmpty()) {
                group.remember(name, manifest.digest(), member);
                children(manifest).forEach(child -> group.remember(name, child.digest(), member));
            }
        }
        return answer;
    }

    private static List<Descriptor> children(Manifest manifest) {
        try {
            return manifest.links().children();
        } catch (RegistryException.Invalid e) {
            // Caches keep what nobody can read.
            return List.of();
        }
    }

    // Lists

    @Override
    public Page<Tag> tags(PageRequest page) {
        Merging<Tag> merging = new Merging<>(page, Tag::name, members.options().wholeLists());
        merge(merging, Repository::tags);
        Page<Tag> merged = merging.merged();
        if (!merging.any()) {
            throw RegistryException.unknownName(name);
        }
        return merged;
    }

    @Override
    public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
        Merging<Descriptor> merging = new Merging<>(
                page, d -> d.digest().toString(), members.options().wholeLists());
        merge(merging, (there, part) -> there.referrers(subject, types, part));
        return merging.merged();
    }

    private <T> void merge(Merging<T> merging, BiFunction<Repository, PageRequest, Page<T>> list) {
        for (Member member : members.asked(name)) {
            if (!member.online()) {
                merging.add(member, call, part -> nothingOf(member));
                continue;
            }
            for (RepositoryName spelling : members.spellings(member, name)) {
                merging.add(
                        member,
                        call,
                        part -> list.apply(members.registry(member).repository(spelling, call), part));
            }
        }
    }

    /** One that is switched off lists nothing, and the list says so if this is one of its repositories. */
    private <T> Page<T> nothingOf(Member offline) {
        new Offline(members, offline, name, call).requireUnknown();
        throw RegistryException.unknownName(name);
    }

    // Pushing

    /** What is stored here, in whichever member, need not be sent again: {@link #put} takes it from there. */
    @Override
    public Descriptor claim(Digest blob) {
        Repository writable = writable();
        try {
            return writable.claim(blob);
        } catch (RegistryException.Unknown e) {
            call.reach().require(Reach.LOCAL);
            return new Borrowing(members, name, call).promise(blob, writable).orElseThrow(() -> e);
        }
    }

    @Override
    public Upload upload(UploadHints hints) {
        return writable().upload(hints);
    }

    @Override
    public Upload resume(UploadId id) {
        return writable().resume(id);
    }

    @Override
    public UploadStatus status(UploadId id) {
        return writable().status(id);
    }

    @Override
    public Optional<Descriptor> mount(Digest blob, Repository source) {
        return writable().mount(blob, source);
    }

    /** Blobs that other members hold are taken from there first: what {@link #claim} affirmed is never missing. */
    @Override
    public Descriptor put(Manifest manifest, PutOptions options) {
        Repository writable = writable();
        new Borrowing(members, name, call).lend(manifest, writable);
        Descriptor put = writable.put(manifest, options);
        options.tags().forEach(tag -> warnIfShadowed(tag, manifest.digest()));
        return put;
    }

    /** Whoever pushes a tag that an earlier member has would not get it back. */
    private void warnIfShadowed(Tag tag, Digest pushed) {
        for (Member member : members.asked(name)) {
            if (members.writable().filter(member::equals).isPresent()) {
                return;
            }
            try {
                if (!askable(member)) {
                    continue;
                }
                Call near = call.apart().with(Call.Purpose.PULL).within(Reach.LOCAL);
                Optional<Descriptor> other = ask(member, near, there -> there.resolve(tag));
                if (other.filter(there -> !there.digest().equals(pushed)).isPresent()) {
                    call.source().warn(tag + " is answered by " + member + ", which comes before: not what was pushed");
                }
            } catch (BeyondReach | RegistryException e) {
                // It is not known to have it.
            }
        }
    }

    @Override
    public void delete(Reference reference) {
        writable().delete(reference);
    }

    @Override
    public void deleteBlob(Digest blob) {
        writable().deleteBlob(blob);
    }

    private Repository writable() {
        Member member = members.writable()
                .orElseThrow(() -> new RegistryException.Unsupported(
                        "nothing can be pushed to or deleted from group " + group + ": it has no writable member"));
        if (!member.online()) {
            throw new RegistryException.Denied("registry " + member + " is offline", member.name());
        }
        // Nobody who pulls here would find it.
        members.exclusion(member, name).ifPresent(why -> {
            throw new RegistryException.Denied(
                    "nothing can be pushed to " + name + " through group " + group + ": " + why, name.value());
        });
        return members.registry(member).repository(name, call);
    }
}
