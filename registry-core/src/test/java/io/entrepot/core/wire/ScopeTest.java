package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.testkit.Seed;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private static List<String> parse(String... values) {
        return Scope.parse(List.of(values)).stream().map(Scope::toString).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "repository:team/app:pull|repository:team/app:pull",
                "repository:team/app:push,pull|repository:team/app:push,pull",
                "repository:team/app:*|repository:team/app:*",
                "registry:catalog:*|registry:catalog:*",
                "repository(plugin):team/app:pull|repository:team/app:pull",
                "repository(:team/app:pull|repository(:team/app:pull",
                "repository:example.org:5000/app:pull|repository:example.org:5000/app:pull",
                "repository:a:b:c:pull|repository:a:b:c:pull",
                "repository:app:pull,,push,pull,|repository:app:pull,push",
                "repository:app:|repository:app:",
                "repository:Team/APP:Pull|repository:Team/APP:Pull"
            })
    void a_scope_is_a_type_a_name_that_may_hold_colons_and_actions(String text, String scope) {
        assertThat(parse(text)).containsExactly(scope);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":", "::", ":::", "repository", "repository:app", "repository::pull", ":app:pull"})
    void what_is_no_scope_is_passed_over(String text) {
        assertThat(parse(text, "registry:catalog:*")).containsExactly("registry:catalog:*");
    }

    @Test
    void scopes_come_in_several_parameters_and_several_in_one() {
        assertThat(parse("repository:a:pull  repository:b:pull,push", " registry:catalog:* "))
                .containsExactly("repository:a:pull", "repository:b:pull,push", "registry:catalog:*");
    }

    @Test
    void what_names_the_same_thing_twice_is_put_together() {
        assertThat(parse("repository:a:pull repository:b:pull repository(plugin):a:push,pull other:a:pull"))
                .containsExactly("repository:a:pull,push", "repository:b:pull", "other:a:pull");
    }

    @Test
    void the_hundredth_scope_is_read_and_the_next_is_not() {
        String many = IntStream.range(0, 150)
                .mapToObj(i -> "repository:r" + i + ":pull")
                .collect(Collectors.joining(" "));
        assertThat(parse(many, "repository:late:pull"))
                .hasSize(Scope.MOST)
                .startsWith("repository:r0:pull")
                .endsWith("repository:r99:pull");
    }

    @Test
    void the_eighth_action_is_read_and_the_next_is_not_however_they_come() {
        assertThat(parse("repository:a:1,2,3,4,5,6,7,8,9,10")).containsExactly("repository:a:1,2,3,4,5,6,7,8");
        assertThat(parse("repository:a:,,,,,,,,,1,2,,,1,3")).containsExactly("repository:a:1,2,3");
        assertThat(parse("repository:a:1,2,3,4,5 repository:a:5,6,7 repository:a:8,9,10"))
                .containsExactly("repository:a:1,2,3,4,5,6,7,8");
    }

    @Test
    void any_text_is_read_without_complaint_and_reads_the_same_again() {
        Random random = seed.random();
        String alphabet = "rp:,,:() *\t\r\n\0/é\ud83d\"\\%";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 0, alphabet.length()).forEach(c -> text.append(alphabet.charAt(c)));
            List<Scope> scopes = Scope.parse(List.of(text.toString()));
            for (Scope scope : scopes) {
                assertThat(scope.type()).isNotEmpty().doesNotContain(":", " ");
                assertThat(scope.name()).isNotEmpty().doesNotContain(" ");
                assertThat(scope.actions()).allMatch(a -> !a.isEmpty() && !a.contains(",") && !a.contains(":"));
            }
            String rendered = scopes.stream().map(Scope::toString).collect(Collectors.joining(" "));
            // A class in brackets may stand behind another one, so only names are sure to be read as they were.
            assertThat(Scope.parse(List.of(rendered))).hasSizeLessThanOrEqualTo(scopes.size());
        }
    }

    @Test
    void a_megabyte_of_anything_is_read_in_no_time() {
        for (String piece : List.of(" ", ":", ",", "a", "a:b:c ", "a:b:c,", "repository:a:pull,push ")) {
            String much = piece.repeat((1 << 20) / piece.length());
            assertThat(Scope.parse(List.of(much, "a:b:" + much))).hasSizeLessThanOrEqualTo(Scope.MOST);
        }
    }

    @Test
    void its_actions_are_a_set() {
        assertThat(Scope.repository("a", "pull", "push")).isEqualTo(Scope.repository("a", "push", "pull"));
        assertThat(Scope.CATALOG).isEqualTo(new Scope("registry", "catalog", Set.of("*")));
    }
}
