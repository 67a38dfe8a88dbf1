package io.entrepot.auth.realm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.entrepot.core.access.Credentials;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes fingerprints: HMAC-SHA256 under a key that only this object has, and that ends with the process. */
final class Fingerprints {
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac keyed;

    Fingerprints(SecureRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    Fingerprint of(Credentials.Password password) {
        return of('P', password.user().getBytes(UTF_8), password.secret().getBytes(UTF_8));
    }

    Fingerprint of(Credentials.Bearer bearer) {
        return of('B', new byte[0], bearer.token().getBytes(UTF_8));
    }

    Fingerprint of(Credentials.Certificate certificate) {
        try {
            return of('C', new byte[0], certificate.chain().get(0).getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the handshake has proved a certificate that has no bytes", e);
        }
    }

    Fingerprint ofAccount(String account) {
        return of('A', new byte[0], account.getBytes(UTF_8));
    }

    /** The length of the name goes in, so that no name and secret look like others that are cut elsewhere. */
    private Fingerprint of(char kind, byte[] name, byte[] secret) {
        Mac mac = fresh();
        mac.update(ByteBuffer.allocate(5).put((byte) kind).putInt(name.length).flip());
        mac.update(name);
        ByteBuffer sum = ByteBuffer.wrap(mac.doFinal(secret));
        return new Fingerprint(sum.getLong(), sum.getLong(), sum.getLong(), sum.getLong());
    }

    private Mac fresh() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own MACs can be cloned", e);
        }
    }
}
