package io.entrepot.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Credentials.Bearer;
import io.entrepot.core.access.Credentials.Malformed;
import io.entrepot.core.access.Credentials.Password;
import io.entrepot.core.testkit.Seed;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A header is a credential or it is refused; it is never nothing. */
class AuthorizationTest {
    private static final String JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln-_~+/nature==";

    @RegisterExtension
    final Seed seed = new Seed();

    private static Credentials parse(String... headers) {
        return Authorization.parse(List.of(headers));
    }

    private static String basic(String text, Charset charset) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(charset));
    }

    private static Credentials password(String text) {
        return parse(basic(text, UTF_8));
    }

    @Test
    void no_header_shows_nothing() {
        assertThat(parse()).isEqualTo(new Credentials.None());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Basic ZXZlOmE=", "basic ZXZlOmE=", "BASIC ZXZlOmE=", "bAsIc   ZXZlOmE=", " Basic ZXZlOmE=  "})
    void a_scheme_may_be_written_in_any_case(String header) {
        assertThat(parse(header)).isEqualTo(new Password("eve", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
    void a_bearer_token_is_taken_as_it_is(String scheme) {
        assertThat(parse(scheme + JWT)).isEqualTo(new Bearer(JWT));
    }

    @Test
    void name_and_password_are_utf_8_and_the_first_colon_parts_them() {
        assertThat(password("eve:a:b::c")).isEqualTo(new Password("eve", "a:b::c"));
        assertThat(password("eve::")).isEqualTo(new Password("eve", ":"));
        assertThat(password("zoë@例え.jp:pässwörd 🐳 \"'<>&%$\\\t\u00a0"))
                .isEqualTo(new Password("zoë@例え.jp", "pässwörd 🐳 \"'<>&%$\\\t\u00a0"));
        assertThat(password("DOMAIN\\eve: a ")).isEqualTo(new Password("DOMAIN\\eve", " a "));
        assertThat(parse(basic("zoë:a", ISO_8859_1))).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {":", "eve:", ":a", "eve", "", "e\0ve:a", "eve:a\0", "eve:\0", "e\nve:a", "e\u0085ve:a"})
    void half_a_credential_and_control_characters_are_malformed(String text) {
        assertThat(password(text)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Basic",
                "Bearer",
                "Basic ",
                "Bearer ",
                "Basic ZXZlOmE",
                "Basic ZXZlOmF=",
                "Basic ZXZlOmE==",
                "Basic =ZXZlOmE=",
                "Basic ZXZl OmE=",
                "Basic ZXZl-_8=",
                "Basic ZXZlOmE=, Bearer abc",
                "Basic ZXZlOmE=,Basic ZXZlOmE=",
                "Basic\tZXZlOmE=",
                "Basic ZXZl\r\nOmE=",
                "BasicZXZlOmE=",
                "Bearer a b",
                "Bearer a,b",
                "Bearer a=b",
                "Bearer =",
                "Bearer é",
                "Bearer a\nb",
                "Bearer token=\"abc\"",
                "Token abc",
                "Digest username=\"eve\"",
                "Negotiate abc",
                "ZXZlOmE=",
                "Basic: ZXZlOmE=",
                "\u0130basic ZXZlOmE="
            })
    void what_is_no_credential_is_malformed(String header) {
        assertThat(parse(header)).isInstanceOf(Malformed.class);
    }

    @Test
    void several_headers_are_malformed_even_if_they_are_the_same() {
        assertThat(parse("Bearer a", "Bearer a")).isInstanceOf(Malformed.class);
        assertThat(parse("", "Bearer a")).isInstanceOf(Malformed.class);
    }

    @Test
    void lengths_are_bounded() {
        String most = "é".repeat(2048);
        assertThat(password("eve:" + most)).isEqualTo(new Password("eve", most));
        assertThat(password(most + ":" + most)).isEqualTo(new Password(most, most));
        assertThat(password("eve:" + most + "x")).isInstanceOf(Malformed.class);
        assertThat(password(most + "x:a")).isInstanceOf(Malformed.class);
        String token = "a".repeat(Authorization.MAX_LENGTH - "Bearer ".length());
        assertThat(parse("Bearer " + token)).isEqualTo(new Bearer(token));
        assertThat(parse("Bearer " + token + "a")).isInstanceOf(Malformed.class);
    }

    @Test
    void a_refusal_repeats_nothing_of_what_was_sent() {
        for (String header : List.of("s3cret", "s3cret s3cret", "Bearer s3cret s3cret", "Basic s3cret")) {
            assertThat(((Malformed) parse(header)).why()).doesNotContain("s3cret");
        }
        assertThat(((Malformed) password("s3cret")).why()).doesNotContain("s3cret");
    }

    @Test
    void any_text_is_answered_and_any_credential_comes_back() {
        Random random = seed.random();
        String alphabet = "BbasicearrZXZlOmE=:, \t\"\\\0\r\né\ud83d";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "Basic " : "");
            random.ints(random.nextInt(24), 0, alphabet.length()).forEach(c -> text.append(alphabet.charAt(c)));
            assertThat(parse(text.toString())).isNotInstanceOf(Credentials.None.class);

            String user = "u" + Long.toString(random.nextLong(), 36);
            String secret = "p"
                    + random.ints(8, 1, 0x800)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
            assertThat(password(user + ":" + secret)).isEqualTo(new Password(user, secret));
        }
    }
}
