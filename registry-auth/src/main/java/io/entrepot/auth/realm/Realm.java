package io.entrepot.auth.realm;

import io.entrepot.auth.account.Identity;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.time.Instant;
import java.util.OptionalLong;

/** A source of identities. */
public interface Realm {
    /** What a realm has to say of a credential. */
    sealed interface Verdict {
        /**
         * It is good, and this is whose.
         *
         * @param asOf the security version of the principal that this was judged by; if empty, the one he has afterwards
         * @param until when the credential expires, so that it is not taken for good any longer
         */
        record Recognised(Identity identity, OptionalLong asOf, Instant until) implements Verdict {
            public Recognised(Identity identity) {
                this(identity, OptionalLong.empty(), Instant.MAX);
            }
        }

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

    /**
     * Whether what this recognised a moment ago is still there, as far as memory knows: asked with every request that shows
     * it again, beside its principal's security version.
     */
    default boolean holds(Identity identity) {
        return true;
    }

    /**
     * Does the work of judging somebody whom it knows and whose password is wrong, for nothing: called where this realm has
     * not done it, so that how long a refusal takes does not tell who exists.
     */
    default void pretend(Credentials credentials) {}
}
