package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialProvidersTest {
    private static final URI REGISTRY = URI.create("https://r.example:5000");

    @TempDir
    Path folder;

    private CredentialProvider file(String text) throws IOException {
        return new FileCredentials(Files.writeString(folder.resolve("credentials"), text));
    }

    @Test
    void a_file_may_hold_a_user_and_a_password_and_is_read_anew() throws IOException {
        CredentialProvider provider = file("alice:pass:word\n");
        assertThat(provider.credential(REGISTRY, false)).contains(new Credential.Password("alice", "pass:word"));
        Files.writeString(folder.resolve("credentials"), "bob:other");
        assertThat(provider.credential(REGISTRY, false)).contains(new Credential.Password("bob", "other"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r.example:5000", "r.example", "https://r.example:5000", "https://r.example:5000/v2/"})
    void or_what_docker_login_wrote(String key) throws IOException {
        assertThat(file("{\"auths\":{\"" + key + "\":{\"auth\":\"YWxpY2U6c2VjcmV0\"}}}")
                        .credential(REGISTRY, false))
                .contains(new Credential.Password("alice", "secret"));
        assertThat(file("{\"auths\":{\"" + key + "\":{\"identitytoken\":\"t\"}}}")
                        .credential(REGISTRY, false))
                .contains(new Credential.IdentityToken("t"));
    }

    @Test
    void dockers_own_registry_has_an_old_name_there() throws IOException {
        assertThat(file("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"YWxpY2U6c2VjcmV0\"}}}")
                        .credential(URI.create("https://registry-1.docker.io"), false))
                .contains(new Credential.Password("alice", "secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s3cret",
                "{s3cret",
                "{\"auths\":{\"other.example\":{\"auth\":\"YWxpY2U6c2VjcmV0\"}}}",
                "{\"auths\":{\"r.example\":{\"auth\":\"%s3cret\"}}}",
                "{\"auths\":{\"r.example\":{\"auth\":{\"s3cret\":1},\"identitytoken\":[]}}}",
                "{\"auths\":{\"r.example\":{\"auth\":null}}}",
                "{\"auths\":[\"s3cret\"]}"
            })
    void a_file_that_holds_none_is_said_without_its_content(String text) throws IOException {
        CredentialProvider provider = file(text);
        assertThatThrownBy(() -> provider.credential(REGISTRY, false))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
        Files.delete(folder.resolve("credentials"));
        assertThatThrownBy(() -> provider.credential(REGISTRY, false))
                .isInstanceOf(RegistryException.Unavailable.class);
    }

    @ParameterizedTest
    @CsvSource({"a b", "../x", "'a;b'", "-x", "''"})
    void a_helper_is_named_by_a_word(String name) {
        assertThatThrownBy(() -> new HelperCredentials(name)).isInstanceOf(IllegalArgumentException.class);
    }

    private CredentialProvider helper(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("helper"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return new HelperCredentials("test", file.toString());
    }

    @Test
    void a_helper_is_told_the_registry_and_tells_the_secret() throws IOException {
        CredentialProvider echo = helper("read -r server; echo '{\"Username\":\"'$1'\",\"Secret\":\"'$server'\"}'");
        assertThat(echo.credential(REGISTRY, false)).contains(new Credential.Password("get", "r.example:5000"));
        assertThat(echo.credential(URI.create("https://registry-1.docker.io"), false))
                .contains(new Credential.Password("get", "https://index.docker.io/v1/"));
    }

    @Test
    void a_helper_may_have_an_identity_token_and_need_no_question() throws IOException {
        assertThat(helper("echo '{\"ServerURL\":\"x\",\"Username\":\"<token>\",\"Secret\":\"t\"}'")
                        .credential(REGISTRY, false))
                .contains(new Credential.IdentityToken("t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'credentials not found in native keychain'; exit 1",
                "echo s3cret",
                "echo '{\"Username\":\"s3cret\"}'",
                "echo '{\"Username\":\"\",\"Secret\":\"s3cret\"}'",
                "echo '{\"Username\":[],\"Secret\":{}}'",
                "echo s3cret >&2",
                "yes s3cret"
            })
    void a_helper_that_has_none_is_said_without_what_it_says(String script) throws IOException {
        CredentialProvider helper = helper(script);
        assertThatThrownBy(() -> helper.credential(REGISTRY, false))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessage("docker-credential-test gave no credential for this registry")
                .hasNoCause();
    }

    @Test
    void a_helper_that_does_not_end_is_ended_after_ten_seconds() throws IOException {
        CredentialProvider helper = helper("sleep 100; echo too late");
        long begin = System.nanoTime();
        assertThatThrownBy(() -> helper.credential(REGISTRY, false)).isInstanceOf(RegistryException.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(40));
    }

    @Test
    void nor_is_what_it_left_behind_waited_for() throws IOException {
        CredentialProvider helper = helper("sleep 100 & sleep 1");
        long begin = System.nanoTime();
        assertThatThrownBy(() -> helper.credential(REGISTRY, false)).isInstanceOf(RegistryException.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(40));
    }

    @Test
    void a_host_with_an_underscore_is_one_too() throws IOException {
        for (String key : new String[] {"my_registry:5000", "my_registry"}) {
            assertThat(file("{\"auths\":{\"" + key + "\":{\"auth\":\"YWxpY2U6c2VjcmV0\"}}}")
                            .credential(URI.create("http://my_registry:5000/"), false))
                    .contains(new Credential.Password("alice", "secret"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://alice:s3cret@registry:5000", "http://alice:s3cret@my_registry:5000"})
    void the_url_of_a_registry_holds_none(String url) {
        assertThatThrownBy(() -> RootUrl.of(URI.create(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no user")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void a_helper_that_is_not_installed_is_said() {
        assertThatThrownBy(() -> new HelperCredentials("entrepot-has-none").credential(REGISTRY, false))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("docker-credential-entrepot-has-none");
    }

    @Test
    void nothing_that_is_printed_holds_a_secret() throws IOException {
        assertThat(file("alice:s3cret").toString()).doesNotContain("s3cret");
        assertThat(new Credential.Password("alice", "s3cret")).hasToString("password of alice");
        assertThat(new Credential.IdentityToken("s3cret").toString()).doesNotContain("s3cret");
        assertThat(new Credential.Bearer("s3cret").toString()).doesNotContain("s3cret");
    }
}
