package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.testkit.Seed;
import io.entrepot.core.wire.Challenge.Basic;
import io.entrepot.core.wire.Challenge.Bearer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of clients, and what other registries ask of us. */
class ChallengeTest {
    private static final String REALM = "https://registry.example:5000/v2/token";
    private static final Scope PULL = Scope.repository("team/app", "pull");
    private static final List<String> OTHERS = List.of(
            "Negotiate",
            "NTLM TlRMTVNTUAAB/+==",
            "Digest realm=\"a, Basic realm=b\", nonce=abc, qop=\"auth,auth-int\", opaque=\"\\\"\"",
            "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host");

    @RegisterExtension
    final Seed seed = new Seed();

    private static Bearer bearer(Scope... scopes) {
        return new Bearer(REALM, "main", List.of(scopes), Optional.empty());
    }

    private static List<Challenge> parse(String... lines) {
        return Challenge.parse(List.of(lines));
    }

    // As we say it

    @Test
    void a_challenge_is_one_line_with_every_value_in_quotes() {
        assertThat(new Basic("Entrepot").render()).isEqualTo("Basic realm=\"Entrepot\"");
        assertThat(bearer(PULL, Scope.CATALOG).render())
                .isEqualTo("Bearer realm=\"" + REALM + "\",service=\"main\","
                        + "scope=\"repository:team/app:pull registry:catalog:*\"");
        assertThat(new Bearer(REALM, "main", List.of(PULL), Optional.of(Bearer.INSUFFICIENT_SCOPE)).render())
                .isEqualTo("Bearer realm=\"" + REALM + "\",service=\"main\",scope=\"repository:team/app:pull\","
                        + "error=\"insufficient_scope\"");
    }

    @Test
    void what_is_wrong_is_said_for_people_too() {
        Bearer challenge = new Bearer(REALM, "main", List.of(PULL), Optional.of(Bearer.INSUFFICIENT_SCOPE))
                .describedBy("alice may not push to \"team/app\"");
        assertThat(challenge.render())
                .endsWith("error=\"insufficient_scope\",error_description=\"alice may not push to \\\"team/app\\\"\"");
        assertThat(parse(challenge.render())).containsExactly(challenge);
    }

    @Test
    void no_value_is_ever_empty() {
        assertThat(bearer().render()).isEqualTo("Bearer realm=\"" + REALM + "\",service=\"main\"");
        assertThat(new Bearer(REALM, "", List.of(), Optional.of("")).render())
                .isEqualTo("Bearer realm=\"" + REALM + "\"");
        assertThat(new Basic("").render()).isEqualTo("Basic");
    }

    @Test
    void quotes_and_backslashes_are_escaped() {
        assertThat(new Basic("a\"b\\c").render()).isEqualTo("Basic realm=\"a\\\"b\\\\c\"");
        assertThat(parse(new Basic("a\"b\\c\\").render())).containsExactly(new Basic("a\"b\\c\\"));
    }

