package io.entrepot.proxy.remote;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Turns {@link TrustOptions} into what a client of OkHttp wants. */
final class Tls {
    private Tls() {}

    static void apply(TrustOptions options, OkHttpClient.Builder client) {
        try {
            X509TrustManager trust = options.insecure() ? new Anybody() : trusting(options.authorities());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    options.client().map(key -> new KeyManager[] {key}).orElse(null), new TrustManager[] {trust}, null);
            client.sslSocketFactory(context.getSocketFactory(), trust);
            if (options.insecure()) {
                client.hostnameVerifier((host, session) -> true);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the certificates of the upstream cannot be used", e);
        }
    }

    static KeyManager keyManager(KeyStore keys, char[] password) {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, password);
            return factory.getKeyManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the client certificate cannot be used: is its password right?", e);
        }
    }

    private static X509TrustManager trusting(List<X509Certificate> more) throws GeneralSecurityException, IOException {
        X509TrustManager system = manager(null);
        if (more.isEmpty()) {
            return system;
        }
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        int i = 0;
        for (X509Certificate authority : system.getAcceptedIssuers()) {
            all.setCertificateEntry("system" + i++, authority);
        }
        for (X509Certificate authority : more) {
            all.setCertificateEntry("more" + i++, authority);
        }
        return manager(all);
    }

    private static X509TrustManager manager(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** Extended, so that the JDK adds no check of the host's name of its own. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket s) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine e) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
