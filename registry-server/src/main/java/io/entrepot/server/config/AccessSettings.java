package io.entrepot.server.config;

import io.entrepot.auth.oidc.OidcOptions;
import io.entrepot.auth.oidc.WorkloadOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code access}: who may come in, and who vouches for him.
 *
 * @param open whether there is no login at all: everybody may do everything
 * @param anonymousPull whether registries let everybody pull, unless they say otherwise themselves
 * @param realms who is asked about a credential, in this order
 * @param tokenLifetime of the tokens that clients fetch for themselves
 * @param refreshTokens whether clients that ask for one get a token to keep in place of the password
 * @param workloads whose tokens are taken for robots
 * @param adminPassword of the administrator whom a first start makes; generated unless given
 */
public record AccessSettings(
        boolean open,
        boolean anonymousPull,
        List<RealmName> realms,
        Duration tokenLifetime,
        boolean refreshTokens,
        Optional<String> adminPassword,
        Optional<Htpasswd> htpasswd,
        Optional<OidcOptions> oidc,
        List<WorkloadOptions> workloads) {

    /** Everybody may do everything. */
    public static final AccessSettings OPEN = new AccessSettings(
            true,
            false,
            List.of(),
            Duration.ofMinutes(30),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    /** The realms there are, by the names that principals and settings call them. */
    public enum RealmName {
        TOKEN("token"),
        LOCAL("local"),
        API_KEY("apiKey"),
        HTPASSWD("htpasswd"),
        LDAP("ldap"),
        OIDC("oidc"),
        CERTIFICATE("certificate"),
        WORKLOAD("workload");

        private final String word;

        RealmName(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * Users of a file in Apache's format.
     *
     * @param roles what all of them have
     */
    public record Htpasswd(Path file, List<String> roles) {
        public Htpasswd {
            roles = List.copyOf(roles);
        }
    }

    public AccessSettings {
        realms = List.copyOf(realms);
        workloads = List.copyOf(workloads);
    }

    /** Whether tokens of the token endpoint are taken; if not, clients are asked for name and password. */
    public boolean tokens() {
        return realms.contains(RealmName.TOKEN);
    }

    private static final String NOWHERE = "https://nowhere.invalid";

    static AccessSettings read(Section access) {
        boolean open = access.value("open", Kind.SWITCH, "false");
        Optional<Htpasswd> htpasswd =
                access.has("htpasswd") ? Optional.of(htpasswd(access.section("htpasswd"))) : Optional.empty();
        return new AccessSettings(
                open,
                access.value("anonymousPull", Kind.SWITCH, "false"),
                access.list(
                        "realms",
                        realm(),
                        List.of("token", "local", "apiKey", "htpasswd", "ldap", "oidc", "certificate", "workload")),
                access.value("tokenLifetime", Kind.DURATION, "30m"),
                access.value("refreshTokens", Kind.SWITCH, "false"),
                access.secret("adminPassword"),
                htpasswd,
                access.has("oidc") ? oidc(access.section("oidc")) : Optional.empty(),
                access.sections("workload", List.of()).stream()
                        .flatMap(rule -> workload(rule).stream())
                        .toList());
    }

    private static Optional<OidcOptions> oidc(Section section) {
        URI issuer = section.required("issuer", Kind.URL, NOWHERE);
        String client = section.required("clientId", Kind.TEXT, "-");
        Optional<String> secret = section.secret("clientSecret");
        List<String> scopes = section.list("scopes", Kind.TEXT, OidcOptions.DEFAULT_SCOPES);
        String user = section.value("userClaim", Kind.TEXT, OidcOptions.DEFAULT_USER_CLAIM);
        String group = section.value("groupClaim", Kind.TEXT, OidcOptions.DEFAULT_GROUP_CLAIM);
        Optional<Path> ca = section.optional("ca", Kind.PATH);
        boolean http = section.value("allowHttp", Kind.SWITCH, "false");
        return section.made(() -> new OidcOptions(issuer, client, secret, scopes, user, group, ca, http));
    }

    private static Optional<WorkloadOptions> workload(Section rule) {
        URI issuer = rule.required("issuer", Kind.URL, NOWHERE);
        String audience = rule.required("audience", Kind.TEXT, "-");
        Optional<URI> jwks = rule.optional("jwks", Kind.URL_OR_FILE);
        Map<String, String> claims = rule.texts("claims");
        String robot = rule.required("robot", Kind.TEXT, "-");
        Optional<Path> ca = rule.optional("ca", Kind.PATH);
        boolean http = rule.value("allowHttp", Kind.SWITCH, "false");
        return rule.made(() -> new WorkloadOptions(rule.name(), issuer, audience, jwks, claims, robot, ca, http));
    }

    private static Htpasswd htpasswd(Section section) {
        return new Htpasswd(
                section.required("file", Kind.PATH, "htpasswd"), section.list("roles", Kind.NAME, List.of()));
    }

    private static Kind<RealmName> realm() {
        return Kind.choice(java.util.stream.Stream.of(RealmName.values())
                        .map(RealmName::word)
                        .toList())
                .to(word -> java.util.stream.Stream.of(RealmName.values())
                        .filter(r -> r.word().equals(word))
                        .findFirst()
                        .orElseThrow());
    }
}
