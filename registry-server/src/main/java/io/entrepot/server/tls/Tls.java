package io.entrepot.server.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * How the connectors of one server speak TLS: versions 1.2 and 1.3, authenticated ciphers only, with the certificate that
 * is in the files at the moment. Open it once, give it to any number of connectors, and close it after them.
 */
public final class Tls implements AutoCloseable {
    private static final int POLL_MILLIS = 5_000;
    private static final int SESSION_SECONDS = 3600;
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final Certificates certificates;
    private final boolean clients;
    private final SSLContext context;
    private final Thread looking;

    private Tls(Certificates certificates, boolean clients) throws TlsException {
        this.certificates = certificates;
        this.clients = clients;
        this.context = context(certificates);
        this.looking = new Thread(this::look, "entrepot-tls");
        looking.setDaemon(true);
    }

    /**
     * Reads, or makes, the certificate, and looks for new files every few seconds from now on. New ones that are broken
     * change nothing but the log.
     *
     * @throws TlsException if there is no certificate that can be used
     */
    public static Tls open(TlsOptions options, InstantSource clock) throws TlsException {
        Tls tls = new Tls(Certificates.open(options, clock), options.clientCa().isPresent());
        tls.looking.start();
        return tls;
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(POLL_MILLIS);
                certificates.refresh();
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    private static SSLContext context(Certificates certificates) throws TlsException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] trust = certificates.trust().stream().toArray(TrustManager[]::new);
            context.init(new KeyManager[] {certificates.key()}, trust, null);
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsException("this Java cannot speak TLS", e);
        }
    }

    /** What is in the files now, the server's certificate first; nothing is made and nothing is watched. */
    public static List<X509Certificate> chain(TlsOptions options) throws TlsException {
        return Certificates.read(options.source()).chain();
    }

    /** Looks at the files now instead of soon. */
    public void refresh() {
        certificates.refresh();
    }

    /** It stays the same when certificates change. */
    public SSLContext context() {
        return context;
    }

    /** What each engine of the context is to be given. */
    public SSLParameters parameters() {
        List<String> supported = List.of(context.getSupportedSSLParameters().getCipherSuites());
        SSLParameters parameters = new SSLParameters(
                SUITES.stream().filter(supported::contains).toArray(String[]::new), PROTOCOLS.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        parameters.setWantClientAuth(clients);
        return parameters;
    }

    /** The certificate (PEM) that clients have to trust, if it is one of ours. */
    public Optional<String> caCertificate() {
        return certificates.caCertificate();
    }

    /** The names and addresses that the certificate of the moment is made out for. */
    public List<String> names() {
        return names(certificates.key().identity().leaf());
    }

    /** The names and addresses that this certificate is made out for. */
    public static List<String> names(X509Certificate certificate) {
        return List.copyOf(Names.of(certificate));
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
