package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.TokenRequest.Grant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRequestTest {
    private static final Scope PULL = Scope.repository("team/app", "pull");

    @Test
    void what_docker_asks_for_is_understood() {
        TokenRequest login = TokenRequest.ofQuery("account=alice&client_id=docker&offline_token=true&service=s%2Fmain");
        assertThat(login)
                .isEqualTo(new TokenRequest(new Grant.Header(), Optional.of("s/main"), List.of(), "docker", true));
        TokenRequest mount = TokenRequest.ofQuery(
                "account=alice&scope=repository%3Ateam%2Fapp%3Apull&scope=repository%3Ab%3Apush%2Cpull&service=s");
        assertThat(mount.scopes()).containsExactly(PULL, Scope.repository("b", "push", "pull"));
        assertThat(mount.offline()).isFalse();
    }

    @Test
    void scopes_are_a_list_whose_spaces_are_written_in_any_way() {
        for (String space : List.of("+", "%20")) {
            assertThat(TokenRequest.ofQuery("scope=repository:team/app:pull" + space + "repository:b:push")
                            .scopes())
                    .containsExactly(PULL, Scope.repository("b", "push"));
        }
    }

    @Test
    void what_containerd_posts_is_understood() {
        byte[] form = ("client_id=containerd-client&grant_type=password&password=a%2Bb+c%3A&"
                        + "scope=repository%3Ateam%2Fapp%3Apull&service=s&username=al%C3%AFce&access_type=offline")
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(TokenRequest.ofForm(form))
                .isEqualTo(new TokenRequest(
                        new Grant.Password("alïce", "a+b c:"),
                        Optional.of("s"),
                        List.of(PULL),
                        "containerd-client",
                        true));
    }

    @Test
    void what_is_rendered_is_read_back() {
        List<Scope> scopes = List.of(PULL, Scope.repository("localhost:5000/b", "pull", "push"), Scope.CATALOG);
        TokenRequest get = new TokenRequest(new Grant.Header(), Optional.of("x/+ ü"), scopes, "c", true);
        assertThat(TokenRequest.ofQuery(get.query())).isEqualTo(get);
        TokenRequest bare = new TokenRequest(new Grant.Header(), Optional.empty(), List.of(), "", false);
        assertThat(TokenRequest.ofQuery(bare.query())).isEqualTo(bare);
        TokenRequest password =
                new TokenRequest(new Grant.Password("u&=", "p ä+%"), Optional.of("s"), scopes, "", true);
        assertThat(TokenRequest.ofForm(password.form())).isEqualTo(password);
        TokenRequest refresh = new TokenRequest(new Grant.Refresh("r+/="), Optional.of("s"), scopes, "c", false);
        assertThat(TokenRequest.ofForm(refresh.form())).isEqualTo(refresh);
    }

    @Test
    void a_grant_type_that_is_not_known_is_kept_for_the_refusal() {
        byte[] form = "grant_type=client_credentials".getBytes(StandardCharsets.US_ASCII);
        assertThat(TokenRequest.ofForm(form).grant()).isEqualTo(new Grant.Other("client_credentials"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "username=a&password=b", "grant_type=password&username=a", "grant_type=refresh_token"})
    void a_form_without_what_its_grant_needs_is_refused(String form) {
        assertThatThrownBy(() -> TokenRequest.ofForm(form.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOfSatisfying(TokenRefusal.class, refusal -> {
                    assertThat(refusal.error()).isEqualTo("invalid_request");
                    assertThat(refusal.status()).isEqualTo(400);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope=%", "scope=%zz", "service=%ff", "scope=a\nb", "a=%00"})
    void what_is_malformed_below_the_scopes_is_the_clients_mistake(String raw) {
        assertThatThrownBy(() -> TokenRequest.ofQuery(raw)).isInstanceOf(RegistryException.Invalid.class);
        assertThatThrownBy(() -> TokenRequest.ofForm(raw.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(RegistryException.Invalid.class);
    }

    @Test
    void a_form_is_bounded() {
        assertThatThrownBy(() -> TokenRequest.ofForm(new byte[TokenRequest.MAX_FORM_BYTES + 1]))
                .isInstanceOf(RegistryException.TooLarge.class);
    }

    @Test
    void secrets_are_not_printed() {
        assertThat(new TokenRequest(new Grant.Password("u", "hidden"), Optional.empty(), List.of(), "", false)
                        .toString())
                .doesNotContain("hidden");
        assertThat(new Grant.Refresh("hidden").toString()).doesNotContain("hidden");
    }
}
