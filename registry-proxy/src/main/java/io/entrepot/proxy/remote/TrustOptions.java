package io.entrepot.proxy.remote;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;

/**
 * Whom TLS trusts, and who we are to it. Holds for the upstream itself and for the hosts that its options name; all others
 * are judged by what the system trusts.
 *
 * @param authorities beside those of the system
 * @param insecure whether any certificate will do: for trying things out
 */
public record TrustOptions(List<X509Certificate> authorities, Optional<KeyManager> client, boolean insecure) {
    public static final TrustOptions SYSTEM = new TrustOptions(List.of(), Optional.empty(), false);

    public TrustOptions {
        authorities = List.copyOf(authorities);
    }

    /**
     * @throws IllegalArgumentException if there is no certificate in it */
    public TrustOptions withAuthorities(byte[] pem) {
        List<X509Certificate> read = new ArrayList<>();
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(certificate -> read.add((X509Certificate) certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the file of certificate authorities cannot be read as PEM", e);
        }
        if (read.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate in the file of certificate authorities");
        }
        return new TrustOptions(read, client, insecure);
    }

    public TrustOptions withClient(KeyManager key) {
        return new TrustOptions(authorities, Optional.of(key), insecure);
    }

    /**
     * @throws IllegalArgumentException if the keys cannot be used with that password */
    public TrustOptions withClient(KeyStore keys, char[] password) {
        return withClient(Tls.keyManager(keys, password));
    }

    public TrustOptions withInsecure(boolean any) {
        return new TrustOptions(authorities, client, any);
    }

    @Override
    public String toString() {
        return "TrustOptions[" + authorities.size() + " more authorities"
                + (client.isPresent() ? ", client certificate" : "") + (insecure ? ", INSECURE" : "") + "]";
    }
}
