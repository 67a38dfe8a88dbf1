package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.RegistryException;
import io.entrepot.proxy.remote.OutboundProxy.Kind;
import io.entrepot.proxy.remote.OutboundProxy.Server;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import io.entrepot.proxy.testkit.UpstreamContent;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The user and password of an outbound proxy are for it alone, whoever else asks for them. */
@Timeout(60)
class ProxyLoginTest {
    private static final String MANIFEST = "/v2/library/nginx/manifests/1";

    @TempDir
    static Path folder;

    private static RemoteOptions through(CountingProxy proxy) {
        return RemoteOptions.DEFAULT.withProxy(OutboundProxy.through(
                new Server(Kind.HTTP, "127.0.0.1", proxy.port(), CountingProxy.USER, CountingProxy.PASSWORD),
                List.of()));
    }

    private static ScriptedUpstream secure(Keys keys) throws Exception {
        return new ScriptedUpstream(new UpstreamContent(), Optional.of(keys.server()));
    }

    private static void assertUntold(ScriptedUpstream upstream) {
        assertThat(upstream.requests())
                .isNotEmpty()
                .allSatisfy(request ->
                        assertThat(request.header("Proxy-Authorization")).isEmpty());
    }

    /** Of the name for which the other end of the tunnel has a certificate. */
    private static HttpTransport transport(ScriptedUpstream upstream, Keys keys, CountingProxy proxy) throws Exception {
        return new HttpTransport(
                URI.create("https://registry.elsewhere.invalid:" + upstream.port()),
                through(proxy).withTrust(TrustOptions.SYSTEM.withAuthorities(keys.pem())));
    }

    @Test
    void a_registry_at_the_end_of_a_tunnel_may_not_ask_for_it() throws Exception {
        Keys keys = Keys.of(folder, "dns:registry.elsewhere.invalid");
        try (ScriptedUpstream upstream = secure(keys);
                CountingProxy proxy = CountingProxy.http(upstream.port());
                HttpTransport transport = transport(upstream, keys, proxy)) {
            upstream.on(
                    Match.any(), Fault.status(407).and(Fault.header("Proxy-Authenticate", "Basic realm=\"way out\"")));
            assertThat(OverHttp.failure(() -> OverHttp.status(transport, MANIFEST)))
                    .isInstanceOf(RegistryException.Unavailable.class)
                    .hasMessage("registry.elsewhere.invalid takes itself for an outbound proxy");
            assertUntold(upstream);
        }
    }

    @Test
    void nor_may_whoever_it_leads_to() throws Exception {
        Keys keys = Keys.of(folder, "dns:registry.elsewhere.invalid");
        try (ScriptedUpstream upstream = secure(keys);
                CountingProxy proxy = CountingProxy.http(upstream.port());
                HttpTransport transport = transport(upstream, keys, proxy)) {
            upstream.on(Match.path("/manifests/"), Fault.redirect(307, "/there"));
            upstream.on(Match.path("/there"), Fault.status(407));
            OverHttp.failure(() -> OverHttp.status(transport, MANIFEST));
            assertThat(upstream.count("GET", "/there")).isEqualTo(1);
            assertUntold(upstream);
        }
    }

    @Test
    void nor_may_a_token_endpoint() throws Exception {
        Keys keys = Keys.of(folder, "dns:registry.elsewhere.invalid");
        try (ScriptedUpstream upstream = secure(keys);
                CountingProxy proxy = CountingProxy.http(upstream.port());
                HttpTransport transport = transport(upstream, keys, proxy)) {
            upstream.on(
                    Match.path("/v2/"),
                    Fault.status(401).and(Fault.header("WWW-Authenticate", "Bearer realm=\"/token\",service=\"s\"")));
            upstream.on(Match.path("/token"), Fault.status(407));
            OverHttp.failure(() -> OverHttp.status(transport, MANIFEST));
            assertThat(upstream.count("GET", "/token")).isEqualTo(1);
            assertUntold(upstream);
        }
    }

    @Test
    void a_proxy_gets_plain_requests_once_with_its_login() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                CountingProxy proxy = CountingProxy.http(upstream.port());
                HttpTransport transport =
                        new HttpTransport(URI.create("http://registry.elsewhere.invalid"), through(proxy))) {
            assertThat(OverHttp.status(transport, MANIFEST)).isEqualTo(404);
            assertThat(OverHttp.status(transport, "/v2/")).isEqualTo(200);
            assertThat(proxy.passed).hasSize(2);
            assertThat(proxy.refused).isEmpty();
            assertUntold(upstream);
        }
    }
}
