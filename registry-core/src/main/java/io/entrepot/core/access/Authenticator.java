package io.entrepot.core.access;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;

/** Finds out who somebody is. */
@FunctionalInterface
public interface Authenticator {
    /** Takes everybody for one who may do everything. */
    Authenticator OPEN = (credentials, visit, reach) -> Caller.ANYBODY;

    /**
     * Who shows this. {@link Credentials.None} is the anonymous caller, with what he may do; whatever else was shown and is
     * wrong is refused, never taken for anonymous.
     *
     * @param reach {@link Reach#MEMORY} for what was verified a moment ago; hashing a password or asking a directory takes
     *     more
     * @throws BeyondReach if memory does not know; then to be asked again on a thread that may wait
     * @throws RegistryException.Unauthorized if it is wrong, expired, or made out for another connector
     * @throws RegistryException.Unavailable if it cannot be judged now: a directory is down, or (TOOMANYREQUESTS) there
     *     were too many failures or there are too many others
     */
    Caller authenticate(Credentials credentials, Visit visit, Reach reach);
}
