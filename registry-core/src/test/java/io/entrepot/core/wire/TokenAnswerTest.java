package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAnswerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    @Test
    void every_kind_of_client_finds_its_token() {
        TokenAnswer answer = new TokenAnswer(
                "a.b.c",
                Duration.ofMinutes(30),
                NOW.plusMillis(123),
                List.of(Scope.repository("team/app", "pull", "push"), Scope.CATALOG),
                Optional.empty());
        assertThat(new String(answer.json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"token\":\"a.b.c\",\"access_token\":\"a.b.c\",\"expires_in\":1800,"
                        + "\"issued_at\":\"2026-03-01T08:00:00Z\","
                        + "\"scope\":\"repository:team/app:pull,push registry:catalog:*\"}");
        assertThat(TokenAnswer.read(answer.json(), Instant.EPOCH)).contains(answer);
        assertThat(answer.toString()).doesNotContain("a.b.c");
    }

    @Test
    void a_refresh_token_is_only_there_if_it_was_given() {
        TokenAnswer answer = new TokenAnswer("t", Duration.ofMinutes(5), NOW, List.of(), Optional.of("again"));
        assertThat(TokenAnswer.read(answer.json(), NOW)).contains(answer);
        assertThat(answer.toString()).doesNotContain("again");
    }

    @Test
    void what_other_servers_leave_out_is_assumed_as_the_specification_says() {
        assertThat(TokenAnswer.read("{\"access_token\":\"t\"}".getBytes(StandardCharsets.UTF_8), NOW))
                .contains(new TokenAnswer("t", Duration.ofSeconds(60), NOW, List.of(), Optional.empty()));
        assertThat(TokenAnswer.read(
                        "{\"token\":\"t\",\"access_token\":\"\",\"expires_in\":-3,\"issued_at\":\"today\"}"
                                .getBytes(StandardCharsets.UTF_8),
                        NOW))
                .contains(new TokenAnswer("t", Duration.ofSeconds(60), NOW, List.of(), Optional.empty()));
        assertThat(TokenAnswer.read(
                        "{\"token\":\"t\",\"expires_in\":1e300,\"issued_at\":\"2026-03-01T09:00:00.5+01:00\"}"
                                .getBytes(StandardCharsets.UTF_8),
                        Instant.EPOCH))
                .contains(new TokenAnswer("t", Duration.ofDays(366), NOW, List.of(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"token\":\"\"}", "{\"token\":7}", "{\"token\":\"a\"", "<html>"})
    void without_a_token_it_is_no_answer(String body) {
        assertThat(TokenAnswer.read(body.getBytes(StandardCharsets.UTF_8), NOW)).isEmpty();
    }

    @Test
    void a_refusal_is_said_in_the_words_of_oauth() {
        assertThat(new String(TokenRefusal.unsupportedGrantType().json(), StandardCharsets.UTF_8))
                .startsWith("{\"error\":\"unsupported_grant_type\",\"error_description\":\"");
    }
}