    @Test
    void whatever_stands_in_it_a_header_is_one_line_of_ascii() {
        String evil = "a\r\nSet-Cookie: b\0\t\u007f\u0085\u2028é\ud83d\u010a\u010d";
        for (Challenge challenge : List.of(
                new Basic(evil),
                new Bearer(evil, evil, List.of(new Scope(evil, evil, java.util.Set.of(evil))), Optional.of(evil)))) {
            assertThat(challenge.render().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
            assertThat(parse(challenge.render())).hasSize(1);
        }
    }

    // As others say it

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer realm=\"https://r.example/token\",service=\"s\",scope=\"repository:a:pull\"",
                "bearer REALM=\"https://r.example/token\", Service=\"s\", SCOPE=\"repository:a:pull\"",
                "BEARER   realm = \"https://r.example/token\" ,\t service= \"s\",scope =\"repository:a:pull\"",
                "Bearer realm=https://r.example/token,service=s,scope=repository:a:pull",
                "Bearer service=\"s\",scope=\"repository:a:pull\",realm=\"https://r.example/token\"",
                "Bearer realm=\"https://r.example/token\",service=\"s\",scope=\"repository:a:pull\",unknown=\"x\"",
                "Bearer realm=\"https:\\/\\/r.example/token\",service=\"s\",scope=\"repository:a:pull\"",
                ",, Bearer realm=\"https://r.example/token\",, ,service=\"s\",scope=\"repository:a:pull\",",
                "Bearer realm=\"https://r.example/token\",service=\"s\",scope=\"repository:a:pull\",realm=\"second\""
            })
    void it_is_understood_however_it_is_written(String line) {
        assertThat(parse(line))
                .containsExactly(new Bearer(
                        "https://r.example/token", "s", List.of(Scope.repository("a", "pull")), Optional.empty()));
    }

    @Test
    void a_scope_of_a_form_of_its_own_is_kept_as_it_was_said() {
        String words = "aws repository(plugin):a:pull repository:b:pull";
        assertThat(parse("Bearer realm=\"r\",scope=\"" + words + "\""))
                .singleElement()
                .isInstanceOfSatisfying(Bearer.class, bearer -> {
                    assertThat(bearer.scope()).isEqualTo(words);
                    assertThat(bearer.scopes())
                            .containsExactly(Scope.repository("a", "pull"), Scope.repository("b", "pull"));
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic|",
                "basic|",
                "Basic realm=\"\"|",
                "Basic realm=|",
                "Basic realm=\"a b\"|a b",
                "Basic realm=\"a, Bearer realm=b\"|a, Bearer realm=b",
                "Basic realm=\"a\", charset=\"UTF-8\"|a",
                "Basic realm=\"never ends|never ends",
                "Basic realm=\"never ends\\|never ends\\"
            })
    void of_basic_only_the_realm_matters_if_there_is_one(String line, @org.jspecify.annotations.Nullable String realm) {
        assertThat(parse(line)).containsExactly(new Basic(realm == null ? "" : realm));
    }

    @Test
    void several_stand_in_one_header_or_in_several() {
        Basic basic = new Basic("a");
        assertThat(parse("Bearer realm=\"r\",service=\"s\", Basic realm=\"a\""))
                .containsExactly(new Bearer("r", "s", List.of(), Optional.empty()), basic);
        assertThat(parse("Basic realm=\"a\"", "Negotiate", "Bearer realm=\"r\",service=\"s\""))
                .containsExactly(basic, new Bearer("r", "s", List.of(), Optional.empty()));
        assertThat(parse("Negotiate, Basic, NTLM")).containsExactly(new Basic(""));
        assertThat(parse()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "\"",
                "=",
                "= Basic",
                "Bearer",
                "Bearer realm=\"\"",
                "Bearer service=\"s\"",
                "Bearer realm",
                "Negotiate abc=",
                "Unknown a=b, c=d",
                "é Basic"
            })
    void what_is_not_understood_asks_for_nothing(String line) {
        assertThat(parse(line)).isEmpty();
    }

    @Test
    void what_is_read_is_bounded() {
        String most = "Basic realm=\"" + "a".repeat(ChallengeParser.MAX_LENGTH - 14) + "\"";
        assertThat(parse(most)).hasSize(1);
        assertThat(parse(most + " ")).isEmpty();
        assertThat(parse("Basic,".repeat(1_000))).hasSize(ChallengeParser.MAX_CHALLENGES);
        assertThat(Challenge.parse(java.util.Collections.nCopies(1_000, "Basic")))
                .hasSize(ChallengeParser.MAX_CHALLENGES);
    }

    @Test
    void what_we_say_is_read_as_it_was_meant_wherever_it_stands() {
        Random random = seed.random();
        for (int round = 0; round < 2_000; round++) {
            List<Challenge> said = new ArrayList<>();
            List<String> lines = new ArrayList<>(List.of(""));
            for (int i = random.nextInt(6); i > 0; i--) {
                String next;
                if (random.nextInt(3) == 0) {
                    next = OTHERS.get(random.nextInt(OTHERS.size()));
                } else {
                    Challenge challenge = random.nextBoolean()
                            ? new Basic(text(random))
                            : new Bearer(
                                    text(random),
                                    random.nextBoolean() ? "" : text(random),
                                    random.nextBoolean()
                                            ? List.of()
                                            : List.of(PULL, Scope.repository("host:5000/x", "push", "pull")),
                                    random.nextBoolean() ? Optional.empty() : Optional.of(text(random)));
                    said.add(challenge);
                    next = challenge.render();
                }
                if (random.nextBoolean()) {
                    lines.add(next);
                } else {
                    lines.set(lines.size() - 1, lines.get(lines.size() - 1) + ", " + next);
                }
            }
            assertThat(Challenge.parse(lines)).as("%s", lines).isEqualTo(said);
        }
    }

    @Test
    void any_text_is_read_without_complaint() {
        Random random = seed.random();
        String alphabet = "Bbasic BEARERrealm===,,\"\"\\ \t\r\n\0é/:";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder();
            random.ints(random.nextInt(60), 0, alphabet.length()).forEach(c -> line.append(alphabet.charAt(c)));
            for (Challenge challenge : parse(line.toString())) {
                assertThat(parse(challenge.render())).hasSize(1);
            }
        }
    }

    /** One to twelve characters of printable ASCII. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        random.ints(1 + random.nextInt(12), ' ', 0x7f).forEach(text::appendCodePoint);
        return text.toString();
    }
}
