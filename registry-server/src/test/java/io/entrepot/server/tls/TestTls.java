package io.entrepot.server.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A server's TLS with a certificate of its own authority, and clients that trust it, in a folder that goes away. */
public final class TestTls implements AutoCloseable {
    private final Path folder;
    private final Tls tls;
    private final SSLContext client;

    private TestTls(Path folder, Tls tls) throws GeneralSecurityException, IOException, TlsException {
        this.folder = folder;
        this.tls = tls;
        this.client = client(folder.resolve("tls/ca.crt"));
    }

    public static TestTls open() {
        try {
            Path folder = Files.createTempDirectory("entrepot-tls");
            return new TestTls(folder, Tls.open(TlsOptions.own(folder, List.of()), InstantSource.system()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | TlsException e) {
            throw new AssertionError(e);
        }
    }

    /** A client that trusts what is in {@code file}. */
    static SSLContext client(Path file, KeyManager... keys) throws GeneralSecurityException, IOException, TlsException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (var certificate : KeyFiles.certificates(file)) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    public Tls tls() {
        return tls;
    }

    public SSLContext client() {
        return client;
    }

    /** Speaks TLS on {@code socket}, which is closed with it, and checks the server's name. */
    public SSLSocket over(Socket socket) throws IOException {
        SSLSocket over = begin(socket);
        over.startHandshake();
        return over;
    }

    /** The same before the handshake. */
    public SSLSocket begin(Socket socket) throws IOException {
        SSLSocket over = (SSLSocket) client.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        SSLParameters parameters = over.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        over.setSSLParameters(parameters);
        return over;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        tls.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
