package io.entrepot.auth.token;

import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Policy;
import io.entrepot.auth.account.Privilege;
import io.entrepot.core.Principal;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Rights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Rights by principal and repository, in every registry the same, that a test can change at any moment. */
final class SmallPolicy implements Policy {
    private final Map<String, Set<Action>> granted = new ConcurrentHashMap<>();
    final Map<Principal, Long> versions = new ConcurrentHashMap<>();
    final Set<Principal> gone = ConcurrentHashMap.newKeySet();

    void grant(Principal principal, String repository, Action... actions) {
        granted.put(principal + " " + repository, Set.of(actions));
    }

    boolean grants(Principal principal, Action action, String repository) {
        return granted.getOrDefault(principal + " " + repository, Set.of()).contains(action);
    }

    @Override
    public Rights rights(Identity identity) {
        return new Rights() {
            @Override
            public Access in(RegistryId registry) {
                return new Granted(identity.principal(), identity.restriction());
            }

            @Override
            public boolean sees(Domain domain) {
                return false;
            }

            @Override
            public boolean administers(Domain domain) {
                return false;
            }
        };
    }

    @Override
    public Rights anonymous() {
        return rights(Identity.of(Principal.ANONYMOUS));
    }

    @Override
    public OptionalLong securityVersion(Principal principal) {
        return gone.contains(principal) ? OptionalLong.empty() : OptionalLong.of(versions.getOrDefault(principal, 1L));
    }

    private final class Granted implements Access {
        private final Principal principal;
        private final Optional<List<Privilege>> restriction;

        Granted(Principal principal, Optional<List<Privilege>> restriction) {
            this.principal = principal;
            this.restriction = restriction;
        }

        @Override
        public boolean allows(Action action, RepositoryName name) {
            return grants(principal, action, name.value())
                    && restriction
                            .map(some -> some.stream()
                                    .anyMatch(privilege -> privilege instanceof Privilege.Content content
                                            && content.actions().contains(action)
                                            && content.names().matches(name)))
                            .orElse(true);
        }

        @Override
        public boolean allows(Action action, RepositoryName name, Tag tag) {
            return allows(action, name);
        }

        @Override
        public boolean allowsWholly(Action action, RepositoryName name) {
            return allows(action, name);
        }

        @Override
        public boolean allowsCatalog() {
            return true;
        }
    }
}
