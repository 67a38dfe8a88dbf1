package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void what_is_not_on_the_public_internet_is_known_as_such() throws Exception {
        for (String address : List.of(
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "ff02::1",
                "2002:7f00:1::",
                "64:ff9b::7f00:1",
                "::ffff:127.0.0.1",
                "2001:db8::1",
                "2001::1")) {
            assertThat(Addresses.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isFalse();
        }
        for (String address : List.of("1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8")) {
            assertThat(Addresses.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isTrue();
        }
    }

    @Test
    void numbers_in_disguise_are_seen() {
        assertThat(List.of("0x7f.1", "127.1", "2130706433", "0177.0.0.1")).allMatch(Addresses::isOddLiteral);
        assertThat(List.of("127.0.0.1", "registry.example.com", "a1")).noneMatch(Addresses::isOddLiteral);
    }
}
