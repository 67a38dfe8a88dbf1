package io.entrepot.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.entrepot.auth.token.SigningKeys.State;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Instant;

/**
 * A key pair that tokens are signed with, for ES256 and nothing else. Its id is the thumbprint of RFC 7638.
 *
 * @param made when it was drawn, and so could be known to others
 * @param since when it came into its state
 */
record SigningKey(State state, Instant made, Instant since, ECKey pair, JWSSigner signer, JWSVerifier verifier) {
    static final JWSAlgorithm ALGORITHM = JWSAlgorithm.ES256;

    static SigningKey draw(State state, Instant now, SecureRandom random) {
        try {
            ECKey pair;
            do {
                pair = new ECKeyGenerator(Curve.P_256)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(ALGORITHM)
                        .keyIDFromThumbprint(true)
                        .secureRandom(random)
                        .generate();
            } while (hasShortCoordinate(pair));
            return of(state, now, now, pair);
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java cannot make EC keys", e);
        }
    }

    /** Distribution 3 forgets to pad those when it computes their thumbprints: one key in 128. */
    static boolean hasShortCoordinate(ECKey pair) {
        return pair.getX().decode()[0] == 0 || pair.getY().decode()[0] == 0;
    }

    private static SigningKey of(State state, Instant made, Instant since, ECKey pair) throws JOSEException {
        return new SigningKey(state, made, since, pair, new ECDSASigner(pair), new ECDSAVerifier(pair.toPublicJWK()));
    }

    static SigningKey read(State state, Instant made, Instant since, String jwk) {
        try {
            return of(state, made, since, ECKey.parse(jwk));
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("a stored signing key is broken", e);
        }
    }

    String id() {
        return pair.getKeyID();
    }

    SigningKey become(State next, Instant now) {
        return new SigningKey(next, made, now, pair, signer, verifier);
    }

    @Override
    public String toString() {
        return "key " + id() + ", " + state + " since " + since;
    }
}
