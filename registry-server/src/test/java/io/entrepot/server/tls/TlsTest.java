package io.entrepot.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.server.connector.Connector;
import io.entrepot.server.connector.ConnectorException;
import io.entrepot.server.connector.ConnectorOptions;
import io.entrepot.server.connector.IoThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates in use: over real connections, seen by Java and by OpenSSL. */
@Timeout(90)
class TlsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final IoThreads io = IoThreads.open(2);
    private OpenSsl openssl;

    @BeforeEach
    void open() {
        openssl = new OpenSsl(folder);
    }

    @AfterEach
    void close() {
        io.close();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private TlsOptions pem(String certificate, String key) {
        return TlsOptions.pem(file(certificate), file(key), Optional.empty());
    }

    private InstantSource clock() {
        return now::get;
    }

    /** Answers with the client's name, or "nobody". */
    private Connector serving(Tls tls) throws ConnectorException {
        return Connector.open(
                new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0)).with(tls),
                io,
                exchange -> exchange.getResponseSender()
                        .send(name(exchange.getConnection().getSslSession())));
    }

    private static String name(SSLSession session) {
        try {
            return session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private static SSLSocket connect(SSLContext client, Connector connector) throws IOException {
        SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket("127.0.0.1", connector.address().getPort());
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static String ask(SSLContext client, Connector connector) throws IOException {
        try (SSLSocket socket = connect(client, connector)) {
            socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String shown(SSLContext client, Connector connector) throws IOException {
        try (SSLSocket socket = connect(client, connector)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private void replace(String name, String by) throws IOException {
        Files.copy(file(by), file(name + ".tmp"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(file(name + ".tmp"), file(name), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void openssl_sees_the_whole_chain_and_trusts_it_by_its_root() throws Exception {
        openssl.chain().join("server", "leaf.crt", "sub.crt");
        try (Tls tls = Tls.open(pem("server", "leaf.key"), clock());
                Connector connector = serving(tls)) {
            String at = "s_client -connect 127.0.0.1:" + connector.address().getPort() + " -verify_return_error ";
            OpenSsl.Output trusted = openssl.output(at + "-CAfile root.crt -verify_ip 127.0.0.1", GET);
            assertThat(trusted.text()).contains("Verify return code: 0 (ok)", "CN = sub", "TLSv1.3");
            assertThat(trusted.code()).isZero();
            assertThat(openssl.output(at + "-CAfile root.crt -tls1_2", GET).text())
                    .contains("Protocol  : TLSv1.2", "Verify return code: 0 (ok)");
            for (String old : List.of("-tls1_1", "-tls1")) {
                assertThat(openssl.output(at + "-CAfile root.crt -cipher ALL:@SECLEVEL=0 " + old, GET)
                                .code())
                        .as(old)
                        .isNotZero();
            }
        }
    }

    @Test
    void openssl_trusts_ours_by_its_authority_and_by_the_saved_certificate_alone() throws Exception {
        try (Tls tls = Tls.open(TlsOptions.own(folder, List.of("reg.example")), clock());
                Connector connector = serving(tls)) {
            String at = "s_client -connect 127.0.0.1:" + connector.address().getPort() + " ";
            assertThat(openssl.output(at + "-verify_return_error -CAfile tls/ca.crt -verify_hostname reg.example", GET)
                            .text())
                    .contains("Verify return code: 0 (ok)");
            String saved = openssl.output(at + "-showcerts", "").text();
            Files.writeString(
                    file("saved"),
                    saved.substring(saved.indexOf("-----BEGIN"), saved.indexOf("-----END CERTIFICATE-----") + 26));
            assertThat(openssl.output(
                                    at + "-verify_return_error -partial_chain -CAfile saved -verify_ip 127.0.0.1", GET)
                            .text())
                    .contains("Verify return code: 0 (ok)");
            assertThat(ask(TestTls.client(file("saved")), connector)).endsWith("nobody");
            assertThat(ask(TestTls.client(file("tls/ca.crt")), connector)).endsWith("nobody");
            assertThat(tls.caCertificate()).contains(Files.readString(file("tls/ca.crt")));
            assertThat(tls.names()).contains("reg.example", "localhost", "127.0.0.1");
        }
    }

    @Test
    void a_new_certificate_is_shown_without_a_restart_while_requests_go_on() throws Exception {
        openssl.certificate("one", "one.key", "one.crt").certificate("two", "two.key", "two.crt");
        openssl.join("both", "one.crt", "two.crt");
        replace("crt", "one.crt");
        replace("key", "one.key");
        try (Tls tls = Tls.open(pem("crt", "key"), clock());
                Connector connector = serving(tls)) {
            SSLContext client = TestTls.client(file("both"));
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread traffic = new Thread(() -> {
                try {
                    while (!stop.get()) {
                        assertThat(ask(TestTls.client(file("both")), connector)).endsWith("nobody");
                        answered.incrementAndGet();
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            traffic.start();
            assertThat(shown(client, connector)).isEqualTo("CN=one");
            for (int i = 0; i < 10; i++) {
                replace("crt", i % 2 == 0 ? "two.crt" : "one.crt");
                tls.refresh(); // half of the change: the pair does not match, and nothing changes
                replace("key", i % 2 == 0 ? "two.key" : "one.key");
                tls.refresh();
                assertThat(shown(TestTls.client(file("both")), connector)).isEqualTo(i % 2 == 0 ? "CN=two" : "CN=one");
            }
            Files.writeString(file("crt"), "nonsense");
            tls.refresh();
            assertThat(shown(TestTls.client(file("both")), connector)).isEqualTo("CN=one");
            Files.delete(file("crt"));
            tls.refresh();
            assertThat(shown(TestTls.client(file("both")), connector)).isEqualTo("CN=one");
            stop.set(true);
            traffic.join();
            assertThat(failure.get()).isNull();
            assertThat(answered.get()).isPositive();
        }
    }

    @Test
    void files_are_looked_at_by_themselves() throws Exception {
        openssl.certificate("one", "one.key", "one.crt").certificate("two", "two.key", "two.crt");
        openssl.join("pem", "one.crt", "one.key")
                .join("next", "two.crt", "two.key")
                .join("both", "one.crt", "two.crt");
        try (Tls tls = Tls.open(pem("pem", "pem"), clock());
                Connector connector = serving(tls)) {
            replace("pem", "next");
            long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            String name = "";
            while (!name.equals("CN=two") && System.nanoTime() < until) {
                Thread.sleep(200);
                name = shown(TestTls.client(file("both")), connector);
            }
            assertThat(name).isEqualTo("CN=two");
        }
    }

    @Test
    void ours_is_renewed_in_time_without_a_restart() throws Exception {
        now.set(now.get().minus(Duration.ofDays(370)));
        try (Tls tls = Tls.open(TlsOptions.own(folder, List.of()), clock());
                Connector connector = serving(tls)) {
            OwnAuthority authority = new OwnAuthority(file("tls"));
            X509Certificate first = authority.certificate();
            now.set(now.get().plus(Duration.ofDays(360)));
            tls.refresh();
            assertThat(authority.certificate()).isEqualTo(first);
            now.set(now.get().plus(Duration.ofDays(10)));
            tls.refresh();
            assertThat(authority.certificate()).isNotEqualTo(first);
            try (SSLSocket socket = connect(TestTls.client(file("tls/ca.crt")), connector)) {
                socket.startHandshake();
                assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(authority.certificate());
            }
        }
    }

    @Test
    void clients_may_show_a_certificate_of_a_known_authority_and_no_other() throws Exception {
        openssl.chain();
        openssl.certificate("stranger", "s.key", "s.crt");
        openssl.join("ca", "root.crt", "sub.crt");
        openssl.run("pkcs12 -export -in leaf.crt -inkey leaf.key -certfile ca -passout pass:secret -out good.p12");
        openssl.run("pkcs12 -export -in s.crt -inkey s.key -passout pass:secret -out bad.p12");
        try (Tls tls = Tls.open(TlsOptions.own(folder, List.of()).withClientCa(file("root.crt")), clock());
                Connector connector = serving(tls)) {
            Path ca = file("tls/ca.crt");
            assertThat(ask(TestTls.client(ca), connector)).endsWith("nobody");
            SSLContext known = TestTls.client(ca, keys("good.p12"));
            assertThat(ask(known, connector)).endsWith("CN=leaf");
            assertThat(ask(known, connector)).as("resumed").endsWith("CN=leaf");
            // Java's client keeps a certificate to itself that nobody asks for; another one's would be refused.
            assertThat(openssl.output(
                                    "s_client -connect 127.0.0.1:"
                                            + connector.address().getPort()
                                            + " -CAfile tls/ca.crt -cert s.crt -key s.key -quiet",
                                    GET)
                            .text())
                    .doesNotContain("200 OK");
            replace("root.crt", "s.crt");
            tls.refresh();
            assertThat(ask(TestTls.client(ca, keys("bad.p12")), connector)).endsWith("CN=stranger");
        }
    }

    private KeyManager[] keys(String name) throws Exception {
        java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file(name))) {
            store.load(in, "secret".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, "secret".toCharArray());
        return factory.getKeyManagers();
    }

    @Test
    void what_cannot_be_used_does_not_start() throws Exception {
        openssl.certificate("one", "one.key", "one.crt").certificate("two", "two.key", "two.crt");
        assertThatThrownBy(() -> Tls.open(pem("one.crt", "two.key"), clock()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("does not match");
        assertThatThrownBy(() -> Tls.open(pem("one.crt", "one.key").withClientCa(file("none")), clock()))
                .hasMessageContaining("none does not exist");
    }
}
