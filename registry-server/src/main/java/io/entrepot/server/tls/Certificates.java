package io.entrepot.server.tls;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's certificate of the moment, and whose client certificates are believed, as the files say. A file that cannot
 * be used changes nothing and is complained of once.
 */
final class Certificates {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Duration OWN_LOOKED_AT_EVERY = Duration.ofMinutes(1);

    private final TlsOptions options;
    private final InstantSource clock;
    private final CurrentKey key;
    private final Optional<CurrentTrust> trust;
    private final ExpiryWarnings warnings = new ExpiryWarnings();
    /** The states below are those of the files that were tried last. Guarded by this. */
    private String keyState;

    private String trustState;
    private Instant ownLookedAt;

    private Certificates(TlsOptions options, InstantSource clock) throws TlsException {
        this.options = options;
        this.clock = clock;
        this.ownLookedAt = clock.instant();
        this.keyState = "";
        if (options.source() instanceof TlsSource.Own own) {
            new OwnAuthority(own.folder()).ensure(List.of(), own.names(), clock.instant());
        }
        this.keyState = keyState();
        this.key = new CurrentKey(read(options.source()));
        this.trustState = trustState();
        this.trust = options.clientCa().isPresent()
                ? Optional.of(new CurrentTrust(
                        KeyFiles.certificates(options.clientCa().get())))
                : Optional.empty();
        shown();
    }

    static Certificates open(TlsOptions options, InstantSource clock) throws TlsException {
        return new Certificates(options, clock);
    }

    CurrentKey key() {
        return key;
    }

    Optional<CurrentTrust> trust() {
        return trust;
    }

    Optional<String> caCertificate() {
        if (options.source() instanceof TlsSource.Own) {
            List<X509Certificate> chain = key.identity().chain();
            return Optional.of(Pem.text(chain.get(chain.size() - 1)));
        }
        return Optional.empty();
    }

    synchronized void refresh() {
        try {
            renewOwn();
            refreshKey();
            refreshTrust();
            warnings.look(key.identity().leaf(), clock.instant(), advice());
        } catch (RuntimeException e) {
            // Whatever it is, it must not end the looking.
            LOG.warn("looking for new certificates failed", e);
        }
    }

    private void renewOwn() {
        Instant now = clock.instant();
        if (options.source() instanceof TlsSource.Own own
                && Duration.between(ownLookedAt, now).compareTo(OWN_LOOKED_AT_EVERY) >= 0) {
            ownLookedAt = now;
            try {
                new OwnAuthority(own.folder()).ensure(List.of(), own.names(), now);
            } catch (TlsException e) {
                LOG.warn("the certificate stays as it is: {}", e.getMessage());
            }
        }
    }

    private void refreshKey() {
        String state = keyState();
        if (state.equals(keyState)) {
            return;
        }
        keyState = state;
        try {
            Identity next = read(options.source());
            if (!next.equals(key.identity())) {
                key.show(next);
                shown();
            }
        } catch (TlsException e) {
            LOG.warn("the new certificate cannot be used and the one before stays: {}", e.getMessage());
        }
    }

    private void refreshTrust() {
        String state = trustState();
        if (trust.isEmpty() || options.clientCa().isEmpty() || state.equals(trustState)) {
            return;
        }
        trustState = state;
        try {
            trust.get().trust(KeyFiles.certificates(options.clientCa().get()));
            LOG.info(
                    "the authorities of clients were read anew from {}",
                    options.clientCa().get());
        } catch (TlsException e) {
            LOG.warn("the authorities of clients stay as they were: {}", e.getMessage());
        }
    }

    static Identity read(TlsSource source) throws TlsException {
        if (source instanceof TlsSource.Pem pem) {
            warnIfOpen(pem.key());
            return KeyFiles.read(pem);
        }
        if (source instanceof TlsSource.Pkcs12 store) {
            warnIfOpen(store.file());
            return KeyFiles.read(store);
        }
        return new OwnAuthority(((TlsSource.Own) source).folder()).identity();
    }

    private String keyState() {
        TlsSource source = options.source();
        if (source instanceof TlsSource.Pem pem) {
            return KeyFiles.state(pem.certificate()) + KeyFiles.state(pem.key());
        }
        if (source instanceof TlsSource.Pkcs12 store) {
            return KeyFiles.state(store.file());
        }
        return KeyFiles.state(new OwnAuthority(((TlsSource.Own) source).folder()).server());
    }

    private String trustState() {
        return options.clientCa().map(KeyFiles::state).orElse("");
    }

    private static void warnIfOpen(Path file) {
        if (KeyFiles.readableByOthers(file)) {
            LOG.warn("every user of this machine can read the private key in {}: chmod 600 it", file);
        }
    }

    private void shown() {
        Identity identity = key.identity();
        X509Certificate leaf = identity.leaf();
        LOG.info(
                "TLS with the certificate {}, valid until {}, for {}",
                leaf.getSubjectX500Principal().getName(),
                leaf.getNotAfter().toInstant(),
                String.join(", ", Names.of(leaf)));
        identity.missingIssuer()
                .ifPresent(issuer -> LOG.info(
                        "the chain ends with a certificate signed by {}, which clients have to know already", issuer));
        try {
            leaf.checkValidity(java.util.Date.from(clock.instant()));
        } catch (CertificateException e) {
            LOG.warn("the certificate is not valid now: {}", e.getMessage());
        }
        warnings.look(leaf, clock.instant(), advice());
    }

    private String advice() {
        return options.source() instanceof TlsSource.Own
                ? "it should have been renewed by now, see above why it was not"
                : "put a new one into " + options.source() + "; it is read without a restart";
    }
}
