package io.entrepot.core.group;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    Explanation of(Reference reference) {
        List<Verdict> verdicts = new ArrayList<>();
        Optional<Verdict> answer = Optional.empty();
        boolean open = true;
        for (Member member : members.all()) {
            Verdict verdict = of(member, reference);
            verdicts.add(verdict);
            if (open && verdict.word() == Verdict.Word.FOUND) {
                answer = Optional.of(verdict);
                open = false;
            }
            // Of a tag it is not known who answers while somebody before might.
            open &= !(reference instanceof Tag) || !mightHaveIt(verdict);
        }
        return new Explanation(repository, reference, verdicts, answer);
    }

    private boolean mightHaveIt(Verdict verdict) {
        return verdict.word() == Verdict.Word.NOT_ASKED
                || verdict.word() == Verdict.Word.UNAVAILABLE
                        && !members.options().lenient();
    }

    private Verdict of(Member member, Reference reference) {
        String path = group.name() + "/" + member.name();
        Optional<String> exclusion = members.exclusion(member, repository);
        if (exclusion.isPresent()) {
            return new Verdict(path, Verdict.Word.EXCLUDED, Optional.empty(), exclusion.get());
        }
        if (!member.online()) {
            return new Verdict(path, Verdict.Word.OFFLINE, Optional.empty(), "");
        }
        Call own = call.apart();
        try {
            Descriptor found = new Asking(members, member, repository, own).of(there -> there.resolve(reference));
            return new Verdict(
                    path,
                    Verdict.Word.FOUND,
                    Optional.of(found),
                    String.join("; ", own.source().warnings()));
        } catch (BeyondReach e) {
            return new Verdict(path, Verdict.Word.NOT_ASKED, Optional.empty(), "only its upstream can tell");
        } catch (RegistryException.Unknown e) {
            return new Verdict(path, Verdict.Word.UNKNOWN, Optional.empty(), "");
        } catch (RegistryException e) {
            return new Verdict(path, Verdict.Word.UNAVAILABLE, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }
}
