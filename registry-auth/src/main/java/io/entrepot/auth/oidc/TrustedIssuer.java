package io.entrepot.auth.oidc;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Somebody elsewhere whose tokens are believed, and where his public keys are. */
public final class TrustedIssuer {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final String name;
    private final SignedTokens tokens;

    /**
     * Nothing is read or asked before the first token comes. What was had of the keys is kept while they cannot be had anew.
     *
     * @param name as its tokens say it
     * @param keys a JSON Web Key Set, or certificates as PEM: a file, or an address that begins with https, or with http and is
     *     on this machine
     * @throws IllegalArgumentException if keys cannot be trusted that come from there
     */
    public TrustedIssuer(String name, URI keys, InstantSource clock) {
        this.name = name;
        boolean file = "file".equals(keys.getScheme());
        if (!file) {
            Outbound.requireSafe(keys, false);
        }
        Outbound outbound = new Outbound(Optional.empty(), false, DEADLINE);
        IssuerKeys source =
                file ? IssuerKeys.ofFile(Path.of(keys), clock) : new IssuerKeys(() -> outbound.get(keys), clock);
        this.tokens = new SignedTokens(name, source, clock);
    }

    public String name() {
        return name;
    }

    /**
     * Returns if the token is its, made out for this audience, and good now.
     *
     * @throws RegistryException.Unauthorized if not
     * @throws RegistryException.Unavailable if its keys cannot be had
     */
    public void verify(String token, String audience) {
        try {
            tokens.verify(token, audience);
        } catch (RejectedException e) {
            throw new RegistryException.Unauthorized(
                    RegistryException.Unauthorized.Reason.INVALID_TOKEN,
                    "unauthorized: the token is refused: " + e.getMessage(),
                    String.valueOf(e.getMessage()));
        } catch (Outbound.FailedException e) {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE,
                    "the issuer of this token cannot be asked for its keys now: try again in a moment",
                    Optional.of(RETRY_AFTER),
                    e);
        }
    }
}
