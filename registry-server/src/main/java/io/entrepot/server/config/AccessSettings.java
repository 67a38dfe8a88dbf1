package io.entrepot.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code access}: who may come in, and who vouches for him.
 *
 * @param open whether there is no login at all: everybody may do everything
 * @param anonymousPull whether registries let everybody pull, unless they say otherwise themselves
 * @param realms who is asked about a credential, in this order
 * @param tokenLifetime of the tokens that clients fetch for themselves
 * @param refreshTokens whether clients that ask for one get a token to keep in place of the password
 * @param adminPassword of the administrator whom a first start makes; generated unless given
 */
public record AccessSettings(
        boolean open,
        boolean anonymousPull,
        List<RealmName> realms,
        Duration tokenLifetime,
        boolean refreshTokens,
        Optional<String> adminPassword,
        Optional<Htpasswd> htpasswd) {

    /** Everybody may do everything. */
    public static final AccessSettings OPEN = new AccessSettings(
            true, false, List.of(), Duration.ofMinutes(30), false, Optional.empty(), Optional.empty());

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
    }

    /** Whether tokens of the token endpoint are taken; if not, clients are asked for name and password. */
    public boolean tokens() {
        return realms.contains(RealmName.TOKEN);
    }

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
                htpasswd);
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
