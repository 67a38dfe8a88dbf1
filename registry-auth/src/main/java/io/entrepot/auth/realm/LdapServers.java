package io.entrepot.auth.realm;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to a directory, kept for those who come next. While it is down everybody is told so at once, and it is tried
 * again every few seconds. Referrals are not followed: they would take passwords to other hosts.
 */
final class LdapServers implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration COMPLAIN = Duration.ofMinutes(1);
    private static final int MAX_MESSAGE = 4 << 20;
    private static final long MAX_AGE_MILLIS = TimeUnit.MINUTES.toMillis(10);
    private static final Logger LOG = LoggerFactory.getLogger(LdapServers.class);

    /** Asks over a connection that belongs to it until it returns, as the account that searches. */
    interface Question<T> {
        T ask(LDAPConnection connection) throws LDAPException;
    }

    private final LdapOptions options;
    private final InstantSource clock;
    private final LDAPConnectionPool pool;
    private final Semaphore connections;
    private volatile Instant downUntil = Instant.MIN;
    private volatile Instant complained = Instant.MIN;

    /**
     * Connects to nobody yet.
     *
     * @throws IllegalArgumentException if the file of CA certificates cannot be read
     */
    LdapServers(LdapOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.connections = new Semaphore(options.connections(), true);
        try {
            this.pool = pool(options);
        } catch (LDAPException e) {
            throw new IllegalArgumentException("the directory cannot be used: " + e.getMessage(), e);
        }
    }

    private static LDAPConnectionPool pool(LdapOptions options) throws LDAPException {
        Optional<SSLContext> tls =
                options.isSecure() || options.startTls() ? Optional.of(tls(options.caFile())) : Optional.empty();
        Optional<PostConnectProcessor> startTls =
                options.startTls() ? tls.map(StartTLSPostConnectProcessor::new) : Optional.empty();
        BindRequest account = options.account()
                .map(a -> new SimpleBindRequest(a.dn(), a.password()))
                .orElseGet(SimpleBindRequest::new);
        LDAPConnectionPool pool =
                new LDAPConnectionPool(servers(options, tls), account, 0, options.connections(), nullable(startTls));
        pool.setMaxConnectionAgeMillis(MAX_AGE_MILLIS);
        return pool;
    }

    private static FailoverServerSet servers(LdapOptions options, Optional<SSLContext> tls) {
        String[] hosts = options.urls().stream().map(LdapServers::host).toArray(String[]::new);
        int[] ports = options.urls().stream().mapToInt(LdapServers::port).toArray();
        SocketFactory sockets = options.isSecure() ? tls.orElseThrow().getSocketFactory() : SocketFactory.getDefault();
        FailoverServerSet servers = new FailoverServerSet(hosts, ports, sockets, connection(options));
        servers.setReOrderOnFailover(true);
        return servers;
    }

    private static LDAPConnectionOptions connection(LdapOptions options) {
        LDAPConnectionOptions connection = new LDAPConnectionOptions();
        connection.setConnectTimeoutMillis((int) options.connectTimeout().toMillis());
        connection.setResponseTimeoutMillis(options.responseTimeout().toMillis());
        connection.setFollowReferrals(false);
        connection.setUseSynchronousMode(true);
        connection.setMaxMessageSize(MAX_MESSAGE);
        connection.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        return connection;
    }

    private static String host(URI url) {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : LdapOptions.isSecure(url) ? 636 : 389;
    }

    private static SSLContext tls(Optional<Path> caFile) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, caFile.isPresent() ? trust(caFile.get()) : null, null);
            return tls;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "the directory's CA certificates cannot be read from "
                            + caFile.map(Path::toString).orElse("the JDK"),
                    e);
        }
    }

    private static TrustManager[] trust(Path caFile) throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
            int number = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                authorities.setCertificateEntry("ca" + number++, authority);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return factory.getTrustManagers();
    }

    private static <T> @Nullable T nullable(Optional<T> value) {
        return value.orElse(null);
    }

    /**
     * What the question has to say.
     *
     * @param binds whether it binds the connection to somebody else
     * @throws RegistryException.Unavailable if the directory cannot be asked now, or refuses the account that searches
     */
    <T> T ask(Question<T> question, boolean binds) {
        if (clock.instant().isBefore(downUntil)) {
            throw unavailable(Optional.empty());
        }
        enter();
        try {
            return askOnceMore(question, binds);
        } catch (LDAPException e) {
            if (!e.getResultCode().isConnectionUsable()) {
                downUntil = clock.instant().plus(PAUSE);
            }
            complain(e);
            throw unavailable(Optional.of(e));
        } finally {
            connections.release();
        }
    }

    private void enter() {
        try {
            if (connections.tryAcquire(options.responseTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new RegistryException.Unavailable(
                ErrorCode.TOOMANYREQUESTS, "too many logins at once: try again in a moment", Optional.of(PAUSE), null);
    }

    /** What was kept may have been closed by the other side, for idleness or a restart: then over a new connection. */
    private <T> T askOnceMore(Question<T> question, boolean binds) throws LDAPException {
        try {
            return askOnce(question, binds);
        } catch (LDAPException e) {
            if (!e.getResultCode().equals(ResultCode.SERVER_DOWN)) {
                throw e;
            }
            pool.shrinkPool(0);
            return askOnce(question, binds);
        }
    }

    private <T> T askOnce(Question<T> question, boolean binds) throws LDAPException {
        LDAPConnection connection = pool.getConnection();
        boolean usable = false;
        try {
            T answer = question.ask(connection);
            usable = true;
            return answer;
        } catch (LDAPException e) {
            usable = e.getResultCode().isConnectionUsable();
            throw e;
        } finally {
            if (!usable) {
                pool.releaseDefunctConnection(connection);
            } else if (binds) {
                pool.releaseAndReAuthenticateConnection(connection);
            } else {
                pool.releaseConnection(connection);
            }
        }
    }

    private void complain(LDAPException e) {
        Instant now = clock.instant();
        if (complained.equals(Instant.MIN) || !now.isBefore(complained.plus(COMPLAIN))) {
            complained = now;
            LOG.warn("the directory {} cannot be asked: {}", options.urls(), e.getResultCode(), e);
        }
    }

    private static RegistryException unavailable(Optional<LDAPException> cause) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE,
                "the directory of users cannot be asked now: try again in a moment",
                Optional.of(PAUSE),
                nullable(cause));
    }

    @Override
    public void close() {
        pool.close();
    }
}
