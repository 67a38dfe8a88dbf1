package io.entrepot.proxy.remote;

/** What we show an upstream. Prints none of its secret. */
public sealed interface Credential {

    /** Name and password, for Basic and for token endpoints. */
    record Password(String user, String secret) implements Credential {
        @Override
        public String toString() {
            return "password of " + user;
        }
    }

    /** An identity (refresh) token, exchanged at the token endpoint by POST (distribution, "OAuth 2"). */
    record IdentityToken(String token) implements Credential {
        @Override
        public String toString() {
            return "identity token";
        }
    }

    /** A token that is sent as it is. */
    record Bearer(String token) implements Credential {
        @Override
        public String toString() {
            return "bearer token";
        }
    }
}
