package io.entrepot.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Optional;

/** A key with its certificates by which this server shows other servers who it is. */
public final class ClientIdentity {
    /** Of the store in memory: who can read it there can read the key itself. */
    public static final String PASSWORD = "in memory";

    private ClientIdentity() {}

    /**
     * Reads both from PEM files, of which the certificate's own comes first.
     *
     * @return a key store with this one key, under {@link #PASSWORD}
     * @throws TlsException with a sentence if a file cannot be read or used
     */
    public static KeyStore read(Path certificate, Path key) throws TlsException {
        Identity identity = KeyFiles.read(new TlsSource.Pem(certificate, key, Optional.empty()));
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "client",
                    identity.key(),
                    PASSWORD.toCharArray(),
                    identity.chain().toArray(new Certificate[0]));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException(certificate + " cannot be used to show other servers who this one is", e);
        }
    }
}
