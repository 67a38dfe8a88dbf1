package io.entrepot.auth;

import io.entrepot.auth.oidc.OidcOptions;
import io.entrepot.auth.oidc.WorkloadOptions;
import io.entrepot.auth.realm.CertificateRealm;
import io.entrepot.auth.realm.LdapOptions;
import io.entrepot.auth.token.Tokens;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How an installation finds out who somebody is.
 *
 * @param realms who is asked, in this order; those that nothing is set for are left out
 * @param htpasswd a file of users in Apache's format
 * @param ldap a directory
 * @param certificates how those of clients name users
 * @param provider with which people log in by their browsers
 * @param workloads whose tokens are taken for robots
 * @param external a token server elsewhere, which then gives all tokens
 */
public record AccessOptions(
        List<RealmKind> realms,
        Tokens.Options tokens,
        Optional<Path> htpasswd,
        Optional<LdapOptions> ldap,
        Optional<Certificates> certificates,
        Optional<OidcOptions> provider,
        List<WorkloadOptions> workloads,
        Optional<External> external) {
    /** Users of our own, their API keys, and tokens. */
    public static final AccessOptions DEFAULT = new AccessOptions(
            List.of(RealmKind.values()),
            Tokens.Options.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty());

    /** The realms there are, by the words that settings have for them. */
    public enum RealmKind {
        TOKEN("token"),
        LOCAL("local"),
        API_KEY("apiKey"),
        HTPASSWD("htpasswd"),
        LDAP("ldap"),
        OIDC("oidc"),
        CERTIFICATE("certificate"),
        WORKLOAD("workload");

        private final String word;

        RealmKind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * @param from where in it the name stands
     * @param realm whose principals these are: {@code certificate}, or {@code local} for users of this server
     */
    public record Certificates(CertificateRealm.Source from, String realm) {}

    /**
     * A token server elsewhere.
     *
     * @param realm the address where clients fetch their tokens
     * @param service what its tokens are made out for, on every connector of ours
     * @param issuer as its tokens say it
     * @param keys a file or an address, with a JSON Web Key Set or certificates as PEM
     */
    public record External(URI realm, String service, String issuer, URI keys) {}

    public AccessOptions {
        realms = List.copyOf(realms);
        workloads = List.copyOf(workloads);
    }
}
