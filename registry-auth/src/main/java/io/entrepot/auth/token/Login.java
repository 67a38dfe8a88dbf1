package io.entrepot.auth.token;

import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;

/** Finds out, at a token endpoint, whose credential it is. */
@FunctionalInterface
public interface Login {
    /**
     * Never asked about {@link Credentials.None}. A token of this package is no credential here: nobody lengthens a token's
     * life by showing it.
     *
     * @throws RegistryException.Unauthorized if it is wrong
     * @throws RegistryException.Unavailable if it cannot be judged now
     */
    KnownIdentity identify(Credentials credentials, Visit visit);
}
