package io.entrepot.auth.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The provider with which people log in, and how its words become ours.
 *
 * @param issuer as its discovery document spells it, to the letter; https unless on this machine
 * @param clientSecret none for a public client
 * @param userClaim the claim of the ID token that is a person's name
 * @param groupClaim the claim with his groups; dots lead into objects, as in {@code realm_access.roles}
 * @param ca PEM certificates that alone are trusted for this provider; what the JDK trusts if empty
 * @param allowHttp whether the issuer may be plain http on another machine, for networks that are trusted
 */
public record OidcOptions(
        URI issuer,
        String clientId,
        Optional<String> clientSecret,
        List<String> scopes,
        String userClaim,
        String groupClaim,
        Optional<Path> ca,
        boolean allowHttp) {
    public static final List<String> DEFAULT_SCOPES = List.of("openid", "profile");
    public static final String DEFAULT_USER_CLAIM = "preferred_username";
    public static final String DEFAULT_GROUP_CLAIM = "groups";

    /** @throws IllegalArgumentException with a sentence, if something is wrong */
    public OidcOptions {
        Outbound.requireSafe(issuer, allowHttp);
        if (clientId.isBlank() || userClaim.isBlank() || groupClaim.isBlank()) {
            throw new IllegalArgumentException("the client id and the names of the claims must not be empty");
        }
        scopes = List.copyOf(scopes);
        if (!scopes.contains("openid")) {
            throw new IllegalArgumentException("the scopes must contain openid: without it there is no ID token");
        }
    }

    /** With all defaults. */
    public OidcOptions(URI issuer, String clientId, Optional<String> clientSecret) {
        this(
                issuer,
                clientId,
                clientSecret,
                DEFAULT_SCOPES,
                DEFAULT_USER_CLAIM,
                DEFAULT_GROUP_CLAIM,
                Optional.empty(),
                false);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "client " + clientId + " of " + issuer;
    }
}
