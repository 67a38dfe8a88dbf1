package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    private final ClientAddress addresses =
            new ClientAddress(new TrustedProxies(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1"))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1 | 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 198.51.100.1, 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 203.0.113.9, 10.0.0.2, 10.0.0.3 | 203.0.113.9",
                "10.0.0.1 | 10.0.0.9, 10.0.0.2 | 10.0.0.9",
                "10.0.0.1 | 203.0.113.9:4711 | 203.0.113.9",
                "10.0.0.1 | [2001:db8::1]:4711 | 2001:db8::1",
                "10.0.0.1 | 2001:db8::1 | 2001:db8::1",
                "10.0.0.1 | ::ffff:203.0.113.9 | 203.0.113.9",
                "::1      | 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 203.0.113.9, unknown | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9, evil.example, 10.0.0.5 | 10.0.0.5",
                "10.0.0.1 | , | 10.0.0.1",
                "10.0.0.1 | 1.2.3 | 10.0.0.1",
                "192.0.2.1 | 203.0.113.9 | 192.0.2.1",
                "127.0.0.1 | 203.0.113.9 | 127.0.0.1",
            })
    void the_last_untrusted_address_counts_if_the_peer_is_trusted(String peer, String chain, String client)
            throws Exception {
        assertThat(of(peer, "X-Forwarded-For", chain)).isEqualTo(InetAddress.getByName(client));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=203.0.113.9;proto=https | 203.0.113.9",
                "for=198.51.100.1, For=\"203.0.113.9:99\" | 203.0.113.9",
                "for=\"[2001:db8::1]:99\";by=10.0.0.1, for=10.0.0.2 | 2001:db8::1",
                "for=_hidden | 10.0.0.1",
                "for=unknown | 10.0.0.1",
                "proto=https | 10.0.0.1",
                "for=203.0.113.9;for=1.1.1.1 | 10.0.0.1",
                "for | 10.0.0.1",
                "for=\"203.0.113.9 | 10.0.0.1",
            })
    void the_standard_header_is_read_too(String forwarded, String client) throws Exception {
        assertThat(of("10.0.0.1", "Forwarded", forwarded)).isEqualTo(InetAddress.getByName(client));
    }

    @Test
    void a_client_cannot_override_what_its_proxy_wrote_by_another_header() throws Exception {
        HeaderMap headers = new HeaderMap();
        headers.put(new HttpString("X-Forwarded-For"), "203.0.113.9");
        headers.put(new HttpString("Forwarded"), "for=1.1.1.1");
        headers.put(new HttpString("X-Real-IP"), "1.1.1.1");
        assertThat(addresses.of(InetAddress.getByName("10.0.0.1"), headers))
                .isEqualTo(InetAddress.getByName("203.0.113.9"));
    }

    @Test
    void the_real_ip_counts_if_there_is_nothing_else() throws Exception {
        assertThat(of("10.0.0.1", "X-Real-IP", "203.0.113.9")).isEqualTo(InetAddress.getByName("203.0.113.9"));
        assertThat(of("10.0.0.1", "X-Real-IP", "localhost")).isEqualTo(InetAddress.getByName("10.0.0.1"));
        assertThat(of("192.0.2.1", "X-Real-IP", "203.0.113.9")).isEqualTo(InetAddress.getByName("192.0.2.1"));
    }

    @Test
    void several_header_lines_are_one_chain_and_a_long_one_ends() throws Exception {
        HeaderMap headers = new HeaderMap();
        headers.add(new HttpString("X-Forwarded-For"), "198.51.100.1");
        headers.add(new HttpString("X-Forwarded-For"), "203.0.113.9");
        assertThat(addresses.of(InetAddress.getByName("10.0.0.1"), headers))
                .isEqualTo(InetAddress.getByName("203.0.113.9"));
        assertThat(of("10.0.0.1", "X-Forwarded-For", "203.0.113.9" + ",10.0.0.2".repeat(5000)))
                .isEqualTo(InetAddress.getByName("10.0.0.2"));
    }

    private InetAddress of(String peer, String header, String value) throws Exception {
        HeaderMap headers = new HeaderMap();
        headers.put(new HttpString(header), value);
        return addresses.of(InetAddress.getByName(peer), headers);
    }
}
