package io.entrepot.proxy.remote;

import java.net.URI;
import java.util.Optional;

/** Where the credential for an upstream comes from. Safe for all threads. */
@FunctionalInterface
public interface CredentialProvider {
    CredentialProvider NONE = (registry, refresh) -> Optional.empty();

    /**
     * What to show now; empty for nothing. May block, within seconds.
     *
     * @param registry the configured root
     * @param refresh whether what was given last was refused or has expired, so that a new one is needed
     * @throws io.entrepot.core.RegistryException.Unavailable if it cannot be had now
     */
    Optional<Credential> credential(URI registry, boolean refresh);

    static CredentialProvider of(Credential credential) {
        return (registry, refresh) -> Optional.of(credential);
    }
}
