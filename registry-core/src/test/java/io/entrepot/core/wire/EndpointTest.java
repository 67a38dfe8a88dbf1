package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.MediaType;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.wire.Endpoint.BlobAt;
import io.entrepot.core.wire.Endpoint.Catalog;
import io.entrepot.core.wire.Endpoint.Extensions;
import io.entrepot.core.wire.Endpoint.ManifestAt;
import io.entrepot.core.wire.Endpoint.Referrers;
import io.entrepot.core.wire.Endpoint.TagList;
import io.entrepot.core.wire.Endpoint.UploadAt;
import io.entrepot.core.wire.Endpoint.UploadStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static final String SHA256 = "sha256:" + "0a".repeat(32);
    private static final String SHA512 = "sha512:" + "0b".repeat(64);
    private static final String ID = "123e4567-e89b-12d3-a456-426614174000";
    private static final Digest DIGEST = Digest.parse(SHA256);
    private static final Digest LONG_DIGEST = Digest.parse(SHA512);
    private static final RepositoryName NAME = new RepositoryName("team/app");

    @RegisterExtension
    final Seed seed = new Seed();

    static List<Endpoint> samples() {
        Paging paging = new Paging(OptionalInt.of(0), Optional.of("ä +&=%/\u20ac?#\ud83d\ude00"));
        return List.of(
                new Endpoint.Base(),
                new Catalog(Paging.NONE),
                new Catalog(paging),
                new Catalog(Paging.of(PageRequest.first(10_000))),
                new Extensions(Optional.empty()),
                new Extensions(Optional.of(NAME)),
                new TagList(NAME, Paging.NONE),
                new TagList(NAME, paging),
                new ManifestAt(NAME, new Tag("v1")),
                new ManifestAt(NAME, new Tag("discover")),
                new ManifestAt(NAME, DIGEST),
                new ManifestAt(NAME, LONG_DIGEST, List.of(new Tag("a"), new Tag("b")), Optional.empty()),
                new ManifestAt(NAME, new Tag("v1"), List.of(), Optional.of(LONG_DIGEST)),
                new BlobAt(NAME, DIGEST),
                new UploadStart(NAME),
                new UploadStart(
                        NAME,
                        Optional.of(DIGEST),
                        Optional.of(new RepositoryName("other/app")),
                        Optional.of(LONG_DIGEST),
                        Optional.of(Digest.Algorithm.SHA512)),
                new UploadStart(NAME, Optional.of(DIGEST), Optional.empty(), Optional.empty(), Optional.empty()),
                new UploadAt(NAME, UploadId.parse(ID)),
                new UploadAt(NAME, UploadId.parse(ID), Optional.of(LONG_DIGEST)),
                new Referrers(NAME, DIGEST, Set.of(), Paging.NONE),
                new Referrers(
                        NAME,
                        LONG_DIGEST,
                        Set.of(new MediaType("application/spdx+json"), new MediaType("a/b;c=\"d e\"".replace(" ", ""))),
                        paging));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void what_is_rendered_is_parsed_again(Endpoint endpoint) {
        assertThat(put(endpoint.render())).isEqualTo(endpoint);
    }

    @Test
    void no_endpoint_is_forgotten_above() {
        Set<String> tested = samples().stream().map(e -> e.getClass().getName()).collect(Collectors.toSet());
        assertThat(tested).isEqualTo(leaves(Endpoint.class).map(Class::getName).collect(Collectors.toSet()));
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(EndpointTest::leaves)
                : Stream.of(type);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/x/manifests/y/manifests/z, x/manifests/y",
        "/v2/a/tags/list/tags/list, a/tags/list",
        "/v2/a/tags/list/manifests/z, a/tags/list",
        "/v2/a/blobs/uploads/manifests/z, a/blobs/uploads",
        "/v2/a/blobs/uploads/blobs/uploads/, a/blobs/uploads",
        "/v2/a/blobs/uploads/blobs/uploads, a/blobs/uploads",
        "/v2/a/manifests/blobs/uploads, a/manifests",
        "/v2/manifests/manifests/manifests, manifests",
        "/v2/referrers/manifests/uploads, referrers",
        "/v2/a/manifests/list, a",
        "/v2/tags/list/tags/list, tags/list",
        "/v2/a---b/c__d/e.f/manifests/z, a---b/c__d/e.f",
        "/v2/registry.k8s.io/pause/manifests/3.9, registry.k8s.io/pause",
    })
    void routes_are_found_from_the_right(String path, String name) {
        assertThat(((Endpoint.InRepository) get(path)).name()).isEqualTo(new RepositoryName(name));
    }

    @Test
    void a_missing_slash_at_the_end_is_forgiven_where_clients_forget_it() {
        assertThat(get("/v2")).isEqualTo(get("/v2/")).isEqualTo(new Endpoint.Base());
        assertThat(get("/v2/a/blobs/uploads")).isEqualTo(get("/v2/a/blobs/uploads/"));
    }

    @Test
    void the_colon_of_a_digest_may_be_encoded_in_path_and_query() {
        String encoded = SHA256.replace(":", "%3A");
        assertThat(get("/v2/team/app/blobs/" + encoded)).isEqualTo(new BlobAt(NAME, DIGEST));
        assertThat(get("/v2/team/app/manifests/" + encoded.replace("A", "a"))).isEqualTo(new ManifestAt(NAME, DIGEST));
        assertThat(get("/v2/team/app/referrers/" + encoded))
                .isEqualTo(new Referrers(NAME, DIGEST, Set.of(), Paging.NONE));
        assertThat(put("/v2/team/app/blobs/uploads/" + ID + "?_state=x%2By&digest=" + encoded))
                .isEqualTo(new UploadAt(NAME, UploadId.parse(ID), Optional.of(DIGEST)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "/",
                "/v1/",
                "/v1/_ping",
                "/v22/",
                "/v2x",
                "/V2/",
                "/ui/",
                "/v2/a",
                "/v2/a/b",
                "/v2/a/list",
                "/v2/a/tags",
                "/v2/a/tags/",
                "/v2/a/tags/lists",
                "/v2/_catalog/",
                "/v2/a/_catalog",
                "/v2/a/manifests/",
                "/v2/a/uploads/x",
                "/v2/uploads/x",
                "/v2/a/blobs/uploads/x/y",
                "/v2/_oci/ext",
                "/v2/_oci/ext/discover/"
            })
    void other_paths_are_unknown(String path) {
        assertThatThrownBy(() -> get(path))
                .isInstanceOfSatisfying(
                        RegistryException.Unknown.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_UNKNOWN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/A/manifests/x",
                "/v2/a..b/manifests/x",
                "/v2/a_-b/manifests/x",
                "/v2/-a/manifests/x",
                "/v2/_x/manifests/y",
                "/v2/a/_x/tags/list",
                "/v2/a%3Ab/manifests/x",
                "/v2/manifests/x",
                "/v2/tags/list",
                "/v2/blobs/uploads/",
                "/v2/a:b/tags/list"
            })
    void names_are_checked(String path) {
        refused(path, ErrorCode.NAME_INVALID);
    }

    @Test
    void a_name_has_at_most_255_characters() {
        assertThat(get("/v2/" + "a".repeat(255) + "/tags/list")).isInstanceOf(TagList.class);
        refused("/v2/" + "a".repeat(256) + "/tags/list", ErrorCode.NAME_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {".x", "-x", ".INVALID_MANIFEST_NAME", "a+b", "a@b", "~"})
    void what_cannot_be_a_tag_is_unknown_to_readers_and_invalid_to_writers(String tag) {
        String path = "/v2/a/manifests/" + tag;
        for (String method : List.of("GET", "HEAD", "DELETE")) {
            assertThatThrownBy(() -> Endpoint.parse(method, path, ""))
                    .isInstanceOfSatisfying(
                            RegistryException.Unknown.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN));
        }
        assertThatThrownBy(() -> Endpoint.parse("PUT", path, ""))
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID));
    }

    @Test
    void a_tag_has_at_most_128_characters() {
        assertThat(get("/v2/a/manifests/" + "t".repeat(128))).isInstanceOf(ManifestAt.class);
        assertThatThrownBy(() -> get("/v2/a/manifests/" + "t".repeat(129)))
                .isInstanceOf(RegistryException.Unknown.class);
    }

    static Stream<String> badDigests() {
        return Stream.of(
                        "sha256:baddigeststring",
                        "sha256:" + "A".repeat(64),
                        "sha256:" + "a".repeat(63),
                        "sha256:" + "a".repeat(65),
                        "sha256:",
                        ":" + "a".repeat(64),
                        "md5:" + "a".repeat(32),
                        "blake3:" + "a".repeat(64),
                        "sha512:" + "a".repeat(64),
                        "SHA256:" + "a".repeat(64),
                        "sha256:sha256:" + "a".repeat(57))
                .flatMap(d -> Stream.of("/v2/a/blobs/" + d, "/v2/a/manifests/" + d, "/v2/a/referrers/" + d));
    }

    @ParameterizedTest
    @MethodSource("badDigests")
    void digests_are_checked_for_everybody(String path) {
        refused(path, ErrorCode.DIGEST_INVALID);
        assertThatThrownBy(() -> put(path)).isInstanceOf(RegistryException.Invalid.class);
        assertThatThrownBy(
                        () -> put("/v2/a/blobs/uploads/" + ID + "?digest=" + path.substring(path.lastIndexOf('/') + 1)))
                .isInstanceOf(RegistryException.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1-1-1-1-1", "123E4567-e89b-12d3-a456-426614174000", ID + "0", "..."})
    void what_cannot_be_an_upload_is_unknown(String id) {
        assertThatThrownBy(() -> get("/v2/a/blobs/uploads/" + id))
                .isInstanceOfSatisfying(
                        RegistryException.Unknown.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.BLOB_UPLOAD_UNKNOWN));
    }

    @Test
    void a_mount_that_cannot_be_is_an_upload() {
        String uploads = "/v2/team/app/blobs/uploads/";
        assertThat(get(uploads + "?mount=md5:00&from=other")).isEqualTo(new UploadStart(NAME));
        assertThat(get(uploads + "?mount=" + SHA256 + "&from=NOT/A/NAME")).isEqualTo(new UploadStart(NAME));
        assertThat(get(uploads + "?from=other")).isEqualTo(new UploadStart(NAME));
        assertThat(get(uploads + "?mount=" + SHA256 + "&from=other&origin=example.org&ns=docker.io"))
                .isEqualTo(new UploadStart(
                        NAME,
                        Optional.of(DIGEST),
                        Optional.of(new RepositoryName("other")),
                        Optional.empty(),
                        Optional.empty()));
        refused(uploads + "?digest=md5:00", ErrorCode.DIGEST_INVALID);
        refused(uploads + "?digest-algorithm=md5", ErrorCode.DIGEST_INVALID);
    }

    @Test
    void further_tags_belong_to_a_push_by_digest() {
        String byDigest = "/v2/team/app/manifests/" + SHA256;
        assertThat(put(byDigest + "?tag=a&tag=b&digest=" + SHA256))
                .isEqualTo(new ManifestAt(NAME, DIGEST, List.of(new Tag("a"), new Tag("b")), Optional.empty()));
        assertThat(get(byDigest + "?tag=a")).isEqualTo(new ManifestAt(NAME, DIGEST));
        assertThatThrownBy(() -> put(byDigest + "?tag=.a")).isInstanceOf(RegistryException.Invalid.class);
        assertThatThrownBy(() -> put(byDigest + "?digest=" + SHA512)).isInstanceOf(RegistryException.Invalid.class);
        assertThatThrownBy(() -> put("/v2/team/app/manifests/v1?tag=v2")).isInstanceOf(RegistryException.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'', -, -",
                "n=, -, -",
                "n=0, 0, -",
                "n=7&last=x, 7, x",
                "last=, -, -",
                "last=%C3%A4%2F%2B, -, ä/+",
                "last=a+b, -, a+b",
                "last=a=b, -, a=b",
                "last, -, -",
                "n=10000, 10000, -",
                "n=10001, 10000, -",
                "n=2147483648, 10000, -",
                "n=99999999999999999999999999, 10000, -",
                "n=0000000000000000000000000000012, 12, -",
                "n=1&n=2, 1, -",
                "%6e=3, 3, -",
                "&&x&=y&n=3&&ns=docker.io, 3, -",
                "N=3, -, -"
            })
    void pages_are_asked_for_by_n_and_last(String query, Integer n, String last) {
        Paging expected = new Paging(n == null ? OptionalInt.empty() : OptionalInt.of(n), Optional.ofNullable(last));
        assertThat(Endpoint.parse("GET", "/v2/a/tags/list", query))
                .isEqualTo(new TagList(new RepositoryName("a"), expected));
        assertThat(Endpoint.parse("GET", "/v2/_catalog", query)).isEqualTo(new Catalog(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n=-1",
                "n=-0",
                "n=+1",
                "n=1e9",
                "n=1.0",
                "n=x",
                "n=0x10",
                "n=%2B1",
                "n=%20",
                "last=%",
                "last=%4",
                "last=%zz",
                "last=%+1",
                "last=%C3",
                "last=%FF",
                "last=%C0%AF",
                "last=%ED%A0%80",
                "last=%00",
                "x=%zz",
                "%zz=1",
                "last=a b",
                "last=\u00e4",
                "last=\u0660",
                "last=%\u0661\u0661"
            })
    void a_malformed_query_is_refused(String query) {
        refused("/v2/a/tags/list?" + query, ErrorCode.UNSUPPORTED);
        refused("/v2/_catalog?" + query, ErrorCode.UNSUPPORTED);
    }

    @Test
    void paging_becomes_a_request_to_a_repository() {
        assertThat(Paging.NONE.request(1000)).isEqualTo(PageRequest.first(1000));
        assertThat(new Paging(OptionalInt.of(5), Optional.of("x")).request(1000))
                .isEqualTo(new PageRequest(Optional.of("x"), 5));
        assertThat(new Paging(OptionalInt.of(0), Optional.empty()).nothing()).isTrue();
        assertThat(Paging.NONE.nothing()).isFalse();
        assertThat(Paging.NONE.after("y", 1000)).isEqualTo(new Paging(OptionalInt.of(1000), Optional.of("y")));
    }

    @Test
    void artifact_types_may_be_several_and_contain_a_plus() {
        assertThat(get("/v2/team/app/referrers/" + SHA256
                        + "?artifactType=application/vnd.x+json&artifactType=application%2Fvnd.y%2Bjson&artifactType="))
                .isEqualTo(new Referrers(
                        NAME,
                        DIGEST,
                        Set.of(new MediaType("application/vnd.x+json"), new MediaType("application/vnd.y+json")),
                        Paging.NONE));
    }

    @Test
    void methods_are_listed_in_one_order() {
        assertThat(new ManifestAt(NAME, DIGEST).methods()).containsExactly("GET", "HEAD", "PUT", "DELETE");
        assertThat(new UploadStart(NAME).methods()).containsExactly("POST");
        assertThat(new UploadAt(NAME, UploadId.parse(ID)).methods())
                .containsExactly("GET", "HEAD", "PATCH", "PUT", "DELETE");
    }

    /** Ways in which other registries and web servers were led to another file or repository than they had checked. */
    static Stream<String> traversals() {
        List<String> tricks = List.of(
                "..",
                ".",
                "",
                "%2e%2e",
                "%2E%2E",
                ".%2e",
                "%2e.",
                "..%2f",
                "%2f",
                "%2F",
                "%5c",
                "\\",
                "..\\",
                "%252e%252e",
                "%252f",
                "..;",
                "..;x=y",
                ";",
                "a;b",
                "%3b",
                "%00",
                "\0",
                "a\0b",
                "%0a",
                "\n",
                "\r",
                "\t",
                " ",
                "%20",
                "%c0%ae%c0%ae",
                "%c0%af",
                "%e0%80%af",
                "%u002e",
                "%",
                "%2",
                "%zz",
                "%3",
                "%3A%2f",
                "\u00e4",
                "\uff0e\uff0e",
                "\u202e",
                "\u2215",
                "\u007f",
                "?",
                "#",
                "%23",
                "%3f");
        List<String> places = List.of(
                "/v2/%s/manifests/latest",
                "/v2/a/%s/b/manifests/latest",
                "/v2/a/manifests/%s",
                "/v2/a/blobs/%s/" + SHA256,
                "/v2/a/blobs/uploads/%s/" + ID,
                "/v2/a/%s/tags/list",
                "/v2/%s/_catalog",
                "/%s/v2/_catalog");
        List<String> all = new ArrayList<>();
        for (String trick : tricks) {
            for (String place : places) {
                all.add(place.replace("%s", trick));
            }
        }
        all.remove("/v2/a/manifests/");
        all.addAll(List.of(
                "//v2/_catalog",
                "/v2//_catalog",
                "/v2/./_catalog",
                "/v2/../v2/_catalog",
                "/v2/_catalog/..",
                "/v2/_catalog/.",
                "/v2/a/blobs/uploads//",
                "/v2/a/blobs//uploads/",
                "/v2//",
                "/v2/..",
                "/v2/%2e%2e/",
                "/.",
                "/..",
                "/v2/a/blobs/uploads/..%2f..%2f..%2fetc%2fpasswd",
                "/v2/a/blobs/../../../etc/passwd",
                "/v2/a/blobs/sha256:..%2f..%2f..",
                "/v2/a/tags/list/..",
                "/v2/a/tags/list;x",
                "/v2/_catalog;/x",
                "/v2/a/blobs/uploads/" + ID + "%3A",
                "/v2/a/blobs/uploads%3A/" + ID,
                "/v2/_catalog%3A",
                "/v2/%3A/tags/list"));
        return all.stream();
    }

    @Test
    void a_path_that_could_be_another_one_is_refused() {
        List<String> paths = traversals().toList();
        assertThat(paths).hasSizeGreaterThan(300);
        for (String method : List.of("GET", "PUT")) {
            for (String path : paths) {
                assertThatThrownBy(() -> Endpoint.parse(method, path, ""))
                        .as(path)
                        .isInstanceOfSatisfying(
                                RegistryException.Invalid.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_INVALID));
            }
        }
    }

    /** Random changes to good requests: an answer or a refusal, and an answer is the one that it renders to. */
    @Test
    void whatever_is_asked_there_is_an_answer_or_a_refusal() {
        Random random = seed.random();
        List<String> good =
                new ArrayList<>(samples().stream().map(Endpoint::render).toList());
        Set<String> outcomes = new TreeSet<>();
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
            for (int changes = random.nextInt(5); changes >= 0; changes--) {
                mutate(text, random);
            }
            String uri = text.toString();
            try {
                Endpoint endpoint = random.nextBoolean() ? get(uri) : put(uri);
                assertThat(put(endpoint.render())).as(uri).isEqualTo(endpoint);
                outcomes.add(endpoint.getClass().getSimpleName());
            } catch (RegistryException.Invalid | RegistryException.Unknown e) {
                outcomes.add(e.code().name());
            }
        }
        assertThat(outcomes).contains("ManifestAt", "BlobAt", "NAME_INVALID", "NAME_UNKNOWN", "DIGEST_INVALID");
    }

    private static void mutate(StringBuilder text, Random random) {
        String parts = "/%.;\\?&=+:-_aZ09\0\u00e4~";
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(4)) {
            case 0 -> text.insert(at, parts.charAt(random.nextInt(parts.length())));
            case 1 -> text.insert(at, (char) random.nextInt(0x180));
            case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
            default ->
                text.insert(
                        at,
                        List.of("%3A", "/manifests/", "/blobs/", "..", "%2e").get(random.nextInt(5)));
        }
    }

    private static void refused(String uri, ErrorCode code) {
        assertThatThrownBy(() -> get(uri))
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.code()).isEqualTo(code));
    }

    private static Endpoint get(String uri) {
        return parse("GET", uri);
    }

    private static Endpoint put(String uri) {
        return parse("PUT", uri);
    }

    /** As a server splits it: at the first question mark. */
    private static Endpoint parse(String method, String uri) {
        int mark = uri.indexOf('?');
        return mark < 0
                ? Endpoint.parse(method, uri, "")
                : Endpoint.parse(method, uri.substring(0, mark), uri.substring(mark + 1));
    }
}
