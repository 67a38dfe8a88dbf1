package io.entrepot.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PasswordRulesTest {
    @Test
    void shipped_and_obvious_passwords_are_refused_with_a_sentence() {
        for (String bad : List.of(
                "short",
                "",
                "admin123",
                "Admin123",
                "Harbor12345",
                "password",
                "PASSWORD",
                "aaaaaaaaaaaa",
                "alice.smith",
                "Alice.Smith2026",
                "zero\0zero\0",
                "x".repeat(2_000))) {
            assertThat(PasswordRules.objection("alice.smith", bad))
                    .as(bad)
                    .hasValueSatisfying(sentence -> assertThat(sentence).contains("password", " "));
        }
    }

    @Test
    void others_are_taken() {
        for (String good : List.of(
                "k7Qm-2xVd",
                "correct horse",
                "p\u00e4sse-part\u00f6ut",
                "\u5bc6\u7801\u5bc6\u7801\u5b89\u5168\u4e00\u4e8c")) {
            assertThat(PasswordRules.objection("alice", good)).as(good).isEmpty();
        }
    }

    @Test
    void generated_passwords_differ_and_hold_nothing_that_is_taken_for_something_else() {
        SecureRandom random = new SecureRandom();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String password = GeneratedPassword.next(random);
            assertThat(password).matches("[2-9a-zA-Z]{4}(-[2-9a-zA-Z]{4}){3}").doesNotContainPattern("[0Oo1lIi5Ss8B]");
            assertThat(PasswordRules.objection("admin", password)).isEmpty();
            assertThat(seen.add(password)).isTrue();
        }
    }
}
