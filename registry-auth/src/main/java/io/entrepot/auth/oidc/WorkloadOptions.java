package io.entrepot.auth.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A rule that takes tokens of another issuer for one of our robots: those of a CI system's jobs, say, or of a cluster's
 * service accounts. All conditions must hold.
 *
 * @param name of the rule, as in the settings
 * @param issuer to the letter
 * @param audience one of the token's audiences must be this
 * @param jwks where the issuer's keys are, an https URL or a file; found by discovery if empty
 * @param claims patterns by the path of a claim ({@code *} stands for any characters); at least one, because many
 *     issuers let anybody choose the audience
 * @param robot the robot's name
 * @param ca PEM certificates that alone are trusted for this issuer; what the JDK trusts if empty
 * @param allowHttp whether keys may be fetched by plain http from another machine
 */
public record WorkloadOptions(
        String name,
        URI issuer,
        String audience,
        Optional<URI> jwks,
        Map<String, String> claims,
        String robot,
        Optional<Path> ca,
        boolean allowHttp) {

    /** @throws IllegalArgumentException with a sentence, if something is wrong */
    public WorkloadOptions {
        if (jwks.isEmpty()) {
            Outbound.requireSafe(issuer, allowHttp);
        } else if (!"file".equals(jwks.get().getScheme())) {
            Outbound.requireSafe(jwks.get(), allowHttp);
        }
        if (audience.isBlank() || robot.isBlank()) {
            throw new IllegalArgumentException("the audience and the robot must not be empty");
        }
        if (claims.isEmpty()) {
            throw new IllegalArgumentException("at least one claim must be asked for, such as sub: with the issuer and"
                    + " the audience alone, everybody to whom the issuer gives tokens would be let in");
        }
        claims = Map.copyOf(claims);
    }

    /** With its keys found by discovery. */
    public WorkloadOptions(String name, URI issuer, String audience, Map<String, String> claims, String robot) {
        this(name, issuer, audience, Optional.empty(), claims, robot, Optional.empty(), false);
    }
}
