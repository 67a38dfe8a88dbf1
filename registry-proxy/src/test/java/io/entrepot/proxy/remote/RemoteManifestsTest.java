package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteManifestsTest extends AgainstUpstream {
    private static final Digest OTHER = Content.of("other").digest();

    private void assertPulls(Manifest manifest) {
        assertThat(manifest.descriptor()).isEqualTo(image.descriptor());
        assertThat(Bytes.of(manifest.bytes()))
                .isEqualTo(Bytes.of(image.manifest().bytes()));
    }

    @Test
    void the_types_that_are_accepted_are_always_the_same_and_named_one_by_one() {
        nginx.manifest(ONE);
        nginx.resolve(image.digest());
        assertThat(upstream.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.header("Accept"))
                        .hasValue(
                                "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
                                        + "application/vnd.docker.distribution.manifest.list.v2+json, "
                                        + "application/vnd.docker.distribution.manifest.v2+json, "
                                        + "application/vnd.docker.distribution.manifest.v1+prettyjws, "
                                        + "application/vnd.docker.distribution.manifest.v1+json, */*"));
    }

    @Test
    void a_digest_is_asked_for_as_it_is_written() {
        nginx.manifest(image.digest());
        assertThat(upstream.requests().get(0).target()).isEqualTo(MANIFESTS + image.digest());
    }

    @Test
    void a_tag_is_resolved_by_head_alone() {
        assertThat(nginx.resolve(ONE)).isEqualTo(image.descriptor());
        assertThat(upstream.count("GET", "")).isZero();
    }

    @Test
    void bytes_that_are_not_those_of_the_digest_are_never_returned() {
        get(MANIFESTS, Fault.flipAt(100));
        assertUnavailable(() -> nginx.manifest(image.digest()), "corrupt");
        assertUnavailable(() -> nginx.manifest(ONE), "corrupt");
    }

    @Test
    void other_bytes_are_not_believed_even_if_the_header_says_what_was_asked_for() {
        Sample other = upstream.image("library/nginx", "2", config);
        get(MANIFESTS + image.digest(), Fault.body(Bytes.of(other.manifest().bytes())));
        assertUnavailable(() -> nginx.manifest(image.digest()), "with the bytes of " + other.digest());
    }

    @Test
    void a_digest_that_is_not_that_of_the_bytes_is_noticed() {
        get(MANIFESTS, Fault.digest(OTHER));
        assertUnavailable(() -> nginx.manifest(ONE), "said to be " + OTHER);
        assertUnavailable(() -> nginx.manifest(image.digest()), "corrupt");
        head(MANIFESTS, Fault.digest(OTHER));
        assertUnavailable(() -> nginx.resolve(image.digest()), "said to be " + OTHER);
    }

    @Test
    void without_a_digest_it_is_computed() {
        upstream.on(Match.path(MANIFESTS), Fault.without("Docker-Content-Digest"));
        assertPulls(nginx.manifest(ONE));
        assertPulls(nginx.manifest(image.digest()));
        assertThat(nginx.resolve(ONE)).isEqualTo(image.descriptor());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "sha256:123", "blake3:00", ""})
    void a_digest_that_is_none_says_nothing(String header) {
        upstream.on(Match.path(MANIFESTS), Fault.header("Docker-Content-Digest", header));
        assertPulls(nginx.manifest(ONE));
        assertThat(nginx.resolve(ONE)).isEqualTo(image.descriptor());
    }

    @Test
    void a_digest_of_another_algorithm_is_checked_by_that() {
        Digest strong = Digest.of(Digest.Algorithm.SHA512, image.manifest().bytes());
        upstream.on(Match.path(MANIFESTS), Fault.digest(strong));
        assertThat(nginx.manifest(ONE).digest()).isEqualTo(strong);
        assertThat(nginx.manifest(image.digest()).digest()).isEqualTo(image.digest());
        assertThat(nginx.resolve(image.digest()).digest()).isEqualTo(image.digest());
        upstream.forgetRules();
        get(MANIFESTS, Fault.digest(strong).and(Fault.flipAt(3)));
        assertUnavailable(() -> nginx.manifest(ONE), "corrupt");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 405})
    void a_head_that_is_refused_is_asked_by_get(int status) {
        head(MANIFESTS, Fault.status(status));
        assertThat(nginx.resolve(ONE)).isEqualTo(image.descriptor());
    }

    @Test
    void a_head_without_length_or_type_is_asked_by_get() {
        for (Fault fault : new Fault[] {Fault.untilClose(), Fault.declaredLength(0), Fault.without("Content-Type")}) {
            upstream.forgetRules();
            upstream.forgetRequests();
            head(MANIFESTS, fault);
            assertThat(nginx.resolve(ONE)).isEqualTo(image.descriptor());
            assertThat(upstream.count("GET", MANIFESTS)).isEqualTo(1);
        }
    }

    @Test
    void parameters_of_the_type_are_dropped() {
        upstream.on(Match.path(MANIFESTS), Fault.header("Content-Type", MediaType.OCI_MANIFEST + "; charset=utf-8"));
        assertThat(nginx.manifest(ONE).mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
        assertThat(nginx.resolve(ONE).mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain; charset=utf-8", "application/octet-stream", "application/json"})
    void a_type_that_says_nothing_is_replaced_by_what_the_manifest_says(String type) {
        upstream.on(Match.path(MANIFESTS), Fault.header("Content-Type", type));
        assertPulls(nginx.manifest(ONE));
        assertThat(nginx.resolve(ONE)).isEqualTo(image.descriptor());
    }

    @Test
    void types_that_nobody_knows_pass_byte_for_byte() {
        MediaType future = new MediaType("application/vnd.example.future.v7+json");
        Digest digest = upstream.content().manifest("library/nginx", "future", future, "{ \"what\" : 1 }");
        Manifest manifest = nginx.manifest(new Tag("future"));
        assertThat(manifest.mediaType()).isEqualTo(future);
        assertThat(manifest.digest()).isEqualTo(digest);
        assertThat(nginx.resolve(new Tag("future"))).isEqualTo(new Descriptor(future, digest, 14));
    }

    @Test
    void a_signed_manifest_of_schema_1_is_known_by_all_of_its_bytes() {
        MediaType signed = new MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws");
        Digest whole = upstream.content().manifest("library/nginx", "old", signed, "{\"schemaVersion\":1}");
        // Its registry hashes it without its signatures.
        upstream.on(Match.path(MANIFESTS + "old"), Fault.digest(OTHER));
        assertThat(nginx.manifest(new Tag("old")).digest()).isEqualTo(whole);
        assertThat(nginx.resolve(new Tag("old")).digest()).isEqualTo(whole);
    }

    @Test
    void a_page_of_a_web_site_is_no_manifest() {
        get(MANIFESTS, Fault.html(200));
        assertUnavailable(() -> nginx.manifest(ONE), "something else where a manifest should be");
        assertUnavailable(() -> nginx.resolve(new Tag("none")), "something else where a manifest should be");
    }

    @Test
    void nothing_is_no_manifest() {
        get(MANIFESTS, Fault.body("").and(Fault.without("Docker-Content-Digest")));
        assertUnavailable(() -> nginx.manifest(ONE), "nothing where a manifest should be");
    }

    @Test
    void more_than_four_megabytes_are_not_read() {
        get(MANIFESTS, Fault.huge(Manifest.MAX_BYTES + 1));
        assertUnavailable(() -> nginx.manifest(ONE), "longer than");
        upstream.forgetRules();
        get(MANIFESTS, Fault.endless());
        assertUnavailable(() -> nginx.manifest(ONE), "longer than");
        upstream.forgetRules();
        head(MANIFESTS, Fault.declaredLength(Manifest.MAX_BYTES + 1L));
        assertThat(nginx.resolve(ONE)).isEqualTo(image.descriptor());
    }

    @Test
    void a_manifest_that_breaks_off_is_asked_for_again() {
        upstream.on(Match.get(MANIFESTS), 1, Fault.cutAt(50));
        upstream.on(Match.get(MANIFESTS), 1, Fault.resetAt(60));
        assertPulls(nginx.manifest(ONE));
        assertThat(upstream.count("GET", MANIFESTS)).isEqualTo(3);
        get(MANIFESTS, Fault.cutAt(50));
        assertUnavailable(() -> nginx.manifest(ONE), "");
    }

    @Test
    void a_manifest_may_come_without_its_length() {
        upstream.on(Match.get(MANIFESTS), 1, Fault.chunked());
        upstream.on(Match.get(MANIFESTS), 1, Fault.untilClose());
        assertPulls(nginx.manifest(ONE));
        assertPulls(nginx.manifest(ONE));
    }

    @Test
    void a_length_that_is_too_short_is_noticed_by_the_digest() {
        get(MANIFESTS, Fault.declaredLength(image.manifest().size() - 1));
        assertUnavailable(() -> nginx.manifest(image.digest()), "corrupt");
    }

    @Test
    void what_is_compressed_although_it_was_asked_not_to_be_is_refused() {
        get(MANIFESTS, Fault.gzip());
        assertUnavailable(() -> nginx.manifest(ONE), "encodes what it sends");
        head(MANIFESTS, Fault.header("Content-Encoding", "gzip"));
        assertUnavailable(() -> nginx.resolve(ONE), "encodes what it sends");
        upstream.forgetRules();
        get(MANIFESTS, Fault.header("Content-Encoding", "identity"));
        assertPulls(nginx.manifest(ONE));
    }

    @Test
    void what_is_not_there_is_unknown_by_the_name_that_was_asked_for() {
        assertUnknown(() -> nginx.manifest(new Tag("none")), ErrorCode.MANIFEST_UNKNOWN);
        assertUnknown(() -> nginx.resolve(new Tag("none")), ErrorCode.MANIFEST_UNKNOWN);
        get(MANIFESTS, Fault.html(404));
        head(MANIFESTS, Fault.html(404));
        assertUnknown(() -> nginx.manifest(ONE), ErrorCode.MANIFEST_UNKNOWN);
        assertUnknown(() -> nginx.resolve(ONE), ErrorCode.MANIFEST_UNKNOWN);
    }

    @Test
    void an_index_is_not_judged_by_what_it_refers_to() {
        String index = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"manifests\":[]}";
        Digest digest = upstream.content().manifest("library/nginx", "all", MediaType.OCI_INDEX, index);
        assertThat(Bytes.of(nginx.manifest(digest).bytes())).isEqualTo(index.getBytes(StandardCharsets.UTF_8));
    }
}
