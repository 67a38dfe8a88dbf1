package io.entrepot.auth.oidc;

import com.google.common.io.BaseEncoding;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The keys of certificates, under the ids that token servers for registries give them: the thumbprint of RFC 7638
 * (distribution 3), and twelve groups of four letters (distribution 2, Harbor, GitLab).
 */
final class CertificateKeys {
    private static final int LIBTRUST_BYTES = 30;
    private static final int ED25519_BYTES = 32;

    private CertificateKeys() {}

    static boolean isPem(String text) {
        return text.stripLeading().startsWith("-----BEGIN ");
    }

    /** As a JSON Web Key Set; what is neither RSA, P-256 nor Ed25519 is left out. */
    static String jwks(String pem) throws Outbound.FailedException {
        List<JWK> keys = new ArrayList<>();
        try {
            byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                PublicKey key = certificate.getPublicKey();
                Optional<JWK> named = named(key, libtrustId(key));
                if (named.isPresent()) {
                    keys.add(named.get());
                    named(key, named.get().computeThumbprint().toString()).ifPresent(keys::add);
                }
            }
        } catch (GeneralSecurityException | JOSEException e) {
            throw new Outbound.FailedException("its certificates cannot be read", e);
        }
        return new JWKSet(keys).toString(true);
    }

    private static Optional<JWK> named(PublicKey key, String id) {
        if (key instanceof RSAPublicKey rsa) {
            return Optional.of(new RSAKey.Builder(rsa).keyID(id).build());
        }
        if (key instanceof ECPublicKey ec && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
            return Optional.of(new ECKey.Builder(Curve.P_256, ec).keyID(id).build());
        }
        if (key.getAlgorithm().equals("EdDSA") && key.getEncoded().length == ED25519_BYTES + 12) {
            byte[] encoded = key.getEncoded();
            byte[] raw = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
            return Optional.of(new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(raw))
                    .keyID(id)
                    .build());
        }
        return Optional.empty();
    }

    static String libtrustId(PublicKey key) throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        return BaseEncoding.base32().withSeparator(":", 4).encode(Arrays.copyOf(hash, LIBTRUST_BYTES));
    }
}
