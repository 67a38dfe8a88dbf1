package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Tag;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the tables A is the digest that is there, B another. */
class ConditionsTest {
    private static final Digest A = Digest.parse("sha256:" + "a".repeat(64));
    private static final Digest B = Digest.parse("sha256:" + "b".repeat(64));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''            | false",
                "A             | true",
                "\"A\"         | true",
                "W/\"A\"       | true",
                "*             | true",
                "\"B\"         | false",
                "\"B\", \"A\"  | true",
                "B,A           | true",
                "\"B\",,W/\"A\"| true",
                "\"A           | false",
                "\"            | false",
                ",             | false",
            })
    void a_reader_who_has_it_need_not_get_it_again(String header, boolean notModified) {
        assertThat(Conditions.notModified(filled(header), A)).isEqualTo(notModified);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // If-Match | If-None-Match | there now | allowed
                "''          | ''    | A | true",
                "''          | ''    | - | true",
                "\"A\"       | ''    | A | true",
                "A           | ''    | A | true",
                "\"B\",\"A\" | ''    | A | true",
                "W/\"A\"     | ''    | A | false",
                "\"B\"       | ''    | A | false",
                "\"A\"       | ''    | - | false",
                "*           | ''    | A | true",
                "*           | ''    | - | false",
                "''          | *     | - | true",
                "''          | *     | A | false",
                "''          | \"A\" | A | false",
                "''          | \"B\" | A | true",
                "\"A\"       | \"A\" | A | false",
            })
    void a_push_depends_on_what_the_tag_is(String ifMatch, String ifNoneMatch, String now, boolean allowed) {
        var rule = Conditions.ofPush(filled(ifMatch), filled(ifNoneMatch));
        Optional<Digest> there = now.equals("-") ? Optional.empty() : Optional.of(A);
        if (allowed) {
            assertThatCode(() -> rule.check(new Tag("v1"), there, B)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> rule.check(new Tag("v1"), there, B))
                    .isInstanceOf(RegistryException.PreconditionFailed.class)
                    .hasMessageContaining("tag v1");
        }
    }

    private static String filled(String header) {
        return header.replace("W/", "~")
                .replace("A", A.toString())
                .replace("B", B.toString())
                .replace("~", "W/");
    }
}
