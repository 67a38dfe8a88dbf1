package io.entrepot.auth.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretBoxTest {
    private static final String FOR = "registry/hub/password";

    private final SecureRandom random = new SecureRandom();
    private final MasterKey key = MasterKey.generate(random);
    private final SecretBox box = new SecretBox(key, List.of(), random);

    @Test
    void what_was_sealed_opens_and_shows_nothing_before() {
        for (String secret : List.of("", "dckr_pat_x", "\u5bc6\u7801".repeat(1_000))) {
            String sealed = box.seal(FOR, secret);

            assertThat(box.open(FOR, sealed)).isEqualTo(secret);
            assertThat(sealed).startsWith("sealed:v1:" + key.id() + ":");
            assertThat(SecretBox.isSealed(sealed)).isTrue();
            if (!secret.isEmpty()) {
                assertThat(sealed).doesNotContain(secret);
            }
        }
    }

    @Test
    void the_same_secret_never_looks_the_same_twice() {
        assertThat(box.seal(FOR, "secret")).isNotEqualTo(box.seal(FOR, "secret"));
    }

    @Test
    void whatever_is_changed_in_an_envelope_it_does_not_open() {
        String sealed = box.seal(FOR, "secret");
        for (int i = 0; i < sealed.length() - 1; i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertThatThrownBy(() -> box.open(FOR, changed))
                    .as(changed)
                    .isInstanceOf(SecretException.class)
                    .hasMessageNotContaining("A".repeat(20));
        }
        assertThatThrownBy(() -> box.open(FOR, sealed.substring(0, sealed.length() - 4)))
                .isInstanceOf(SecretException.class);
        assertThatThrownBy(() -> box.open(FOR, "secret")).isInstanceOf(SecretException.class);
    }

    @Test
    void an_envelope_does_not_open_for_another_purpose() {
        String sealed = box.seal(FOR, "secret");

        assertThatThrownBy(() -> box.open("registry/other/password", sealed))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("sealed for something else");
    }

    @Test
    void after_a_rotation_old_envelopes_open_and_new_ones_are_under_the_new_key() {
        String old = box.seal(FOR, "secret");
        MasterKey next = MasterKey.generate(random);
        SecretBox rotated = new SecretBox(next, List.of(key), random);

        String resealed = rotated.reseal(FOR, old);

        assertThat(rotated.open(FOR, old)).isEqualTo("secret");
        assertThat(rotated.current(old)).isFalse();
        assertThat(rotated.current(resealed)).isTrue();
        assertThat(rotated.reseal(FOR, resealed)).isEqualTo(resealed);
        assertThat(new SecretBox(next, List.of(), random).open(FOR, resealed)).isEqualTo("secret");
    }

    @Test
    void a_secret_whose_key_is_not_here_names_the_key() {
        SecretBox other = new SecretBox(MasterKey.generate(random), List.of(), random);

        assertThatThrownBy(() -> other.open(FOR, box.seal(FOR, "secret")))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining(key.id());
    }

    @Test
    void a_key_comes_from_text_too_and_what_is_none_is_not_repeated() {
        assertThat(MasterKey.parse(key.text() + "\n").id()).isEqualTo(key.id());
        assertThat(key.toString()).doesNotContain(key.text());
        for (String none :
                List.of("", "hunter2hunter2", key.text().substring(1), key.text() + "AAAA", "\u5bc6".repeat(43))) {
            assertThatThrownBy(() -> MasterKey.parse(none))
                    .isInstanceOf(SecretException.class)
                    .hasNoCause()
                    .hasMessageContaining("43 characters");
        }
    }
}
