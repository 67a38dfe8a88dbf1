package io.entrepot.core.group;

import io.entrepot.core.Registry;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import java.util.List;

/**
 * One of the registries that a group is made of.
 *
 * @param hosted whether what it has was pushed to it; others fetch
 * @param online whether it is asked at all
 * @param officialLibrary whether, for it, a name of one component stands for one below {@code library/}
 * @param owns patterns of names for which, of all that fetch, none but their owners may be asked
 */
public record Member(
        String name,
        Registry registry,
        boolean hosted,
        boolean online,
        boolean officialLibrary,
        List<RepositoryPattern> owns) {
    public Member {
        owns = List.copyOf(owns);
    }

    /** One that is pushed to, on line and without a claim to any name. */
    public static Member hosted(String name, Registry registry) {
        return new Member(name, registry, true, true, false, List.of());
    }

    /** One that fetches. */
    public static Member fetching(String name, Registry registry) {
        return new Member(name, registry, false, true, false, List.of());
    }

    public Member owning(List<RepositoryPattern> patterns) {
        return new Member(name, registry, hosted, online, officialLibrary, patterns);
    }

    public Member offline() {
        return new Member(name, registry, hosted, false, officialLibrary, owns);
    }

    public Member withOfficialLibrary() {
        return new Member(name, registry, hosted, online, true, owns);
    }

    boolean owns(RepositoryName repository) {
        return owns.stream().anyMatch(pattern -> pattern.matches(repository))
                || registry instanceof GroupRegistry group && group.owns(repository);
    }

    /** Whether it tells nobody what it is asked: all that it has was pushed to it, or to its own members. */
    boolean keeps() {
        return hosted || registry instanceof GroupRegistry group && group.keeps();
    }

    @Override
    public String toString() {
        return name;
    }
}
