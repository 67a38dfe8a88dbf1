package io.entrepot.auth.oidc;

import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Visit;

/**
 * Knows browsers by their sessions, from memory, and leaves all other credentials to somebody else. A request that may
 * change something and does not bring the session's word was not meant by whoever is logged in.
 */
public final class SessionAuthenticator implements Authenticator {
    private final Sessions sessions;
    private final Authenticator others;

    public SessionAuthenticator(Sessions sessions, Authenticator others) {
        this.sessions = sessions;
        this.others = others;
    }

    @Override
    public Caller authenticate(Credentials credentials, Visit visit, Reach reach) {
        if (credentials instanceof Credentials.Session shown) {
            Session session = sessions.find(shown.id()).orElseThrow(SessionAuthenticator::over);
            if (shown.changes() && !session.isMeant(shown.word())) {
                throw new RegistryException.Denied(
                        "this request does not come from a page of this server: it needs the header X-CSRF-Token",
                        session.principal().id());
            }
            return new Caller(session.principal(), Proof.OTHER, session.rights(), Access.ALL);
        }
        return others.authenticate(credentials, visit, reach);
    }

    private static RegistryException.Unauthorized over() {
        String message = "this session is over: log in again";
        return new RegistryException.Unauthorized(
                RegistryException.Unauthorized.Reason.WRONG_CREDENTIALS, message, message);
    }
}
