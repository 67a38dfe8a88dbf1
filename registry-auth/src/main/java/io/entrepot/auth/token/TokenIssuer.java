package io.entrepot.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import io.entrepot.auth.account.Identity;
import io.entrepot.core.wire.Scope;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes tokens, and remembers them as verified. */
final class TokenIssuer {
    /** Says what kind of token it is, so that none of another kind is taken for one, nor it for another. */
    static final String TYPE = "registry+jwt";

    static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(30);
    /** Clients take nothing shorter. */
    static final Duration MIN_LIFETIME = Duration.ofSeconds(60);

    static final Duration MAX_LIFETIME = Duration.ofHours(24);

    private static final int ID_BYTES = 16;
    private static final int MAX_GROUP_CHARACTERS = 2_000;
    private static final int MAX_SCOPE_BYTES = 7_000;

    private final Installation installation;
    private final SigningKeys keys;
    private final VerifiedTokens verified;
    private final Duration lifetime;
    private final InstantSource clock;
    private final SecureRandom random;

    /** A token and what it says. */
    record Issued(String token, Claims claims) {}

    /**
     * @param verified shared with the verifiers
     * @throws IllegalArgumentException if a token would live shorter than {@link #MIN_LIFETIME} or longer than {@link
     *     #MAX_LIFETIME}
     */
    TokenIssuer(
            Installation installation,
            SigningKeys keys,
            VerifiedTokens verified,
            Duration lifetime,
            InstantSource clock,
            SecureRandom random) {
        if (lifetime.compareTo(MIN_LIFETIME) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("a token lives from " + MIN_LIFETIME.toSeconds() + " seconds to "
                    + MAX_LIFETIME.toHours() + " hours, not " + lifetime);
        }
        this.installation = installation;
        this.keys = keys;
        this.verified = verified;
        this.lifetime = lifetime;
        this.clock = clock;
        this.random = random;
    }

    /**
     * @param access as much of it as fits is in the token, in this order
     * @param key the API key that was shown
     */
    Issued issue(Identity identity, long securityVersion, String service, List<Scope> access, Optional<String> key) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Claims claims = new Claims(
                installation.id(),
                identity.principal(),
                service,
                now,
                now.plus(lifetime),
                tokenId(),
                fitting(access),
                securityVersion,
                fitting(identity.groups()),
                key);
        SigningKey signing = keys.signing();
        String token = sign(signing, ClaimsJson.write(claims));
        verified.add(token, signing.id(), claims);
        return new Issued(token, claims);
    }

    private static String sign(SigningKey key, String payload) {
        JWSHeader header = new JWSHeader.Builder(SigningKey.ALGORITHM)
                .type(new JOSEObjectType(TYPE))
                .keyID(key.id())
                .build();
        try {
            JWSObject token = new JWSObject(header, new Payload(payload));
            token.sign(key.signer());
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java cannot sign with its own EC key", e);
        }
    }

    private String tokenId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static List<Scope> fitting(List<Scope> access) {
        int left = MAX_SCOPE_BYTES;
        int fit = 0;
        for (Scope scope : access) {
            left -= ClaimsJson.sizeOf(scope);
            if (left < 0) {
                break;
            }
            fit++;
        }
        return access.subList(0, fit);
    }

    /** Those whose names come first; who is in so many groups has the others' rights with his password only. */
    private static Set<String> fitting(Set<String> groups) {
        Set<String> fit = new LinkedHashSet<>();
        int left = MAX_GROUP_CHARACTERS;
        for (String group : new TreeSet<>(groups)) {
            left -= ClaimsJson.sizeOf(group);
            if (left >= 0) {
                fit.add(group);
            }
        }
        return fit;
    }
}
