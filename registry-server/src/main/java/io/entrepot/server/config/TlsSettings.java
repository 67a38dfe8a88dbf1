package io.entrepot.server.config;

import java.nio.file.Path;
import java.util.Optional;

/** {@code server.tls}: by which certificate the server shows who it is. */
public sealed interface TlsSettings {
    /** Whose certificates clients may show. */
    Optional<Path> clientCa();

    /** Files as most tools write them: the certificate with those that signed it, and its key. */
    record Pem(Path certificate, Path key, Optional<String> password, Optional<Path> clientCa) implements TlsSettings {
        @Override
        public String toString() {
            return "Pem[" + certificate + ", " + key + "]";
        }
    }

    /** One file in PKCS#12 with both. */
    record Pkcs12(Path keyStore, String password, Optional<Path> clientCa) implements TlsSettings {
        @Override
        public String toString() {
            return "Pkcs12[" + keyStore + "]";
        }
    }

    /** Made and signed by an authority of our own in the data folder. */
    record Own(Optional<Path> clientCa) implements TlsSettings {}

    /** Nothing if nothing of it is set. */
    static Optional<TlsSettings> read(Section tls) {
        boolean own = tls.value("own", Kind.SWITCH, "false");
        Optional<Path> certificate = tls.optional("certificate", Kind.PATH);
        Optional<Path> key = tls.optional("key", Kind.PATH);
        Optional<Path> keyStore = tls.optional("keyStore", Kind.PATH);
        Optional<String> password = tls.secret("password");
        Optional<Path> clientCa = tls.optional("clientCa", Kind.PATH);
        int ways =
                (own ? 1 : 0) + (certificate.isPresent() || key.isPresent() ? 1 : 0) + (keyStore.isPresent() ? 1 : 0);
        if (ways > 1 || certificate.isPresent() != key.isPresent()) {
            tls.problem("server.tls must be one of: certificate together with key, keyStore, or own: true");
            return Optional.empty();
        }
        if (own) {
            return Optional.of(new Own(clientCa));
        }
        if (keyStore.isPresent()) {
            return Optional.of(new Pkcs12(keyStore.get(), password.orElse(""), clientCa));
        }
        if (certificate.isPresent()) {
            return Optional.of(new Pem(certificate.get(), key.orElseThrow(), password, clientCa));
        }
        if (clientCa.isPresent()) {
            tls.problem(
                    "server.tls.clientCa needs a certificate of the server: certificate and key, keyStore, or own: true");
        }
        return Optional.empty();
    }
}
