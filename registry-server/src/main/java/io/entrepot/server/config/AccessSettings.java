package io.entrepot.server.config;

import io.entrepot.auth.AccessOptions;
import io.entrepot.auth.AccessOptions.RealmKind;
import io.entrepot.auth.oidc.OidcOptions;
import io.entrepot.auth.oidc.WorkloadOptions;
import io.entrepot.auth.realm.CertificateRealm;
import io.entrepot.auth.realm.LdapOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code access}: who may come in, and who vouches for him.
 *
 * @param open whether there is no login at all: everybody may do everything
 * @param anonymousPull whether registries let everybody pull, unless they say otherwise themselves
 * @param realms who is asked about a credential, in this order
 * @param tokenLifetime of the tokens that clients fetch for themselves
 * @param refreshTokens whether clients that ask for one get a token to keep in place of the password
 * @param htpasswd a file of users in Apache's format
 * @param ldap a directory
 * @param certificates how those that clients show name users
 * @param workloads whose tokens are taken for robots
 * @param externalTokens a token server elsewhere, which then gives all tokens
 * @param adminPassword of the administrator whom a first start makes; generated unless given
 */
public record AccessSettings(
        boolean open,
        boolean anonymousPull,
        List<RealmKind> realms,
        Duration tokenLifetime,
        boolean refreshTokens,
        Optional<String> adminPassword,
        Optional<Path> htpasswd,
        Optional<LdapOptions> ldap,
        Optional<AccessOptions.Certificates> certificates,
        Optional<OidcOptions> oidc,
        List<WorkloadOptions> workloads,
        Optional<AccessOptions.External> externalTokens) {

    public AccessSettings {
        realms = List.copyOf(realms);
        workloads = List.copyOf(workloads);
    }

    /** Whether tokens of the token endpoint are taken; if not, clients are asked for name and password. */
    public boolean tokens() {
        return realms.contains(RealmKind.TOKEN);
    }

    private static final String NOWHERE = "https://nowhere.invalid";

    static AccessSettings read(Section access) {
        boolean open = access.value("open", Kind.SWITCH, "false");
        Optional<Path> htpasswd = access.hasGroup("htpasswd")
                ? Optional.of(access.section("htpasswd").required("file", Kind.PATH, "htpasswd"))
                : Optional.empty();
        AccessSettings settings = new AccessSettings(
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
                access.hasGroup("ldap") ? LdapSettings.read(access.section("ldap")) : Optional.empty(),
                access.hasGroup("certificate") ? certificates(access.section("certificate")) : Optional.empty(),
                access.hasGroup("oidc") ? oidc(access.section("oidc")) : Optional.empty(),
                access.sections("workload", List.of()).stream()
                        .flatMap(rule -> workload(rule).stream())
                        .toList(),
                access.hasGroup("externalTokens") ? external(access.section("externalTokens")) : Optional.empty());
        if (settings.externalTokens().isPresent() && !settings.tokens()) {
            access.problem("access.externalTokens needs token among access.realms: without it no token is taken");
        }
        return settings;
    }

    private static Optional<AccessOptions.External> external(Section section) {
        URI realm = section.required("realm", Kind.URL, NOWHERE);
        String service = section.required("service", Kind.TEXT, "-");
        String issuer = section.required("issuer", Kind.TEXT, "-");
        Optional<URI> jwks = section.optional("jwks", Kind.URL_OR_FILE);
        Optional<URI> certificates = section.optional("certificates", Kind.PATH).map(Path::toUri);
        if (jwks.isPresent() == certificates.isPresent()
                && !section.failed("jwks")
                && !section.failed("certificates")) {
            section.problem("access.externalTokens must have one of: jwks (a URL or the whole path of a file),"
                    + " or certificates (a file)");
        }
        return jwks.or(() -> certificates).map(keys -> new AccessOptions.External(realm, service, issuer, keys));
    }

    private static Optional<AccessOptions.Certificates> certificates(Section section) {
        CertificateRealm.Source from = section.value("name", Kind.oneOf(CertificateRealm.Source.class), "subject_cn");
        String realm = section.value("realm", Kind.choice(List.of("certificate", "local")), "certificate");
        return Optional.of(new AccessOptions.Certificates(from, realm));
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

    private static Kind<RealmKind> realm() {
        return Kind.choice(Stream.of(RealmKind.values()).map(RealmKind::word).toList())
                .to(word -> Stream.of(RealmKind.values())
                        .filter(r -> r.word().equals(word))
                        .findFirst()
                        .orElseThrow());
    }
}
