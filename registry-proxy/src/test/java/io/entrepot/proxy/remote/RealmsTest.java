package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which token endpoints see our credentials. Nobody is connected to here. */
class RealmsTest {
    private static boolean may(String root, String realm, String... pinned) {
        List<URI> pins = List.of(pinned).stream().map(URI::create).toList();
        return new Realms(RootUrl.of(URI.create(root)).origin(), pins).mayHaveCredentials(HttpUrl.get(realm));
    }

    @ParameterizedTest
    @CsvSource({
        "https://r.example, https://r.example/token",
        "https://r.example, https://R.EXAMPLE/token",
        "https://r.example:5000, https://r.example/token",
        "https://r.example, https://r.example:5001/token",
        "http://r.example, http://r.example:81/token",
        "http://r.example, https://r.example/token",
        "https://docker.io, https://auth.docker.io/token",
        "https://registry-1.docker.io, https://auth.docker.io/token",
        "https://registry.gitlab.com, https://gitlab.com/jwt/auth",
        "https://docker.elastic.co, https://docker-auth.elastic.co/auth",
        "https://registry.digitalocean.com, https://api.digitalocean.com/v2/registry/auth",
        "https://registry.cn-hangzhou.aliyuncs.com, https://dockerauth.cn-hangzhou.aliyuncs.com/auth"
    })
    void they_belong_to_the_registry(String root, String realm) {
        assertThat(may(root, realm)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // Without TLS, though the registry has it.
        "https://r.example, http://r.example/token",
        "https://docker.io, http://auth.docker.io/token",
        // A neighbour, a subdomain, a parent, and names that look alike.
        "https://r.example, https://auth.example/token",
        "https://r.example, https://auth.r.example/token",
        "https://a.r.example, https://r.example/token",
        "https://r.example, https://r.example.evil.example/token",
        "https://r.example, https://evilr.example/token",
        "https://r.example, https://r.example@evil.example/token",
        "https://registry, https://evil/token",
        // Known, but not for this registry, or not there.
        "https://r.example, https://auth.docker.io/token",
        "https://docker.io, https://gitlab.com/jwt/auth",
        "https://docker.io, https://auth.docker.io:8443/token",
        "https://registry.cn-hangzhou.aliyuncs.com, https://dockerauth.cn-beijing.aliyuncs.com/auth",
        "https://registry.evil.example, https://dockerauth.evil.example/auth",
        // Addresses.
        "https://r.example, https://127.0.0.1/token",
        "https://127.0.0.1, https://localhost/token",
        "https://127.0.0.1, https://[::ffff:127.0.0.2]/token",
        "https://10.0.0.1, https://10.0.0.2/token"
    })
    void they_do_not(String root, String realm) {
        assertThat(may(root, realm)).isFalse();
    }

    @Test
    void a_pinned_one_is_an_origin_with_all_of_it() {
        String root = "https://r.example";
        String pin = "https://auth.example:8443/some/path";
        assertThat(may(root, "https://auth.example:8443/token", pin)).isTrue();
        assertThat(may(root, "https://auth.example/token", pin)).isFalse();
        assertThat(may(root, "https://x.auth.example:8443/token", pin)).isFalse();
        assertThat(may(root, "http://auth.example:8443/token", "http://auth.example:8443"))
                .isFalse();
        assertThat(may("http://r.example", "http://auth.example/token", "http://auth.example"))
                .isTrue();
    }
}
