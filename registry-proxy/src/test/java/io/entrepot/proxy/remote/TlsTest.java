package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedTokenServer;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import io.entrepot.proxy.testkit.UpstreamContent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom we believe to be the registry, who we are to it, and that nothing goes on in the clear that began under cover. */
@Timeout(60)
class TlsTest {
    private static final String MANIFEST = "/v2/library/nginx/manifests/1";
    private static final Credential ALICE = OverHttp.ALICE;

    @TempDir
    static Path folder;

    private final UpstreamContent content = new UpstreamContent();

    private ScriptedUpstream upstream(Keys keys) throws Exception {
        return new ScriptedUpstream(content, Optional.of(keys.server()));
    }

    private static RemoteOptions trusting(Keys keys) throws Exception {
        return RemoteOptions.DEFAULT.withTrust(TrustOptions.SYSTEM.withAuthorities(keys.pem()));
    }

    private static int status(URI root, RemoteOptions options) {
        try (HttpTransport transport = new HttpTransport(root, options)) {
            return OverHttp.status(transport, MANIFEST);
        }
    }

    private static RegistryException refusal(URI root, RemoteOptions options) {
        return OverHttp.failure(() -> status(root, options));
    }

    @Test
    void an_authority_of_ones_own_is_trusted_beside_those_of_the_system() throws Exception {
        Keys keys = Keys.of(folder, "ip:127.0.0.1");
        try (ScriptedUpstream upstream = upstream(keys)) {
            assertThat(status(upstream.root(), trusting(keys))).isEqualTo(404);
        }
    }

