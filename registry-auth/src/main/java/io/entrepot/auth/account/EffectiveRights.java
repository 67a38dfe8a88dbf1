package io.entrepot.auth.account;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What somebody may do as of one snapshot: his own rights and those of anonymous callers, both as far as his credential
 * leaves them.
 *
 * @param until when they end, with the account
 */
record EffectiveRights(
        PrivilegeSet own, PrivilegeSet anonymous, Optional<PrivilegeSet> restriction, Optional<Instant> until) {

    boolean sees(Domain domain) {
        return own.sees(domain) && restriction.map(r -> r.sees(domain)).orElse(true);
    }

    boolean administers(Domain domain) {
        return own.administers(domain)
                && restriction.map(r -> r.administers(domain)).orElse(true);
    }

    boolean covers(Privilege privilege) {
        return own.covers(privilege)
                && restriction.map(r -> r.covers(privilege)).orElse(true);
    }

    Access in(RegistryId registry, Predicate<RegistryId> anonymousAllowed) {
        return new InRegistry(
                registry,
                own.in(registry),
                anonymous.in(registry),
                restriction.map(r -> r.in(registry)),
                anonymousAllowed);
    }

    private record InRegistry(
            RegistryId registry,
            Grants own,
            Grants anonymous,
            Optional<Grants> restriction,
            Predicate<RegistryId> anonymousAllowed)
            implements Access {

        @Override
        public boolean allows(Action action, RepositoryName name) {
            if (restriction.isEmpty() || restriction.get().allowsWholly(action, name)) {
                return own.allows(action, name) || open() && anonymous.allows(action, name);
            }
            return restriction.get().allows(action, name)
                    && sharesTags(rules(action, name), restriction.get().rules(action, name));
        }

        /** Whether there can be a tag that both allow: two that each allow some may have none in common. */
        private static boolean sharesTags(List<Rule> some, List<Rule> others) {
            return some.stream().anyMatch(rule -> others.stream().anyMatch(rule::sharesTags));
        }

        private List<Rule> rules(Action action, RepositoryName name) {
            List<Rule> rules = own.rules(action, name);
            return open()
                    ? Stream.concat(rules.stream(), anonymous.rules(action, name).stream())
                            .toList()
                    : rules;
        }

        @Override
        public boolean allows(Action action, RepositoryName name, Tag tag) {
            return (own.allows(action, name, tag) || open() && anonymous.allows(action, name, tag))
                    && restriction.map(r -> r.allows(action, name, tag)).orElse(true);
        }

        @Override
        public boolean allowsWholly(Action action, RepositoryName name) {
            return (own.allowsWholly(action, name) || open() && anonymous.allowsWholly(action, name))
                    && restriction.map(r -> r.allowsWholly(action, name)).orElse(true);
        }

        @Override
        public boolean allowsCatalog() {
            return (lists(own) || open() && lists(anonymous))
                    && restriction.map(InRegistry::lists).orElse(true);
        }

        private static boolean lists(Grants grants) {
            return grants.allowsAnywhere(Action.BROWSE) || grants.allowsAnywhere(Action.READ);
        }

        private boolean open() {
            return anonymousAllowed.test(registry);
        }
    }
}
