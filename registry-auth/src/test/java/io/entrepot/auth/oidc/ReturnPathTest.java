package io.entrepot.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a login may lead. */
class ReturnPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/ui", "/ui/", "/ui/browse?x=1#/team%20a", "/login/done"})
    void pages_of_ours_are_taken(String path) {
        assertThat(new ReturnPath(path).value()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "https://evil.example",
                "https:evil.example",
                "javascript:alert(1)",
                "ui/",
                " /ui/",
                "/\t/evil.example",
                "/ui/\r\nSet-Cookie: a=b",
                "/ui//evil.example",
                "/ui/../../evil",
                "/ui/%2e%2e//evil.example",
                "/ui/%2F%2Fevil.example",
                "/ui/..\\evil",
                "/uivil",
                "/login/oidc",
                "/v2/",
                "/ui/\u2028",
                "/ui/é",
                "/ui/\"><script>"
            })
    void everything_else_is_refused(String path) {
        assertThatThrownBy(() -> new ReturnPath(path)).isInstanceOf(RegistryException.Invalid.class);
    }
}