    @Test
    void nobody_else_is_believed_and_the_reason_is_said() throws Exception {
        Keys keys = Keys.of(folder, "ip:127.0.0.1");
        try (ScriptedUpstream upstream = upstream(keys)) {
            for (RemoteOptions options :
                    List.of(RemoteOptions.DEFAULT, trusting(Keys.of(folder, "ip:127.0.0.1,dns:other")))) {
                assertThat(refusal(upstream.root(), options.withCredentials(CredentialProvider.of(ALICE))))
                        .isInstanceOf(RegistryException.Unavailable.class)
                        .hasMessageContaining("its certificate is of no authority that is trusted here")
                        .hasNoCause();
            }
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void a_certificate_for_another_name_is_none_for_this() throws Exception {
        Keys keys = Keys.of(folder, "dns:registry.example");
        try (ScriptedUpstream upstream = upstream(keys)) {
            assertThat(refusal(upstream.root(), trusting(keys)))
                    .hasMessageContaining("its certificate is for another name")
                    .hasNoCause();
        }
    }

    @Test
    void one_whose_time_is_over_is_said_to_be() {
        SSLHandshakeException failure = new SSLHandshakeException("PKIX path validation failed");
        failure.initCause(new CertPathValidatorException("no", new CertificateExpiredException("yesterday")));
        assertThat(Failures.of("r.example", Optional.empty(), failure))
                .hasMessage("r.example cannot be reached: its certificate has expired")
                .hasNoCause();
    }

    @Test
    void whoever_switches_it_off_believes_anybody_who_is_the_upstream() throws Exception {
        Keys keys = Keys.of(folder, "dns:registry.example");
        RemoteOptions insecure = RemoteOptions.DEFAULT.withTrust(TrustOptions.SYSTEM.withInsecure(true));
        try (ScriptedUpstream upstream = upstream(keys);
                ScriptedUpstream cdn = upstream(keys)) {
            assertThat(status(upstream.root(), insecure)).isEqualTo(404);
            upstream.on(Match.any(), Fault.redirect(307, "https://localhost:" + cdn.port() + "/x"));
            // Somebody else, wherever he is: he is not allowed here, and not believed if he is on the internet.
            assertThat(refusal(upstream.root(), insecure)).hasMessageContaining("localhost");
            assertThat(cdn.requests()).isEmpty();
            assertThat(insecure.toString()).contains("INSECURE");
        }
    }

    @Test
    void a_certificate_of_ours_is_shown_to_whoever_demands_one() throws Exception {
        Keys keys = Keys.of(folder, "ip:127.0.0.1");
        Keys ours = Keys.of(folder, "dns:us.example");
        try (ScriptedUpstream upstream = new ScriptedUpstream(content, Optional.of(keys.server(ours)))) {
            upstream.demandCertificates();
            TrustOptions trust = TrustOptions.SYSTEM.withAuthorities(keys.pem());
            RemoteOptions with = RemoteOptions.DEFAULT.withTrust(trust.withClient(ours.store(), Keys.PASSWORD));
            assertThat(status(upstream.root(), with)).isEqualTo(404);
            assertThat(refusal(upstream.root(), RemoteOptions.DEFAULT.withTrust(trust)))
                    .isInstanceOf(RegistryException.Unavailable.class)
                    .hasMessageContaining("127.0.0.1 cannot be reached");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void what_is_no_certificate_is_said() {
        byte[] text = "-----BEGIN".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> TrustOptions.SYSTEM.withAuthorities(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("certificate");
        assertThatThrownBy(() -> TrustOptions.SYSTEM.withAuthorities(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no certificate");
        assertThatThrownBy(() ->
                        TrustOptions.SYSTEM.withClient(Keys.of(folder, "dns:x").store(), "wr0ng".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void from_https_nothing_leads_to_http() throws Exception {
        Keys keys = Keys.of(folder, "ip:127.0.0.1");
        try (ScriptedUpstream upstream = upstream(keys);
                ScriptedUpstream plain = new ScriptedUpstream(content);
                ScriptedTokenServer tokens = new ScriptedTokenServer()) {
            RemoteOptions options = trusting(keys).withCredentials(CredentialProvider.of(ALICE));
            upstream.on(Match.get(MANIFEST), Fault.redirect(307, plain.url(MANIFEST) + "?signature=s3cret-canary"));
            assertThat(refusal(upstream.root(), options))
                    .hasMessageContaining("from https to http")
                    .hasNoCause();
            try (HttpTransport transport = new HttpTransport(upstream.root(), options)) {
                Outgoing link = Outgoing.of("GET", plain.url("/v2/x"), OverHttp.SCOPES);
                assertThat(OverHttp.failure(() -> transport.send(link).close()))
                        .hasMessageContaining("from https to http");
            }
            upstream.forgetRules();
            upstream.requireBearer(tokens);
            assertThat(refusal(upstream.root(), options))
                    .hasMessageContaining(tokens.root().toString())
                    .hasMessageContaining("over http none is asked")
                    .hasNoCause();
            assertThat(plain.requests()).isEmpty();
            assertThat(tokens.requests()).isEmpty();
        }
    }

    @Test
    void a_token_endpoint_on_the_same_host_is_trusted_as_the_registry_is() throws Exception {
        Keys keys = Keys.of(folder, "ip:127.0.0.1");
        try (ScriptedUpstream upstream = upstream(keys);
                ScriptedTokenServer tokens =
                        new ScriptedTokenServer(Optional.of(keys.server()), InstantSource.system())) {
            upstream.requireBearer(tokens.onlyFor("alice", OverHttp.SECRET));
            assertThat(status(upstream.root(), trusting(keys).withCredentials(CredentialProvider.of(ALICE))))
                    .isEqualTo(404);
        }
    }

    // Through an outbound proxy

    @Test
    void a_tunnel_gets_the_proxys_login_at_once_and_the_registry_never() throws Exception {
        Keys keys = Keys.of(folder, "dns:registry.elsewhere.invalid");
        try (ScriptedUpstream upstream = upstream(keys);
                CountingProxy proxy = CountingProxy.http(upstream.port())) {
            URI root = URI.create("https://registry.elsewhere.invalid:" + upstream.port());
            assertThat(status(root, trusting(keys).withProxy(through(proxy, CountingProxy.PASSWORD))))
                    .isEqualTo(404);
            assertThat(proxy.passed).containsExactly(root.getRawAuthority());
            assertThat(proxy.refused).isEmpty();
            assertThat(upstream.requests())
                    .singleElement()
                    .satisfies(seen ->
                            assertThat(seen.header("Proxy-Authorization")).isEmpty());
        }
    }

    @Test
    void a_tunnel_that_is_not_opened_is_said_with_the_proxys_name_and_not_tried_again() throws Exception {
        try (CountingProxy proxy = CountingProxy.http(1)) {
            URI root = URI.create("https://registry.elsewhere.invalid");
            assertThat(refusal(root, RemoteOptions.DEFAULT.withProxy(through(proxy, OverHttp.SECRET))))
                    .hasMessage("registry.elsewhere.invalid cannot be reached: the outbound proxy 127.0.0.1 does not"
                            + " let us through to it")
                    .hasNoCause();
            assertThat(proxy.passed).isEmpty();
        }
    }

    private static OutboundProxy through(CountingProxy proxy, String password) {
        return OutboundProxy.through(
                new OutboundProxy.Server(
                        OutboundProxy.Kind.HTTP, "127.0.0.1", proxy.port(), CountingProxy.USER, password),
                List.of());
    }
}
