package io.entrepot.auth.account;

import io.entrepot.core.Principal;

/** Somebody, or all members of a group, whom another source of identities vouches for and who can be given roles. */
public sealed interface Assignee {
    int MAX_LENGTH = 300;

    String realm();

    /** One principal, by its id. */
    record One(Principal principal) implements Assignee {
        public One {
            Names.requireLine("a principal's id", principal.id(), MAX_LENGTH);
            Names.require(
                    !principal.realm().isEmpty() && !principal.name().isEmpty(),
                    "a principal is named with his realm, such as local/alice");
        }

        /** Reads {@code ldap/alice}. */
        public static One parse(String id) {
            int slash = id.indexOf('/');
            Names.require(slash > 0, "a principal is named with his realm, such as local/alice");
            return new One(new Principal(id.substring(0, slash), id.substring(slash + 1)));
        }

        @Override
        public String realm() {
            return principal.realm();
        }

        @Override
        public String toString() {
            return principal.id();
        }
    }

    /** The members of a group, as the realm says at each login. */
    record Group(String realm, String group) implements Assignee {
        public Group {
            Names.requireLine("a group's name", group, MAX_LENGTH);
            Names.require(
                    !realm.isEmpty() && !group.isEmpty() && realm.indexOf('/') < 0,
                    "a group has a name and the realm that knows it");
            Names.requireLine("a realm's name", realm, Names.MAX_NAME);
        }

        @Override
        public String toString() {
            return "group " + realm + "/" + group;
        }
    }
}
