package io.entrepot.server;

import io.entrepot.proxy.remote.Credential;
import io.entrepot.proxy.remote.CredentialProvider;
import io.entrepot.proxy.remote.FileCredentials;
import io.entrepot.proxy.remote.HelperCredentials;
import io.entrepot.proxy.remote.RefreshingCredentials;
import io.entrepot.proxy.remote.RemoteOptions;
import io.entrepot.proxy.remote.RemoteRegistry;
import io.entrepot.proxy.remote.RemoteWatch;
import io.entrepot.proxy.remote.TrustOptions;
import io.entrepot.server.config.ProxySettings;
import io.entrepot.server.config.ProxySettings.Connection;
import io.entrepot.server.config.ProxySettings.Login;
import io.entrepot.server.tls.ClientIdentity;
import io.entrepot.server.tls.TlsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Clients of other registries, as the settings of a proxy want them. */
final class RemoteClients {
    /** A program is not started for every request. */
    private static final Duration HELPED = Duration.ofMinutes(10);

    private RemoteClients() {}

    /** @throws StartException if a file that the settings name cannot be used */
    static RemoteRegistry client(String name, URI remote, ProxySettings settings, RemoteWatch watch) {
        Connection connection = settings.connection();
        try {
            RemoteOptions options = RemoteOptions.DEFAULT
                    .withCredentials(
                            settings.login().map(RemoteClients::credentials).orElse(CredentialProvider.NONE))
                    .withRealms(connection.pinnedRealms())
                    .withAllowedHosts(connection.mayReach())
                    .withProxy(settings.outbound())
                    .withTrust(trust(settings.tls()))
                    .withTimeouts(
                            connection.connectTimeout(), connection.stallTimeout(), RemoteOptions.DEFAULT.deadline())
                    .withMinimumRate(connection.minimumRate(), RemoteOptions.DEFAULT.rateWindow())
                    .withUserAgentSuffix(connection.userAgent())
                    .withWatch(watch);
            return new RemoteRegistry(remote, options, settings.index());
        } catch (IllegalArgumentException | IOException | TlsException e) {
            throw new StartException("registries." + name + ": " + e.getMessage(), e);
        }
    }

    private static CredentialProvider credentials(Login login) {
        if (login.user().isPresent()) {
            return CredentialProvider.of(
                    new Credential.Password(login.user().get(), login.password().orElse("")));
        }
        if (login.file().isPresent()) {
            return new FileCredentials(login.file().get());
        }
        if (login.helper().isPresent()) {
            CredentialProvider helper = new HelperCredentials(login.helper().get());
            return new RefreshingCredentials(
                    registry -> helper.credential(registry, true), HELPED, InstantSource.system());
        }
        return CredentialProvider.of(new Credential.IdentityToken(login.token().orElse("")));
    }

    private static TrustOptions trust(ProxySettings.Tls tls) throws IOException, TlsException {
        TrustOptions trust = TrustOptions.SYSTEM.withInsecure(tls.insecure());
        if (tls.ca().isPresent()) {
            trust = trust.withAuthorities(Files.readAllBytes(tls.ca().get()));
        }
        if (tls.certificate().isPresent()) {
            Path certificate = tls.certificate().get();
            trust = trust.withClient(
                    ClientIdentity.read(certificate, tls.key().orElse(certificate)),
                    ClientIdentity.PASSWORD.toCharArray());
        }
        return trust;
    }
}
