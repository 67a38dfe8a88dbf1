package io.entrepot.core.access;

import java.security.cert.X509Certificate;
import java.util.List;

/** What a request brought to show who sends it. None of these prints what is secret in it. */
public sealed interface Credentials {

    /** Nothing. */
    record None() implements Credentials {}

    /** A name and a password, or an API key in its place (RFC 7617). */
    record Password(String user, String secret) implements Credentials {
        @Override
        public String toString() {
            return "password of " + user;
        }
    }

    /** A bearer token (RFC 6750): of our token endpoint, of a trusted one, or an API key. */
    record Bearer(String token) implements Credentials {
        @Override
        public String toString() {
            return "bearer token";
        }
    }

    /** A certificate that the TLS handshake has proved, the client's own first. */
    record Certificate(List<X509Certificate> chain) implements Credentials {
        public Certificate {
            chain = List.copyOf(chain);
        }

        @Override
        public String toString() {
            return "certificate of " + chain.get(0).getSubjectX500Principal();
        }
    }

    /**
     * The session of a browser, which sends it along whoever made it send the request.
     *
     * @param changes whether the request may change anything; then it is good only with the word
     * @param word that only pages of ours know, and that they send besides; may be empty
     */
    record Session(String id, boolean changes, String word) implements Credentials {
        @Override
        public String toString() {
            return "session";
        }
    }

    /** Something that is no credential at all, such as two headers or a broken one: never taken for nothing. */
    record Malformed(String why) implements Credentials {}
}
