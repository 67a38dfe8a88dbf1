package io.entrepot.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {
    private final SecureRandom random = new SecureRandom();
    private final PasswordHasher hasher = new PasswordHasher(random);
    private final PasswordHasher cheap = new PasswordHasher(random, 64, 1);

    @Test
    void a_password_matches_its_own_hash_and_no_other_password_does() {
        String hash = hasher.hash("correct horse");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hasher.matches("correct horse", hash)).isTrue();
        assertThat(hasher.matches("correct Horse", hash)).isFalse();
        assertThat(hasher.matches("", hash)).isFalse();
    }

    @Test
    void two_hashes_of_one_password_differ() {
        assertThat(cheap.hash("correct horse")).isNotEqualTo(cheap.hash("correct horse"));
    }

    @Test
    void a_hash_that_another_implementation_made_is_understood() {
        // RFC 9106's algorithm over "password" and "somesalt", as the reference implementation prints it.
        String reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

        assertThat(hasher.matches("password", reference)).isTrue();
        assertThat(hasher.matches("Password", reference)).isFalse();
    }

    @Test
    void it_does_not_matter_how_a_keyboard_makes_an_accent() {
        assertThat(cheap.matches("cafe\u0301 au lait", cheap.hash("caf\u00e9 au lait")))
                .isTrue();
    }

    @Test
    void every_byte_of_a_long_password_counts() {
        String hash = cheap.hash("x".repeat(1_024));

        assertThat(cheap.matches("x".repeat(1_023), hash)).isFalse();
        assertThat(cheap.matches("x".repeat(1_025), hash)).isFalse();
        assertThat(cheap.matches("x".repeat(1_024), hash)).isTrue();
    }

    @Test
    void what_is_no_text_of_1_to_1024_bytes_is_no_password() {
        for (String none : List.of("", "x".repeat(1_025), "\u20ac".repeat(342), "\ud800")) {
            assertThatThrownBy(() -> cheap.hash(none)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void bcrypt_is_verified_in_its_three_spellings() {
        for (String version : List.of("2a", "2b", "2y")) {
            String hash = OpenBSDBCrypt.generate(version, "secret words".toCharArray(), new byte[16], 4);

            assertThat(hasher.matches("secret words", hash)).as(version).isTrue();
            assertThat(hasher.matches("secret word", hash)).as(version).isFalse();
            assertThat(hasher.matches("secret words\0", hash)).as(version).isFalse();
            assertThat(hasher.outdated(hash)).as(version).isTrue();
        }
    }

    @Test
    void garbage_matches_nothing_and_throws_nothing() {
        for (String garbage : List.of(
                "",
                "$",
                "$2y$",
                "$2y$10$short",
                "$2y$31$" + "a".repeat(53),
                "$2y$99$" + "a".repeat(53),
                "$2y$04$" + "\u20ac".repeat(53),
                "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
                "$apr1$x$y",
                "$argon2id$v=19$m=999999,t=99,p=9$" + "a".repeat(22) + "$" + "a".repeat(43),
                "$argon2id$v=19$m=0,t=0,p=0$" + "a".repeat(22) + "$" + "a".repeat(43),
                "$argon2i$v=19$m=64,t=1,p=1$" + "a".repeat(22) + "$" + "a".repeat(43),
                "$argon2id$v=19$m=64,t=1,p=1$" + "a".repeat(22) + "$" + "a".repeat(24),
                "secret words")) {
            assertThat(hasher.matches("secret words", garbage)).as(garbage).isFalse();
        }
    }

    @Test
    void a_hash_is_outdated_when_the_parameters_have_risen() {
        String old = cheap.hash("correct horse");

        assertThat(hasher.outdated(old)).isTrue();
        assertThat(hasher.matches("correct horse", old)).isTrue();
        assertThat(hasher.outdated(hasher.hash("correct horse"))).isFalse();
        assertThat(cheap.outdated(hasher.hash("correct horse"))).isFalse();
    }

    @Test
    void an_unknown_user_takes_as_long_as_a_wrong_password() {
        String hash = hasher.hash("correct horse");
        long wrong = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < 12; i++) {
            wrong = Math.min(wrong, work(() -> hasher.matches("wrong horse", hash)));
            unknown = Math.min(unknown, work(() -> hasher.matchNobody("wrong horse")));
        }

        // Generous, since others use this machine too: without the work it would be a thousandth.
        assertThat((double) unknown / wrong).isBetween(0.4, 2.5);
    }

    /** The processor's time, not the clock's: what other processes take does not count. */
    private static long work(Runnable work) {
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
    }
}
