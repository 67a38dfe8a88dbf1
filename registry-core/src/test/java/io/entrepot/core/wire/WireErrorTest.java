package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Problem;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireErrorTest {
    private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(404, RegistryException.unknownBlob(DIGEST)),
                Arguments.of(404, RegistryException.unknownManifest(new Tag("v1"))),
                Arguments.of(404, RegistryException.unknownName(new RepositoryName("a/b"))),
                Arguments.of(404, RegistryException.unknownUpload(UploadId.random())),
                Arguments.of(400, RegistryException.invalidDigest("no digest")),
                Arguments.of(400, RegistryException.invalidName("no name")),
                Arguments.of(400, RegistryException.invalidManifest("no manifest")),
                Arguments.of(400, RegistryException.missingBlobs(List.of(DIGEST, DIGEST))),
                Arguments.of(400, new RegistryException.Invalid(ErrorCode.SIZE_INVALID, "too short")),
                Arguments.of(400, new RegistryException.Invalid(ErrorCode.UNSUPPORTED, "n is a number")),
                Arguments.of(401, new RegistryException.Unauthorized("log in")),
                Arguments.of(403, new RegistryException.Denied("tag v1 exists", "allow_once")),
                Arguments.of(405, new RegistryException.Unsupported("a proxy is read-only")),
                Arguments.of(412, new RegistryException.PreconditionFailed("it has moved")),
                Arguments.of(413, new RegistryException.TooLarge(ErrorCode.SIZE_INVALID, 5, "at most 5")),
                Arguments.of(416, new RegistryException.OutOfOrder(42, "goes on at 42")),
                Arguments.of(416, new RegistryException.OutOfOrder(0, "begins at 0")),
                Arguments.of(416, new RegistryException.RangeUnsatisfiable(42, "has 42")),
                Arguments.of(
                        429,
                        new RegistryException.Unavailable(
                                ErrorCode.TOOMANYREQUESTS, "slower", Optional.of(Duration.ofSeconds(7)), null)),
                Arguments.of(500, RegistryException.storage("the disk failed", null)),
                Arguments.of(
                        503,
                        new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, "not now", Optional.empty(), null)),
                Arguments.of(507, new RegistryException.InsufficientStorage("the disk is full", null)));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_arrives_as_it_was_sent(int status, RegistryException sent) {
        WireError error = WireError.of(sent, "4f2a");
        assertThat(error.status()).isEqualTo(status).isEqualTo(WireError.status(sent));

        RegistryException got = read(error);

        assertThat(got).hasSameClassAs(sent);
        if (status < 500) {
            assertThat(got.toString()).isEqualTo(sent.toString());
            assertThat(got.problems()).isEqualTo(sent.problems());
        } else {
            assertThat(got).hasMessage(sent.getMessage() + " (request 4f2a)");
            assertThat(got.code()).isEqualTo(sent.code());
        }
        if (sent instanceof RegistryException.Unavailable before
                && got instanceof RegistryException.Unavailable after) {
            assertThat(after.retryAfter()).isEqualTo(before.retryAfter());
        }
    }

    @Test
    void no_kind_of_exception_is_forgotten_above() {
        Set<Class<?>> sent = errors().map(a -> a.get()[1].getClass()).collect(Collectors.toSet());
        assertThat(sent).isEqualTo(kinds(RegistryException.class).collect(Collectors.toSet()));
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        Stream<Class<?>> itself = Modifier.isAbstract(type.getModifiers()) ? Stream.of() : Stream.of(type);
        return type.isSealed()
                ? Stream.concat(itself, Stream.of(type.getPermittedSubclasses()).flatMap(WireErrorTest::kinds))
                : itself;
    }

    @Test
    void the_body_has_the_form_of_the_specification() {
        assertThat(text(WireError.of(RegistryException.missingBlobs(List.of(DIGEST)), "x")))
                .isEqualTo(
                        "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"message\":\"the manifest refers to a blob that"
                                + " this repository does not have: push it first\",\"detail\":\"" + DIGEST + "\"}]}");
    }

    @Test
    void a_body_can_be_shown_in_a_page() {
        String text = text(WireError.of(new RegistryException.Denied("<script>'&\u2028", "</x>"), "x"));
        assertThat(text).doesNotContain("<", ">", "&", "'", "\u2028");
    }

    @Test
    void a_401_has_a_detail_lest_docker_repeats_the_push() {
        assertThat(text(WireError.of(new RegistryException.Unauthorized("log in"), "x")))
                .contains("\"detail\":\"log in\"");
    }

    /** Its reason travels in the challenge, the only part of a 401 that says what a better token would be. */
    @ParameterizedTest
    @CsvSource({
        "INSUFFICIENT_SCOPE,insufficient_scope,INSUFFICIENT_SCOPE",
        "INVALID_TOKEN,invalid_token,INVALID_TOKEN",
        "NOBODY,,NOBODY",
        "WRONG_CREDENTIALS,,NOBODY"
    })
    void a_401_reads_back_with_its_detail_and_what_the_challenge_says(
            Reason reason, @Nullable String error, Reason read) {
        WireError sent = WireError.of(new RegistryException.Unauthorized(reason, "eve may not", "team/app"), "x");
        String challenge =
                new Challenge.Bearer("https://r/token", "main", List.of(), Optional.ofNullable(error)).render();
        RegistryException back = WireError.read(
                sent.status(),
                name -> name.equals("WWW-Authenticate") ? challenge : "",
                text(sent).getBytes(StandardCharsets.UTF_8));
        assertThat(back).isInstanceOfSatisfying(RegistryException.Unauthorized.class, e -> {
            assertThat(e.reason()).isEqualTo(read);
            assertThat(e.getMessage()).isEqualTo("eve may not");
            assertThat(e.problems().get(0).detail()).contains("team/app");
        });
    }

    @Test
    void a_401_of_anybody_is_a_401_whatever_its_challenge_is() {
        for (String challenge : List.of("", "Basic", "Bearer realm=\"r\",error=\"unheard of\"", "\"", "Negotiate")) {
            assertThat(WireError.read(401, name -> challenge, new byte[0]))
                    .isInstanceOfSatisfying(
                            RegistryException.Unauthorized.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.NOBODY));
        }
    }

    @Test
    void the_wait_is_rounded_up_to_seconds() {
        RegistryException busy = new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, "busy", Optional.of(Duration.ofMillis(1001)), null);
        assertThat(WireError.of(busy, "x").headers()).containsEntry("Retry-After", "2");
    }

    @Test
    void an_upload_out_of_order_says_what_is_held() {
        assertThat(WireError.of(new RegistryException.OutOfOrder(5, ""), "x").headers())
                .containsEntry("Range", "0-4");
        assertThat(WireError.of(new RegistryException.RangeUnsatisfiable(5, ""), "x")
                        .headers())
                .containsEntry("Content-Range", "bytes */5");
    }

    @Test
    void a_body_is_at_its_beginning_each_time() {
        WireError error = WireError.of(new RegistryException.Unauthorized("log in"), "x");
        assertThat(text(error)).isEqualTo(text(error)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>502 Bad Gateway</html>",
                "[]",
                "null",
                "{}",
                "{\"errors\":null}",
                "{\"errors\":[]}",
                "{\"errors\":[null,1,[]]}",
                "{\"errors\":{}}",
                "{\"errors\":[{}]",
                "\u0000\ufffd",
                "{\"errors\":[{\"code\":7,\"message\":[]}]}"
            })
    void any_body_will_do(String body) {
        for (int status = 300; status < 600; status++) {
            RegistryException e = WireError.read(status, name -> "", body.getBytes(StandardCharsets.UTF_8));
            assertThat(e.getMessage()).isNotEmpty();
            assertThat(e instanceof RegistryException.Unknown).isEqualTo(status == 404 || status == 410);
        }
    }

    @Test
    void deep_bodies_do_no_harm() {
        byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThat(WireError.read(400, name -> "", deep)).isInstanceOf(RegistryException.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource({"'',", "x,", "-1,", "99999999999,", "'Wed, 21 Oct 2015 07:28:00 GMT',", "0,0", "120,120"})
    void only_seconds_to_wait_are_understood(String header, Long seconds) {
        var e = (RegistryException.Unavailable) WireError.read(429, name -> header, new byte[0]);
        assertThat(e.retryAfter()).isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Test
    void foreign_codes_do_not_hide_the_message() {
        byte[] body = "{\"errors\":[{\"code\":\"TAG_INVALID\",\"message\":\"no\",\"detail\":{\"a\":1}}]}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(WireError.read(400, name -> "", body).problems())
                .containsExactly(new Problem(ErrorCode.UNSUPPORTED, "no", Optional.empty()));
    }

    private static RegistryException read(WireError error) {
        byte[] body = text(error).getBytes(StandardCharsets.UTF_8);
        return WireError.read(error.status(), name -> error.headers().getOrDefault(name, ""), body);
    }

    private static String text(WireError error) {
        return StandardCharsets.UTF_8.decode(error.body()).toString();
    }
}
