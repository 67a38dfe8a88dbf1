package io.entrepot.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The public keys of an issuer as they are now. A key that is not among them makes it look again, once a minute at most. */
final class IssuerKeys {
    private static final int MAX_KEYS = 100;
    private static final int MIN_RSA_BITS = 2048;

    private final Refreshed<List<JWK>> keys;

    IssuerKeys(Refreshed.Source<String> jwks, InstantSource clock) {
        this.keys = new Refreshed<>(() -> parseAny(jwks.fetch()), clock);
    }

    static IssuerKeys ofFile(Path file, InstantSource clock) {
        return new IssuerKeys(() -> read(file), clock);
    }

    /**
     * The keys that may have signed it: those with this id, or all if it names none.
     *
     * @param id empty if the token names none
     */
    List<JWK> of(String id) throws Outbound.FailedException {
        List<JWK> found = withId(keys.get(), id);
        return found.isEmpty() ? withId(keys.again(), id) : found;
    }

    private static List<JWK> withId(List<JWK> all, String id) {
        return id.isEmpty()
                ? all
                : all.stream().filter(key -> id.equals(key.getKeyID())).toList();
    }

    private static String read(Path file) throws Outbound.FailedException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Outbound.MAX_BYTES + 1);
            if (bytes.length > Outbound.MAX_BYTES) {
                throw new Outbound.FailedException(file + " has more than " + Outbound.MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Outbound.FailedException("cannot read the keys in " + file, e);
        }
    }

    private static List<JWK> parseAny(String text) throws Outbound.FailedException {
        return parse(CertificateKeys.isPem(text) ? CertificateKeys.jwks(text) : text);
    }

    /** Keys of kinds that we do not use are passed over; a set without any that we do is none. */
    private static List<JWK> parse(String jwks) throws Outbound.FailedException {
        try {
            Map<String, Object>[] entries = JSONObjectUtils.getJSONObjectArray(Json.object(jwks), "keys");
            List<JWK> usable = new ArrayList<>();
            for (Map<String, Object> entry : entries == null ? List.<Map<String, Object>>of() : List.of(entries)) {
                addIfUsable(usable, entry);
            }
            if (usable.isEmpty() || usable.size() > MAX_KEYS) {
                throw new Outbound.FailedException("its key set has " + usable.size() + " keys that can be used");
            }
            return List.copyOf(usable);
        } catch (ParseException e) {
            throw new Outbound.FailedException("its key set is no JSON of keys", e);
        }
    }

    private static void addIfUsable(List<JWK> usable, Map<String, Object> entry) {
        try {
            JWK key = JWK.parse(entry).toPublicJWK();
            if (key != null && isUsable(key)) {
                usable.add(key);
            }
        } catch (ParseException | IllegalArgumentException | JOSEException e) {
            // A kind of key, or a form of it, that nothing here can verify with.
        }
    }

    private static boolean isUsable(JWK key) throws JOSEException {
        boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean strong =
                key instanceof RSAKey rsa && rsa.toRSAPublicKey().getModulus().bitLength() >= MIN_RSA_BITS
                        || key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)
                        || key instanceof OctetKeyPair okp && okp.getCurve().equals(Curve.Ed25519);
        return signs && strong;
    }
}
