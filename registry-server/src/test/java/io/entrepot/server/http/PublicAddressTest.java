package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
    private static final String LOCAL = "http://192.0.2.10:5000";

    private final PublicAddress behind = PublicAddress.behind(TrustedProxies.LOCAL);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                // the sample's nginx: Host has lost its port
                "Host: reg.example; X-Forwarded-Proto: https; X-Forwarded-Port: 8443 | https://reg.example:8443",
                "Host: reg.example; X-Forwarded-Proto: https; X-Forwarded-Port: 443 | https://reg.example",
                "Host: 192.0.2.7; X-Forwarded-Proto: https; X-Forwarded-Port: 8443 | https://192.0.2.7:8443",
                "Host: [2001:db8::1]; X-Forwarded-Proto: https; X-Forwarded-Port: 8443 | https://[2001:db8::1]:8443",
                "Host: reg.example; X-Forwarded-Proto: http; X-Forwarded-Port: 8080 | http://reg.example:8080",
                // nginx with $http_host: the port is there already
                "Host: reg.example:8443; X-Forwarded-Proto: https; X-Forwarded-Port: 443 | https://reg.example:8443",
                // TLS ended one proxy earlier
                "Host: reg.example; X-Forwarded-Proto: https; X-Forwarded-Port: 80 | https://reg.example",
                "Host: a; X-Forwarded-Host: reg.example; X-Forwarded-Proto: https | https://reg.example",
                "Host: a; X-Forwarded-Host: reg.example:444, b; X-Forwarded-Proto: https, http | https://reg.example:444",
                "Host: a; X-Forwarded-Proto: HTTPS | https://a",
                "Host: a:5000 | http://a:5000",
                "Host: a | http://a",
                "Host: REG.example | http://reg.example",
                "'' | http://192.0.2.10:5000",
                "X-Forwarded-Proto: https | http://192.0.2.10:5000",
                "Host: a; X-Forwarded-Proto: ftp | http://a",
                "Host: a; X-Forwarded-Proto: https; X-Forwarded-Port: 0 | https://a",
                "Host: a; X-Forwarded-Proto: https; X-Forwarded-Port: 65536 | https://a",
                "Host: a; X-Forwarded-Proto: https; X-Forwarded-Port: -1 | https://a",
                "Host: a; X-Forwarded-Host: evil@b | http://a",
                "Host: a; X-Forwarded-Host: \"b\" | http://a",
            })
    void a_trusted_proxy_says_how_it_was_reached(String headers, String url) throws Exception {
        assertThat(of("127.0.0.1", headers)).hasToString(url);
    }

    @Test
    void the_standard_header_says_so_too() throws Exception {
        HeaderMap headers = new HeaderMap();
        headers.put(new HttpString("Host"), "a");
        headers.put(new HttpString("Forwarded"), "for=1.1.1.1;host=\"reg.example:8443\";proto=https, for=10.0.0.1");
        assertThat(of("127.0.0.1", headers)).hasToString("https://reg.example:8443");
        assertThat(of("192.0.2.1", headers)).hasToString("http://a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Host: a:5000; X-Forwarded-Proto: https; X-Forwarded-Host: evil; X-Forwarded-Port: 1 | http://a:5000",
                "Host: a | http://a",
                "'' | http://192.0.2.10:5000",
            })
    void nobody_else_does(String headers, String url) throws Exception {
        assertThat(of("192.0.2.1", headers)).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a\"b",
                "a'b",
                "a<b",
                "a\r\nX: y",
                "a\tb",
                "user@a",
                "user:secret@a",
                "a/b",
                "a\\b",
                "a?b",
                "a#b",
                "a%20b",
                "a:",
                "a:0",
                "a:65536",
                "a:99999999999",
                "a:b",
                ":80",
                "-a",
                "[::1",
                "[::1]x",
                "[fe80::1%eth0]",
                "[:::]",
                "[1.2.3.4]",
                "é",
                "\u0000"
            })
    void hostile_hosts_never_get_into_it(String host) throws Exception {
        HeaderMap headers = new HeaderMap();
        headers.put(new HttpString("Host"), host);
        assertThat(of("192.0.2.1", headers)).hasToString(LOCAL);
        headers.put(new HttpString("X-Forwarded-Host"), host);
        assertThat(of("127.0.0.1", headers)).hasToString(LOCAL);
        headers.put(new HttpString("X-Forwarded-Host"), "a".repeat(256));
        assertThat(of("127.0.0.1", headers)).hasToString(LOCAL);
    }

    @Test
    void two_hosts_are_none() throws Exception {
        HeaderMap headers = new HeaderMap();
        headers.add(new HttpString("Host"), "a").add(new HttpString("Host"), "b");
        assertThat(of("192.0.2.1", headers)).hasToString(LOCAL);
    }

    @Test
    void a_connection_by_ipv6_is_named_by_its_address() throws Exception {
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByName("fe80::1%1"), 5000);
        PublicAddress.Seen seen = new PublicAddress.Seen(InetAddress.getByName("::1"), local, "https", new HeaderMap());
        assertThat(behind.of(seen)).hasToString("https://[fe80:0:0:0:0:0:0:1]:5000");
    }

    @ParameterizedTest
    @CsvSource({
        "https://reg.example, https://reg.example",
        "https://reg.example:443/, https://reg.example",
        "HTTPS://Reg.example:8443, https://reg.example:8443",
        "http://[::1]:5000, http://[::1]:5000",
    })
    void the_configured_one_counts_before_all(String configured, String url) throws Exception {
        HeaderMap headers = new HeaderMap();
        headers.put(new HttpString("Host"), "evil");
        headers.put(new HttpString("X-Forwarded-Host"), "evil");
        assertThat(PublicAddress.fixed(URI.create(configured))
                        .of(new PublicAddress.Seen(
                                InetAddress.getByName("127.0.0.1"),
                                new InetSocketAddress("127.0.0.1", 5000),
                                "http",
                                headers)))
                .hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reg.example",
                "//reg.example",
                "ftp://reg.example",
                "https://reg.example/path",
                "https://reg.example/?q",
                "https://reg.example#f",
                "https://user@reg.example",
                "https:///",
                "mailto:a@b"
            })
    void a_configured_one_that_no_client_could_use_is_refused(String configured) {
        assertThatThrownBy(() -> PublicAddress.fixed(URI.create(configured)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://registry.example.com:8443");
    }

    private URI of(String peer, String headers) throws Exception {
        HeaderMap map = new HeaderMap();
        for (String header : headers.split("; ")) {
            int colon = header.indexOf(": ");
            if (colon > 0) {
                map.add(new HttpString(header.substring(0, colon)), header.substring(colon + 2));
            }
        }
        return of(peer, map);
    }

    private URI of(String peer, HeaderMap headers) throws Exception {
        return behind.of(new PublicAddress.Seen(
                InetAddress.getByName(peer),
                new InetSocketAddress(InetAddress.getByName("192.0.2.10"), 5000),
                "http",
                headers));
    }
}
