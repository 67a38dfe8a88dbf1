package io.entrepot.server.admin;

import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;

/** What a route asks of whoever takes it. */
sealed interface Need {
    boolean allows(Caller caller);

    /** Only who he is. */
    record Login() implements Need {
        @Override
        public boolean allows(Caller caller) {
            return true;
        }

        @Override
        public String toString() {
            return "do that";
        }
    }

    record Sees(Domain domain) implements Need {
        @Override
        public boolean allows(Caller caller) {
            return caller.rights().sees(domain);
        }

        @Override
        public String toString() {
            return "read the settings of " + Privileges.word(domain);
        }
    }

    record Administers(Domain domain) implements Need {
        @Override
        public boolean allows(Caller caller) {
            return caller.rights().administers(domain);
        }

        @Override
        public String toString() {
            return "change the settings of " + Privileges.word(domain);
        }
    }
}
