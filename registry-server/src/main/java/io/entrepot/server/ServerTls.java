package io.entrepot.server;

import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.ServerSettings;
import io.entrepot.server.config.TlsSettings;
import io.entrepot.server.tls.Tls;
import io.entrepot.server.tls.TlsException;
import io.entrepot.server.tls.TlsOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** TLS as the settings want it. */
public final class ServerTls {
    private ServerTls() {}

    /**
     * Nothing if the settings say nothing of it.
     *
     * @throws StartException if there is no certificate that can be used
     */
    static Optional<Tls> open(Configuration configuration) {
        Optional<TlsOptions> options = options(configuration);
        if (options.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Tls.open(options.get(), InstantSource.system()));
        } catch (TlsException e) {
            throw new StartException("TLS cannot be served: " + e.getMessage(), e);
        }
    }

    /** Nothing if the settings say nothing of it. */
    public static Optional<TlsOptions> options(Configuration configuration) {
        return configuration.server().tls().map(settings -> options(settings, configuration));
    }

    private static TlsOptions options(TlsSettings settings, Configuration configuration) {
        TlsOptions options;
        if (settings instanceof TlsSettings.Pem pem) {
            options = TlsOptions.pem(pem.certificate(), pem.key(), pem.password());
        } else if (settings instanceof TlsSettings.Pkcs12 store) {
            options = TlsOptions.pkcs12(store.keyStore(), Optional.of(store.password()));
        } else {
            options = TlsOptions.own(configuration.server().data(), names(configuration));
        }
        return settings.clientCa().map(options::withClientCa).orElse(options);
    }

    /** By which the settings know that clients come; {@link TlsOptions#own} adds those of the machine. */
    public static List<String> names(Configuration configuration) {
        ServerSettings server = configuration.server();
        List<String> names = new ArrayList<>();
        server.publicUrl().ifPresent(url -> names.add(String.valueOf(url.getHost())));
        configuration
                .registries()
                .values()
                .forEach(r -> names.addAll(r.connectors().hosts()));
        names.addAll(server.bind());
        return names;
    }
}
