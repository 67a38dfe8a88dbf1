package io.entrepot.core.group;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Asks each member of a group for an image, and says what came of it. */
final class Explaining {
    private final GroupRegistry group;
    private final Members members;
    private final RepositoryName repository;
    private final Call call;

    Explaining(GroupRegistry group, Members members, RepositoryName repository, Call call) {
        this.group = group;
        this.members = members;
        this.repository = repository;
        this.call = call;
    }

    /** A verdict, whether those behind it may answer for a tag, and whether nobody else had to be asked for it. */
    private record Found(Verdict verdict, boolean passes, boolean near) {}

    Explanation of(Reference reference) {
        List<Found> all = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (Member member : members.all()) {
            Found found = of(member, reference);
            all.add(found);
            verdicts.add(found.verdict);
            if (found.verdict.word() != Verdict.Word.EXCLUDED && member.online()) {
                verdicts.addAll(inside(member, reference));
            }
        }
        Optional<Verdict> answer = reference instanceof Tag ? ofTag(all) : ofDigest(all);
        return new Explanation(repository, reference, verdicts, answer);
    }

    /** What the members of a member say of it. Whoever is to be asked was asked already, and it is known here what he said. */
    private List<Verdict> inside(Member member, Reference reference) {
        if (!(member.registry() instanceof GroupRegistry inner)) {
            return List.of();
        }
        return inner.explain(repository, reference, call.apart().within(Reach.LOCAL)).verdicts().stream()
                .map(verdict -> verdict.within(group.name()))
                .toList();
    }

    /** The first that has it, unless it is not known whether one before has. */
    private static Optional<Verdict> ofTag(List<Found> all) {
        for (Found found : all) {
            if (found.verdict.word() == Verdict.Word.FOUND) {
                return Optional.of(found.verdict);
            }
            if (!found.passes) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Whoever holds it, else the first that can have it. */
    private static Optional<Verdict> ofDigest(List<Found> all) {
        return Stream.concat(all.stream().filter(Found::near), all.stream())
                .map(Found::verdict)
                .filter(verdict -> verdict.word() == Verdict.Word.FOUND)
                .findFirst();
    }

    private Found of(Member member, Reference reference) {
        Optional<String> exclusion = members.exclusion(member, repository);
        if (exclusion.isPresent()) {
            return passed(member, Verdict.Word.EXCLUDED, exclusion.get());
        }
        if (!member.online()) {
            return offline(member);
        }
        try {
            return found(member, reference, call.within(Reach.LOCAL), true);
        } catch (BeyondReach e) {
            return call.reach() == Reach.ANYWHERE
                    ? asked(member, reference)
                    : stopped(member, Verdict.Word.NOT_ASKED, "only its upstream can tell");
        } catch (RegistryException e) {
            return failed(member, e);
        }
    }

    private Found asked(Member member, Reference reference) {
        try {
            return found(member, reference, call, false);
        } catch (RegistryException e) {
            return failed(member, e);
        }
    }

    private Found found(Member member, Reference reference, Call as, boolean near) {
        Call own = as.apart();
        Optional<Descriptor> found = new Asking(members, member, repository, own).of(there -> there.resolve(reference));
        if (found.isEmpty()) {
            return passed(member, Verdict.Word.UNKNOWN, "");
        }
        String warnings = String.join("; ", own.source().warnings());
        return new Found(new Verdict(path(member), Verdict.Word.FOUND, found, warnings), true, near);
    }

    private Found failed(Member member, RegistryException e) {
        String why = String.valueOf(e.getMessage());
        boolean passes = e instanceof RegistryException.Unavailable unavailable
                && (unavailable.absentBefore() || members.options().lenient());
        return passes ? passed(member, Verdict.Word.UNAVAILABLE, why) : stopped(member, Verdict.Word.UNAVAILABLE, why);
    }

    private Found offline(Member member) {
        try {
            new Offline(members, member, repository, call).requireUnknown();
            return passed(member, Verdict.Word.OFFLINE, "");
        } catch (RegistryException.Unavailable e) {
            return stopped(member, Verdict.Word.OFFLINE, String.valueOf(e.getMessage()));
        }
    }

    private Found passed(Member member, Verdict.Word word, String detail) {
        return new Found(new Verdict(path(member), word, Optional.empty(), detail), true, false);
    }

    private Found stopped(Member member, Verdict.Word word, String detail) {
        return new Found(new Verdict(path(member), word, Optional.empty(), detail), false, false);
    }

    private String path(Member member) {
        return group.name() + "/" + member.name();
    }
}
