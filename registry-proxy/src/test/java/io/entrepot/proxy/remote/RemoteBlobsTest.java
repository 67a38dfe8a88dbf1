package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteBlobsTest extends AgainstUpstream {
    private final Descriptor whole = Descriptor.ofBlob(layer.digest(), layer.size());

    private byte[] pull() {
        return Client.pull(nginx, layer.digest());
    }

    private byte[] part(int from, int to) {
        try (Blob opened = nginx.open(layer.digest())) {
            return Bytes.of(opened, from, to);
        }
    }

    private void assertNotRead(String sentence) {
        assertUnavailable(() -> part(100, 200), sentence);
    }

    @Test
    void a_blob_that_is_read_from_its_beginning_costs_one_request() {
        assertThat(pull()).isEqualTo(layer.bytes());
        assertThat(upstream.requests()).hasSize(1);
        assertThat(upstream.bodyBytes(layer.digest())).isEqualTo(layer.size());
    }

    @Test
    void a_blob_is_read_again_and_in_parts_by_requests_of_their_own() {
        try (Blob opened = nginx.open(layer.digest())) {
            assertThat(Bytes.of(opened)).isEqualTo(layer.bytes());
            assertThat(Bytes.of(opened)).isEqualTo(layer.bytes());
            assertThat(Bytes.of(opened, 5, 5)).isEmpty();
            assertThat(Bytes.of(opened, layer.size(), layer.size())).isEmpty();
            assertThat(Bytes.of(opened, 7, 8)).isEqualTo(layer.bytes(7, 8));
        }
        assertThat(upstream.requests())
                .extracting(request -> request.header("Range").orElse(""))
                .containsExactly("", "bytes=0-199999", "bytes=7-7");
    }

    @Test
    void a_range_beyond_the_blob_is_a_mistake_of_the_caller() {
        try (Blob opened = nginx.open(layer.digest())) {
            assertThatThrownBy(() -> opened.stream(new ByteRange(layer.size(), 1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_range_that_is_ignored_is_skipped_to() {
        upstream.on(
                Match.get(blob).with("Range"),
                (request, answer) -> answer.status(200).without("Content-Range").body(layer.bytes()));
        assertThat(part(100, 200)).isEqualTo(layer.bytes(100, 200));
        assertThat(part(150_000, 200_000)).isEqualTo(layer.bytes(150_000, 200_000));
    }

    @Test
    void what_is_skipped_may_break_off_too() {
        upstream.withoutRanges();
        upstream.on(Match.get(blob).with("Range"), Fault.cutAt(50));
        assertThatThrownBy(() -> part(100, 200)).isInstanceOf(UncheckedIOException.class);
        upstream.forgetRules();
        upstream.on(Match.get(blob).with("Range"), Fault.untilClose().and(Fault.cutAt(50)));
        assertThatThrownBy(() -> part(100, 200)).isInstanceOf(UncheckedIOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes 99-198/200000",
                "bytes 100-198/200000",
                "bytes 100-200/200000",
                "bytes 100-199/200001",
                "bytes 200-100/200000",
                "bytes 100-199/150",
                "bytes=100-199/200000",
                "100-199",
                "nonsense",
                ""
            })
    void a_part_that_is_not_said_to_be_the_one_that_was_asked_for_is_refused(String contentRange) {
        upstream.on(Match.get(blob).with("Range"), Fault.contentRange(contentRange));
        assertNotRead("another part");
    }

    @Test
    void a_part_may_leave_the_size_open() {
        upstream.on(Match.get(blob).with("Range"), Fault.contentRange("bytes 100-199/*"));
        assertThat(part(100, 200)).isEqualTo(layer.bytes(100, 200));
    }

    @Test
    void a_range_that_cannot_be_satisfied_although_it_could_a_moment_ago_is_unavailable() {
        upstream.on(Match.get(blob).with("Range"), Fault.unsatisfiable(50));
        assertNotRead("smaller than it was");
    }

    @Test
    void another_size_in_answer_to_a_range_is_noticed() {
        upstream.on(
                Match.get(blob).with("Range"),
                (request, answer) -> answer.status(200).without("Content-Range").body(layer.bytes(0, 150)));
        assertNotRead("another size");
    }

    @Test
    void a_body_that_ends_too_early_ends_with_an_exception() {
        for (Fault fault : new Fault[] {
            Fault.cutAt(100_000), Fault.resetAt(100_000), Fault.chunked().and(Fault.cutAt(100_000))
        }) {
            upstream.forgetRules();
            get(blob, fault);
            assertThatThrownBy(this::pull).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void a_part_that_ends_too_early_ends_with_an_exception() throws IOException {
        byte[] few = layer.bytes(100, 150);
        upstream.on(Match.get(blob).with("Range"), Fault.body(few));
        try (Blob opened = nginx.open(layer.digest());
                InputStream in = opened.stream(new ByteRange(100, 100))) {
            assertThat(in.readNBytes(50)).isEqualTo(few);
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("50 bytes too few");
        }
    }

    @Test
    void what_is_sent_beyond_the_end_is_not_read() {
        upstream.on(Match.get(blob).with("Range"), Fault.body(layer.bytes(100, 1_000)));
        assertThat(part(100, 200)).isEqualTo(layer.bytes(100, 200));
    }

    @Test
    void what_was_read_before_it_broke_off_can_be_gone_on_with() throws IOException {
        upstream.on(Match.get(blob), 1, Fault.resetAt(100_000));
        byte[] bytes = new byte[layer.size()];
        try (Blob opened = nginx.open(layer.digest())) {
            int had = 0;
            try (InputStream in = opened.stream(new ByteRange(0, opened.size()))) {
                int n = in.read(bytes, had, bytes.length - had);
                while (n >= 0) {
                    had += n;
                    n = in.read(bytes, had, bytes.length - had);
                }
            } catch (IOException e) {
                // Broken off, as it should be.
            }
            assertThat(had).isLessThanOrEqualTo(100_000);
            try (InputStream in = opened.stream(new ByteRange(had, opened.size() - had))) {
                assertThat(in.readNBytes(bytes, had, bytes.length - had)).isEqualTo(bytes.length - had);
            }
        }
        assertThat(bytes).isEqualTo(layer.bytes());
    }

    @Test
    void a_blob_that_comes_without_its_length_is_asked_for_it_by_head() {
        get(blob, Fault.chunked());
        try (Blob opened = nginx.open(layer.digest())) {
            assertThat(opened.size()).isEqualTo(layer.size());
            assertThat(Bytes.of(opened)).isEqualTo(layer.bytes());
        }
        assertThat(upstream.count("HEAD", blob)).isEqualTo(1);
    }

    @Test
    void if_head_does_not_say_the_length_the_first_byte_does() {
        upstream.on(Match.get(blob).without("Range"), Fault.chunked());
        head(blob, Fault.status(405));
        assertThat(pull()).isEqualTo(layer.bytes());
    }

    @Test
    void a_blob_whose_length_nobody_says_is_unavailable() {
        upstream.on(Match.get(blob).without("Range"), Fault.chunked());
        upstream.on(Match.get(blob).with("Range"), Fault.contentRange("bytes 0-0/*"));
        head(blob, Fault.untilClose());
        assertUnavailable(() -> nginx.open(layer.digest()), "does not say how large");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 405})
    void a_head_that_is_refused_is_replaced_by_a_get_of_one_byte(int status) {
        head(blob, Fault.status(status));
        assertThat(nginx.stat(layer.digest())).isEqualTo(whole);
        assertThat(upstream.bodyBytes(layer.digest())).isEqualTo(1);
    }

    @Test
    void a_head_without_a_length_or_with_none_is_not_believed() {
        for (Fault fault : new Fault[] {Fault.untilClose(), Fault.declaredLength(0)}) {
            upstream.forgetRules();
            head(blob, fault);
            assertThat(nginx.stat(layer.digest())).isEqualTo(whole);
        }
    }

    @Test
    void a_get_of_one_byte_may_be_answered_with_the_whole() {
        head(blob, Fault.status(405));
        upstream.on(
                Match.get(blob).with("Range"),
                (request, answer) -> answer.status(200).without("Content-Range").body(layer.bytes()));
        assertThat(nginx.stat(layer.digest())).isEqualTo(whole);
    }

    @Test
    void the_size_of_nothing_can_be_learned_without_head() {
        Content empty = Content.of("");
        upstream.content().blob("library/nginx", empty);
        assertThat(nginx.stat(empty.digest()).size()).isZero();
        assertThat(Client.pull(nginx, empty.digest())).isEmpty();
        head("/blobs/", Fault.status(405));
        assertThat(nginx.stat(empty.digest()).size()).isZero();
        get("/blobs/", Fault.unsatisfiable(0));
        assertThat(nginx.stat(empty.digest()).size()).isZero();
    }

    @Test
    void a_blob_that_is_said_to_be_another_one_is_not_opened() {
        Digest other = Content.of("other").digest();
        upstream.on(Match.path(blob), Fault.digest(other));
        assertUnavailable(() -> nginx.open(layer.digest()), "said to be " + other);
        assertUnavailable(() -> nginx.stat(layer.digest()), "said to be " + other);
        upstream.forgetRules();
        upstream.on(Match.path(blob), Fault.digest(layer.digest(Digest.Algorithm.SHA512)));
        assertThat(pull()).isEqualTo(layer.bytes());
    }

    @Test
    void a_blob_that_comes_encoded_is_not_opened() {
        get(blob, Fault.gzip());
        assertUnavailable(() -> nginx.open(layer.digest()), "encodes what it sends");
    }

    @Test
    void bytes_are_given_as_they_come_and_are_the_readers_to_verify() {
        get(blob, Fault.flipAt(5));
        byte[] bytes = pull();
        assertThat(bytes).hasSize(layer.size()).isNotEqualTo(layer.bytes());
    }

    @Test
    void part_of_a_blob_in_answer_to_no_range_makes_no_sense() {
        get(blob, (request, answer) -> answer.status(206));
        assertUnavailable(() -> nginx.open(layer.digest()), "status 206");
    }

    @Test
    void what_is_not_there_is_unknown_and_what_is_refused_is_denied() {
        Digest nowhere = Content.of("nowhere").digest();
        assertUnknown(() -> nginx.open(nowhere), ErrorCode.BLOB_UNKNOWN);
        assertUnknown(() -> nginx.stat(nowhere), ErrorCode.BLOB_UNKNOWN);
        upstream.on(Match.path(blob), Fault.error(401, "UNAUTHORIZED", "not yours"));
        assertDenied(() -> nginx.open(layer.digest()));
        assertDenied(() -> nginx.stat(layer.digest()));
    }

    @Test
    void a_blob_may_be_fetched_from_where_it_is_redirected_to() {
        try (ScriptedUpstream cdn = new ScriptedUpstream(upstream.content())) {
            get(blob, Fault.redirectTo(cdn));
            assertThat(pull()).isEqualTo(layer.bytes());
            // A signed URL may have ended meanwhile: each part is asked for anew.
            assertThat(part(100, 200)).isEqualTo(layer.bytes(100, 200));
            assertThat(upstream.requests())
                    .allSatisfy(r -> assertThat(r.target()).isEqualTo(blob));
        }
    }

    @Test
    void blobs_may_be_closed_unread() {
        for (int i = 0; i < 10; i++) {
            nginx.open(layer.digest()).close();
        }
        assertThat(pull()).isEqualTo(layer.bytes());
    }
}
