package io.entrepot.auth.token;

import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.TokenAnswer;
import io.entrepot.core.wire.TokenRefusal;
import io.entrepot.core.wire.TokenRequest;

/** What a token endpoint does, whatever connector it is on. */
public interface TokenService {
    /**
     * A token for as much of what was asked for as he who asks may do; that it is nothing is no error. May take its time: not
     * for IO threads.
     *
     * @param shown what the request's {@code Authorization} holds
     * @throws RegistryException.Unauthorized if the credentials are wrong, whatever was asked for; or if there are none, and
     *     either nothing was asked for, which is an attempt to log in, or anonymous callers get no token here
     * @throws RegistryException.Unavailable if it cannot be judged now
     * @throws TokenRefusal if it is not a request that can be answered
     */
    TokenAnswer answer(TokenRequest request, Credentials shown, Visit visit, TokenDesk desk);
}
