package io.entrepot.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the tokens of one issuer: signed with one of its keys by an algorithm of ours, made out by it, for us, and for
 * now. Keys, addresses and algorithms that a token brings along are never looked at.
 */
final class SignedTokens {
    static final int MAX_LENGTH = 16 << 10;
    static final Duration LEEWAY = Duration.ofSeconds(60);

    /** One that names no key is tried with so many. */
    private static final int MAX_TRIES = 5;

    private static final Set<JWSAlgorithm> RSA = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256);
    private static final Set<JWSAlgorithm> ED25519 = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

    private final String issuer;
    private final IssuerKeys keys;
    private final InstantSource clock;

    SignedTokens(String issuer, IssuerKeys keys, InstantSource clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
    }

    /** Whether it has the form of a signed token: three parts. Looks at no more than {@link #MAX_LENGTH} characters. */
    static boolean hasForm(String token) {
        return token.length() <= MAX_LENGTH
                && token.startsWith("ey")
                && token.chars().filter(c -> c == '.').count() == 2;
    }

    /** Who a token says that it is from, which nobody has verified yet. */
    static Optional<String> claimedIssuer(String token) {
        try {
            return hasForm(token)
                    ? Optional.ofNullable(parse(token).getJWTClaimsSet().getIssuer())
                    : Optional.empty();
        } catch (RejectedException | ParseException e) {
            return Optional.empty();
        }
    }

    /**
     * @throws RejectedException if any of it is wrong
     * @throws Outbound.FailedException if the keys cannot be had
     */
    Claims verify(String token, String audience) throws RejectedException, Outbound.FailedException {
        require(hasForm(token), "not a signed token, or too long");
        SignedJWT signed = parse(token);
        JWSHeader header = signed.getHeader();
        require(
                header.getCriticalParams() == null && header.isBase64URLEncodePayload(),
                "its header asks for what is not understood");
        verifySignature(signed);
        JWTClaimsSet claims = claims(signed);
        require(issuer.equals(claims.getIssuer()), "it is from another issuer");
        require(claims.getAudience().contains(audience), "it is made out for another audience");
        Claims result = new Claims(claims.getClaims());
        checkTimes(result);
        return result;
    }

    private static SignedJWT parse(String token) throws RejectedException {
        try {
            return SignedJWT.parse(token);
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            throw new RejectedException("not a signed token");
        }
    }

    private static JWTClaimsSet claims(SignedJWT signed) throws RejectedException {
        try {
            return signed.getJWTClaimsSet();
        } catch (ParseException e) {
            throw new RejectedException("its claims are not of their types");
        }
    }

    private void verifySignature(SignedJWT signed) throws RejectedException, Outbound.FailedException {
        JWSAlgorithm algorithm = signed.getHeader().getAlgorithm();
        require(
                RSA.contains(algorithm) || ED25519.contains(algorithm) || algorithm.equals(JWSAlgorithm.ES256),
                "its algorithm is not allowed here");
        String id = Optional.ofNullable(signed.getHeader().getKeyID()).orElse("");
        List<JWK> candidates = keys.of(id).stream()
                .filter(key -> fits(key, algorithm))
                .limit(MAX_TRIES)
                .toList();
        require(!candidates.isEmpty(), "its key is not known");
        for (JWK key : candidates) {
            if (isSignedBy(key, signed)) {
                return;
            }
        }
        throw new RejectedException("its signature is wrong");
    }

    private static boolean fits(JWK key, JWSAlgorithm algorithm) {
        boolean kind = key instanceof RSAKey
                ? RSA.contains(algorithm)
                : key instanceof ECKey ? algorithm.equals(JWSAlgorithm.ES256) : ED25519.contains(algorithm);
        return kind && (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm));
    }

    private static boolean isSignedBy(JWK key, SignedJWT signed) {
        try {
            if (key instanceof RSAKey rsa) {
                return signed.verify(new RSASSAVerifier(rsa));
            }
            if (key instanceof ECKey ec) {
                return signed.verify(new ECDSAVerifier(ec));
            }
            return key instanceof OctetKeyPair pair
                    && Ed25519.verifies(
                            pair.getDecodedX(),
                            signed.getSigningInput(),
                            signed.getSignature().decode());
        } catch (JOSEException | GeneralSecurityException | IllegalStateException e) {
            return false;
        }
    }

    private void checkTimes(Claims claims) throws RejectedException {
        Instant now = clock.instant();
        Optional<Instant> expires = claims.time("exp");
        require(expires.isPresent(), "it never expires");
        require(now.isBefore(expires.get().plus(LEEWAY)), "it has expired");
        for (String name : List.of("nbf", "iat")) {
            Optional<Instant> from = claims.time(name);
            require(from.isEmpty() || !from.get().isAfter(now.plus(LEEWAY)), "it is not valid yet");
        }
    }

    static void require(boolean holds, String otherwise) throws RejectedException {
        if (!holds) {
            throw new RejectedException(otherwise);
        }
    }

    /** Whether a token that names whom it was given to was given to this client. */
    static void requireParty(Claims claims, String clientId) throws RejectedException {
        boolean several = claims.values().get("aud") instanceof Collection<?> audiences && audiences.size() > 1;
        Optional<String> party = claims.text("azp");
        require(party.isPresent() || !several, "it has several audiences and does not say to which it was given");
        require(party.isEmpty() || party.get().equals(clientId), "it was given to another client");
    }
}
