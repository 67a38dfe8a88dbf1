package io.entrepot.core.view;

import io.entrepot.core.Principal;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Rights for a test: some actions, on some repositories, on all of their content or under some tags only. */
record Granted(Set<Action> actions, RepositoryPattern names, Optional<TagPattern> tags, boolean allowsCatalog)
        implements Access {

    static Granted of(Action... actions) {
        return of(Set.of(actions));
    }

    static Granted of(Set<Action> actions) {
        return new Granted(Set.copyOf(actions), RepositoryPattern.ALL, Optional.empty(), true);
    }

    static Granted everything() {
        return of(EnumSet.allOf(Action.class));
    }

    Granted in(String repositories) {
        return new Granted(actions, new RepositoryPattern(repositories), tags, allowsCatalog);
    }

    Granted under(String tagPattern) {
        return new Granted(actions, names, Optional.of(new TagPattern(tagPattern)), allowsCatalog);
    }

    Granted withoutCatalog() {
        return new Granted(actions, names, tags, false);
    }

    static Caller caller(Proof proof) {
        Principal principal = proof == Proof.NONE ? Principal.ANONYMOUS : new Principal("local", "eve");
        return new Caller(principal, proof, Rights.ALL, Access.ALL);
    }

    @Override
    public boolean allows(Action action, RepositoryName name) {
        return actions.contains(action) && names.matches(name);
    }

    @Override
    public boolean allows(Action action, RepositoryName name, Tag tag) {
        return allows(action, name) && tags.map(t -> t.matches(tag)).orElse(true);
    }

    @Override
    public boolean allowsWholly(Action action, RepositoryName name) {
        return allows(action, name) && tags.isEmpty();
    }
}
