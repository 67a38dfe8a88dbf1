package io.entrepot.core.group;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A {@link GroupRegistry} with the members of one moment, as somebody may see them. */
record GroupView(GroupRegistry group, Members members) implements Registry {

    @Override
    public Repository repository(RepositoryName repository, Call call) {
        return new GroupRepository(group, members, repository, call);
    }

    /** Those for which the member that has them would be asked, too: what is listed can be pulled. */
    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        Merging<RepositoryName> merging =
                new Merging<>(page, RepositoryName::value, members.options().wholeLists());
        for (Member member : members.all()) {
            if (member.online()) {
                merging.add(
                        member,
                        call,
                        part -> members.registry(member).repositories(part, call),
                        repository -> members.exclusion(member, repository).isEmpty());
            }
        }
        return merging.merged();
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit, Call call) {
        Set<RepositoryName> all = new LinkedHashSet<>();
        for (Member member : members.all()) {
            try {
                all.addAll(member.online() ? members.registry(member).holders(blob, limit, call) : List.of());
            } catch (RegistryException.Unavailable | RegistryException.Denied | RegistryException.Unauthorized e) {
                call.source().warn("incomplete: " + member + " could not be asked: " + e.getMessage());
            }
        }
        return all.stream().limit(limit).toList();
    }

    /**
     * What was pushed first, each name once. Nobody is asked for a name that he may not be asked for, or finds what could not
     * be pulled from him.
     */
    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        call.reach().require(Reach.ANYWHERE);
        Map<String, SearchHit> hits = new LinkedHashMap<>();
        for (boolean hosted : new boolean[] {true, false}) {
            for (Member member : members.all()) {
                if (member.online() && member.hosted() == hosted && answersFor(text, member)) {
                    find(member, text, limit, call).stream()
                            .filter(hit -> answersFor(hit.name(), member))
                            .forEach(hit -> hits.putIfAbsent(hit.name(), hit));
                }
            }
        }
        return hits.values().stream().limit(limit).toList();
    }

    /** @param text the name of a repository, or something else, which nobody has rules about */
    private boolean answersFor(String text, Member member) {
        try {
            return members.exclusion(member, new RepositoryName(text)).isEmpty();
        } catch (RegistryException.Invalid e) {
            return true;
        }
    }

    private List<SearchHit> find(Member member, String text, int limit, Call call) {
        try {
            return members.registry(member).search(text, limit, call);
        } catch (RegistryException.Unavailable
                | RegistryException.Unsupported
                | RegistryException.Denied
                | RegistryException.Unauthorized e) {
            call.source().warn("incomplete: " + member + " could not be searched: " + e.getMessage());
            return List.of();
        }
    }
}
