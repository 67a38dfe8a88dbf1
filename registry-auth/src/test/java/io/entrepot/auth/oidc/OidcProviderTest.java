package io.entrepot.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.entrepot.core.testkit.SettableClock;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of a provider's description of itself and of its keys, and when it is asked for them again. */
@Timeout(60)
class OidcProviderTest {
    private static final String DESCRIPTION = "/.well-known/openid-configuration";
    private static final String KEYS = "/keys";

    private final SettableClock clock = new SettableClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final OidcProvider provider = provider(issuer, Optional.empty());

    @AfterEach
    void close() {
        issuer.close();
    }

    private OidcProvider provider(ScriptedIssuer of, Optional<Path> ca) {
        return new OidcProvider(of.issuer(), new Outbound(ca, false, Duration.ofSeconds(20)), clock);
    }

    private void fails(String why) {
        assertThatThrownBy(() -> provider.endpoint("token_endpoint"))
                .isInstanceOf(Outbound.FailedException.class)
                .hasMessageContaining(why);
    }

    private long asked(String path) {
        return issuer.asked.stream().filter(path::equals).count();
    }

    @Test
    void a_description_of_another_issuer_is_none() {
        issuer.description.put("issuer", issuer.issuer() + "/");

        fails("describes itself as another issuer");
    }

    @Test
    void a_redirect_leads_to_another_path_but_never_to_another_host() throws Exception {
        try (ScriptedIssuer other = new ScriptedIssuer(clock)) {
            issuer.lies.put(DESCRIPTION, ScriptedIssuer.redirect(URI.create(other.issuer() + DESCRIPTION)));
            fails("redirected to another origin");
            assertThat(other.asked).isEmpty();
        }
        clock.advance(Refreshed.FIRST_PAUSE);
        issuer.lies.put(DESCRIPTION, ScriptedIssuer.redirect(URI.create("/moved")));
        issuer.lies.put(
                "/moved",
                exchange -> ScriptedIssuer.send(
                        exchange,
                        200,
                        "{\"issuer\":\"" + issuer.issuer() + "\",\"token_endpoint\":\"https://moved.example/t\"}"));
        assertThat(provider.endpoint("token_endpoint")).hasHost("moved.example");
    }

