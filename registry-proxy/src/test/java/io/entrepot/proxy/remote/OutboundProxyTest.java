package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.proxy.remote.OutboundProxy.Kind;
import io.entrepot.proxy.remote.OutboundProxy.Server;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All that goes out goes by the way out that is set, with its login, and nothing of what is excluded does. */
@Timeout(60)
class OutboundProxyTest {
    private static final RepositoryName NGINX = new RepositoryName("library/nginx");
    private static final Tag V1 = new Tag("1");
    private static final Content CONFIG = Content.of("{}");
    private static final Content LAYER = Content.of("layer".repeat(10_000));

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Sample image = upstream.image("library/nginx", "1", CONFIG, LAYER);

    @AfterEach
    void close() {
        upstream.close();
    }

    private static Server server(Kind kind, CountingProxy proxy, String password) {
        return new Server(kind, "127.0.0.1", proxy.port(), CountingProxy.USER, password);
    }

    private void pull(URI root, OutboundProxy outbound) {
        try (RemoteRegistry remote = new RemoteRegistry(root, RemoteOptions.DEFAULT.withProxy(outbound))) {
            var repository = remote.repository(NGINX, Call.internal());
            assertThat(repository.manifest(V1).digest()).isEqualTo(image.digest());
            assertThat(Client.pull(repository, LAYER.digest())).isEqualTo(LAYER.bytes());
        }
    }

    /** Of a name that nobody here can look up. */
    private URI elsewhere() {
        return URI.create("http://registry.elsewhere.invalid:" + upstream.root().getPort());
    }

    @Test
    void a_socks_proxy_looks_names_up_itself_and_sees_all_that_goes_out() throws Exception {
        try (CountingProxy proxy = CountingProxy.socks(upstream.root().getPort())) {
            pull(elsewhere(), OutboundProxy.through(server(Kind.SOCKS5, proxy, CountingProxy.PASSWORD), List.of()));
            assertThat(proxy.passed).isNotEmpty().containsOnly(elsewhere().getRawAuthority());
            assertThat(proxy.refused).isEmpty();
        }
    }

    @Test
    void an_http_proxy_gets_its_login_and_sees_all_that_goes_out() throws Exception {
        try (CountingProxy proxy = CountingProxy.http(upstream.root().getPort())) {
            pull(elsewhere(), OutboundProxy.through(server(Kind.HTTP, proxy, CountingProxy.PASSWORD), List.of()));
            assertThat(proxy.passed)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .containsOnly(elsewhere().getRawAuthority());
            assertThat(upstream.requests())
                    .allSatisfy(request -> assertThat(request.toString()).doesNotContain("Proxy-Authorization"));
        }
    }

    @Test
    void what_is_excluded_goes_directly() throws Exception {
        for (String except : List.of(
                "127.0.0.1", "127.0.0.0/8", "127.0.0.1:" + upstream.root().getPort(), "*")) {
            try (CountingProxy proxy = CountingProxy.socks(upstream.root().getPort())) {
                Server server = server(Kind.SOCKS5, proxy, CountingProxy.PASSWORD);
                pull(upstream.root(), OutboundProxy.through(server, List.of("other.example", except)));
                assertThat(proxy.passed).as(except).isEmpty();
            }
        }
    }

    @Test
    void a_wrong_password_is_said_without_it() throws Exception {
        for (Kind kind : Kind.values()) {
            try (CountingProxy proxy = kind == Kind.HTTP
                            ? CountingProxy.http(upstream.root().getPort())
                            : CountingProxy.socks(upstream.root().getPort());
                    RemoteRegistry remote = new RemoteRegistry(
                            elsewhere(),
                            RemoteOptions.DEFAULT.withProxy(
                                    OutboundProxy.through(server(kind, proxy, "wr0ng"), List.of())))) {
                assertThatThrownBy(
                                () -> remote.repository(NGINX, Call.internal()).manifest(V1))
                        .isInstanceOf(RegistryException.Unavailable.class)
                        .hasMessageNotContaining("wr0ng");
                assertThat(proxy.passed).isEmpty();
                assertThat(proxy.refused).isNotEmpty().doesNotContain(System.getProperty("user.name"));
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_way_out_whose_name_nobody_knows_is_said_to_be_it() {
        for (Kind kind : Kind.values()) {
            Server nowhere = new Server(kind, "way-out.invalid", 3128, "u", "wr0ng");
            RemoteOptions options = RemoteOptions.DEFAULT.withProxy(OutboundProxy.through(nowhere, List.of()));
            try (HttpTransport transport = new HttpTransport(elsewhere(), options)) {
                assertThat(OverHttp.unavailable(transport, "/v2/"))
                        .hasMessageContaining("proxy way-out.invalid")
                        .hasMessageNotContaining("wr0ng");
            }
        }
    }

    @Test
    void a_way_out_that_is_closed_is_no_reason_to_go_another_way() throws Exception {
        int port;
        try (CountingProxy proxy = CountingProxy.http(1)) {
            port = proxy.port();
        }
        for (Kind kind : Kind.values()) {
            Server gone = new Server(kind, "127.0.0.1", port, "", "");
            try (RemoteRegistry remote = new RemoteRegistry(
                    upstream.root(), RemoteOptions.DEFAULT.withProxy(OutboundProxy.through(gone, List.of())))) {
                assertThatThrownBy(
                                () -> remote.repository(NGINX, Call.internal()).manifest(V1))
                        .isInstanceOf(RegistryException.Unavailable.class)
                        .hasMessageContaining("proxy 127.0.0.1");
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }
}
