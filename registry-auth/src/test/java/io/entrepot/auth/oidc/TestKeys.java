package io.entrepot.auth.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Keys of an issuer, and what is signed with them. */
final class TestKeys {
    final RSAKey rsa = rsa("rsa-1", 2048);
    final ECKey ec = ec("ec-1");
    private final KeyPair ed = pair("Ed25519", 0);

    /** Every public key, as the issuer shows them. */
    List<JWK> all() {
        return List.of(rsa.toPublicJWK(), ec.toPublicJWK(), edPublic());
    }

    static RSAKey rsa(String id, int bits) {
        KeyPair pair = pair("RSA", bits);
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID(id)
                .build();
    }

    private static ECKey ec(String id) {
        KeyPair pair = pair("EC", 256);
        return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID(id)
                .build();
    }

    private OctetKeyPair edPublic() {
        byte[] x509 = ed.getPublic().getEncoded();
        byte[] x = Arrays.copyOfRange(x509, x509.length - 32, x509.length);
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                .keyID("ed-1")
                .build();
    }

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    String sign(JWSAlgorithm algorithm, Map<String, Object> claims) {
        if (algorithm.equals(JWSAlgorithm.EdDSA)) {
            return signEd(claims);
        }
        return algorithm.getName().startsWith("ES")
                ? sign(new JWSHeader.Builder(algorithm).keyID(ec.getKeyID()).build(), claims, signer(ec))
                : sign(new JWSHeader.Builder(algorithm).keyID(rsa.getKeyID()).build(), claims, signer(rsa));
    }

    static String sign(JWSHeader header, Map<String, Object> claims, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(header, JWTClaimsSet.parse(claims));
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException | java.text.ParseException e) {
            throw new AssertionError(e);
        }
    }

    static JWSSigner signer(JWK key) {
        try {
            return key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner((RSAKey) key);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private String signEd(Map<String, Object> claims) {
        String signed = part(Map.of("alg", "EdDSA", "kid", "ed-1")) + "." + part(claims);
        return signed + "." + Base64URL.encode(edSignature(ed.getPrivate(), signed));
    }

    /** A header and claims, of any form, and whatever is to stand for a signature. */
    static String raw(Map<String, Object> header, Map<String, Object> claims, String signature) {
        return part(header) + "." + part(claims) + "." + signature;
    }

    private static String part(Map<String, Object> values) {
        return Base64URL.encode(JSONObjectUtils.toJSONString(values)).toString();
    }

    private static byte[] edSignature(PrivateKey key, String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(text.getBytes(UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