    @Test
    void a_redirect_in_a_circle_ends() {
        issuer.lies.put(DESCRIPTION, ScriptedIssuer.redirect(URI.create(DESCRIPTION)));

        fails("redirected more than 3 times");
        assertThat(asked(DESCRIPTION)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null", "{\"issuer\":7}"})
    void a_description_that_is_no_description_is_none(String body) {
        issuer.lies.put(DESCRIPTION, exchange -> ScriptedIssuer.send(exchange, 200, body));

        assertThatThrownBy(() -> provider.endpoint("token_endpoint")).isInstanceOf(Outbound.FailedException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 401, 500, 503})
    void an_error_is_named(int status) {
        issuer.lies.put(DESCRIPTION, exchange -> ScriptedIssuer.send(exchange, status, "{}"));

        fails("status " + status);
    }

    @Test
    void a_huge_description_is_broken_off_and_a_slow_one_is_not_waited_for() {
        issuer.lies.put(DESCRIPTION, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] some = " ".repeat(64 << 10).getBytes();
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(some);
            }
        });
        fails("more than 1048576 bytes");

        issuer.lies.put(DESCRIPTION, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                for (int i = 0; i < 100; i++) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                    Thread.sleep(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        OidcProvider impatient =
                new OidcProvider(issuer.issuer(), new Outbound(Optional.empty(), false, Duration.ofSeconds(1)), clock);
        long began = System.nanoTime();
        assertThatThrownBy(() -> impatient.endpoint("token_endpoint")).hasMessageContaining("not answered within 1 s");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void an_issuer_must_be_https_unless_it_is_here() {
        assertThatThrownBy(() -> new OidcOptions(URI.create("http://login.example"), "c", Optional.empty()))
                .hasMessageContaining("must begin with https://");
        assertThatThrownBy(() -> new OidcOptions(URI.create("http://localhost.evil.example"), "c", Optional.empty()))
                .hasMessageContaining("must begin with https://");
        assertThatThrownBy(() -> new OidcOptions(URI.create("https://u:p@login.example"), "c", Optional.empty()))
                .hasMessageContaining("not an address of a provider");
        assertThat(new OidcOptions(URI.create("https://login.example"), "c", Optional.of("hidden")).toString())
                .doesNotContain("hidden");
    }

    @Test
    void the_description_is_read_again_each_hour_and_the_old_one_stays_while_that_fails() throws Exception {
        URI first = provider.endpoint("token_endpoint");
        provider.endpoint("token_endpoint");
        assertThat(asked(DESCRIPTION)).isEqualTo(1);

        issuer.lies.put(DESCRIPTION, exchange -> ScriptedIssuer.send(exchange, 500, "{}"));
        clock.advance(Refreshed.FRESH);
        for (int i = 0; i < 10; i++) {
            assertThat(provider.endpoint("token_endpoint")).isEqualTo(first);
        }
        assertThat(asked(DESCRIPTION)).isEqualTo(2);

        issuer.lies.clear();
        issuer.description.put("token_endpoint", issuer.issuer() + "/new");
        clock.advance(Refreshed.PAUSE);
        assertThat(provider.endpoint("token_endpoint")).hasPath("/new");
    }

    @Test
    void a_provider_that_was_never_reached_is_asked_every_five_seconds_at_most() throws Exception {
        issuer.lies.put(DESCRIPTION, exchange -> ScriptedIssuer.send(exchange, 500, "{}"));
        for (int i = 0; i < 10; i++) {
            fails("status 500");
        }
        assertThat(asked(DESCRIPTION)).isEqualTo(1);

        issuer.lies.clear();
        clock.advance(Refreshed.FIRST_PAUSE);
        assertThat(provider.endpoint("token_endpoint")).hasPath("/token");
    }

    @Test
    void a_new_key_is_found_at_once_and_a_flood_of_unknown_ones_asks_once_a_minute() throws Exception {
        issuer.shown = List.of(issuer.keys.rsa.toPublicJWK());
        assertThat(provider.keys().of("rsa-1")).hasSize(1);

        clock.advance(Refreshed.PAUSE);
        issuer.shown = issuer.keys.all();
        assertThat(provider.keys().of("ec-1")).hasSize(1);
        assertThat(asked(KEYS)).isEqualTo(2);

        for (int i = 0; i < 1000; i++) {
            assertThat(provider.keys().of("unknown-" + i)).isEmpty();
        }
        assertThat(asked(KEYS)).isEqualTo(2);
        clock.advance(Refreshed.PAUSE);
        provider.keys().of("unknown");
        assertThat(asked(KEYS)).isEqualTo(3);
    }

    @Test
    void a_key_that_was_taken_away_is_gone_within_the_hour() throws Exception {
        provider.keys().of("rsa-1");
        issuer.shown = List.of(issuer.keys.ec.toPublicJWK());
        clock.advance(Refreshed.FRESH);

        assertThat(provider.keys().of("rsa-1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"keys\":7}",
                "{\"keys\":[]}",
                "{\"keys\":[null]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"rsa-1\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\"},{\"kty\":\"new\"}]}"
            })
    void a_set_without_usable_keys_is_none(String body) {
        issuer.lies.put(KEYS, exchange -> ScriptedIssuer.send(exchange, 200, body));

        assertThatThrownBy(() -> provider.keys().of("rsa-1")).isInstanceOf(Outbound.FailedException.class);
    }

    @Test
    void a_private_ca_is_trusted_for_its_provider_and_strangers_are_not(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Path ca = selfSigned(store);
        SSLContext tls = tls(store);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        try (ScriptedIssuer secure = new ScriptedIssuer(clock, server) {
            @Override
            String scheme() {
                return "https";
            }
        }) {
            assertThat(provider(secure, Optional.of(ca)).endpoint("token_endpoint"))
                    .hasPath("/token");
            assertThatThrownBy(() -> provider(secure, Optional.empty()).endpoint("token_endpoint"))
                    .isInstanceOf(Outbound.FailedException.class);

            secure.description.put("token_endpoint", "http://127.0.0.1:1/token");
            assertThatThrownBy(() -> provider(secure, Optional.of(ca)).endpoint("token_endpoint"))
                    .hasMessageContaining("is not https");
        }
    }

    @Test
    void a_file_without_certificates_is_refused_by_name(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("ca.pem"), "");

        assertThatThrownBy(() -> new Outbound(Optional.of(empty), false, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ca.pem");
    }

    private static Path selfSigned(Path store) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=provider",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        byte[] der = keyStore(store).getCertificate("a").getEncoded();
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(store.resolveSibling("ca.pem"), pem);
    }

    private static KeyStore keyStore(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        return keys;
    }

    private static SSLContext tls(Path store) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keyStore(store), "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
