package io.entrepot.server.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a server speaks TLS.
 *
 * @param clientCa certificates (PEM) of the authorities whose clients may show a certificate; without it none is asked for
 */
public record TlsOptions(TlsSource source, Optional<Path> clientCa) {

    /** {@code server.tls.certificate} and {@code server.tls.key}. */
    public static TlsOptions pem(Path certificate, Path key, Optional<String> password) {
        return new TlsOptions(new TlsSource.Pem(certificate, key, password), Optional.empty());
    }

    /** {@code server.tls.keyStore}. */
    public static TlsOptions pkcs12(Path file, Optional<String> password) {
        return new TlsOptions(new TlsSource.Pkcs12(file, password), Optional.empty());
    }

    /** {@code server.tls.own}: made here, for this machine's names and addresses and for {@code names}. */
    public static TlsOptions own(Path dataFolder, List<String> names) {
        return new TlsOptions(new TlsSource.Own(dataFolder.resolve("tls"), names), Optional.empty());
    }

    /** {@code server.tls.clientCa}. */
    public TlsOptions withClientCa(Path file) {
        return new TlsOptions(source, Optional.of(file));
    }
}
