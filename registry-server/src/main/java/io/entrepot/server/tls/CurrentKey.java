package io.entrepot.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the server's certificate of the moment, so that the {@link javax.net.ssl.SSLContext} and the sessions in it outlive
 * a change of certificate. A handshake that has begun with the one before ends with that.
 */
final class CurrentKey extends X509ExtendedKeyManager {
    private record Shown(
            long number, Identity identity, @Nullable Identity before) {
        String alias() {
            return Long.toString(number);
        }
    }

    private volatile Shown shown;

    CurrentKey(Identity first) {
        shown = new Shown(0, first, null);
    }

    synchronized void show(Identity next) {
        Shown old = shown;
        shown = new Shown(old.number() + 1, next, old.identity());
    }

    Identity identity() {
        return shown.identity();
    }

    private @Nullable Identity of(String alias) {
        Shown now = shown;
        if (alias.equals(now.alias())) {
            return now.identity();
        }
        return alias.equals(Long.toString(now.number() - 1)) ? now.before() : null;
    }

    private @Nullable String alias(String keyType) {
        Shown now = shown;
        return now.identity().key().getAlgorithm().equals(keyType) ? now.alias() : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
