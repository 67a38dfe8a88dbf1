package io.entrepot.auth.realm;

import io.entrepot.auth.account.Identity;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;

/** A source of identities. */
public interface Realm {
    /** What a realm has to say of a credential. */
    sealed interface Verdict {
        /** It is good, and this is whose. */
        record Recognised(Identity identity) implements Verdict {}

        /** Nobody or nothing that this realm knows: the next one is asked. */
        record NotMine() implements Verdict {}

        /** Somebody or something of this realm, but wrong: no other realm is asked. */
        record Wrong(String why) implements Verdict {}
    }

    /** As in the settings, and in the principals that it vouches for. */
    String name();

    /**
     * May take its time, and is called by a few threads at once.
     *
     * @throws RegistryException.Unavailable if it cannot be asked now; then nobody else is asked
     */
    Verdict judge(Credentials credentials, Visit visit);
}
