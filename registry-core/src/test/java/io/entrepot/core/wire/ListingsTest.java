package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingsTest {
    private static final RepositoryName NAME = new RepositoryName("team/app");
    private static final MediaType TYPE = new MediaType("application/spdx+json");

    @Test
    void tags_are_written_and_read() throws IOException {
        StringWriter out = new StringWriter();
        List<Tag> tags = List.of(new Tag("A"), new Tag("_x"), new Tag("a"));
        Listings.tags(NAME, tags.iterator(), out);
        assertThat(out).hasToString("{\"name\":\"team/app\",\"tags\":[\"A\",\"_x\",\"a\"]}");
        assertThat(ListingReader.tags(utf8(out.toString()))).isEqualTo(tags);
    }

    @Test
    void no_tags_are_an_empty_list() throws IOException {
        StringWriter out = new StringWriter();
        Listings.tags(NAME, List.<Tag>of().iterator(), out);
        assertThat(out).hasToString("{\"name\":\"team/app\",\"tags\":[]}");
    }

    @Test
    void the_catalogue_is_written_and_read() throws IOException {
        StringWriter out = new StringWriter();
        Listings.catalog(List.of(NAME).iterator(), out);
        assertThat(out).hasToString("{\"repositories\":[\"team/app\"]}");
        assertThat(ListingReader.catalog(utf8(out.toString()))).containsExactly(NAME);
    }

    @Test
    void a_walk_asks_for_a_page_when_it_needs_one() {
        List<Tag> all =
                IntStream.range(100, 350).mapToObj(i -> new Tag("t" + i)).toList();
        List<PageRequest> asked = new ArrayList<>();
        PageRequest hundred = PageRequest.first(100);
        Iterator<Tag> walk = Listings.walk(page(all, hundred), hundred, request -> {
            asked.add(request);
            return page(all, request);
        });

        assertThat(asked).isEmpty();
        List<Tag> walked = new ArrayList<>();
        walk.forEachRemaining(walked::add);
        assertThat(walked).isEqualTo(all);
        assertThat(asked).containsExactly(hundred.after("t199"), hundred.after("t299"));
        assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
    }

    private static Page<Tag> page(List<Tag> all, PageRequest request) {
        return Page.cut(
                all.stream()
                        .filter(t -> t.name().compareTo(request.last().orElse("")) > 0)
                        .limit(request.limit() + 1L)
                        .toList(),
                request.limit());
    }

    @Test
    void referrers_are_an_index() {
        Descriptor plain = new Descriptor(MediaType.OCI_INDEX, digest(1), 7);
        Descriptor signed = new Descriptor(
                MediaType.OCI_MANIFEST, digest(2), 8, Optional.of(TYPE), Map.of("b", "<ä>", "a", "\u2028"));
        ReferrersBody body = ReferrersBody.of(new Page<>(List.of(plain, signed), false));

        String text = text(body);
        assertThat(text)
                .isEqualTo(
                        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":["
                                + "{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"" + digest(1)
                                + "\",\"size\":7},"
                                + "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                                + digest(2)
                                + "\",\"size\":8,\"artifactType\":\"application/spdx+json\",\"annotations\":{\"a\":\"\\u2028\","
                                + "\"b\":\"\\u003cä\\u003e\"}}]}");
        assertThat(ListingReader.referrers(utf8(text))).containsExactly(plain, signed);
        assertThat(body.page().more()).isFalse();
    }

    @Test
    void no_referrers_are_an_empty_index() {
        assertThat(text(ReferrersBody.of(Page.empty())))
                .isEqualTo("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                        + "\"manifests\":[]}");
    }

    @Test
    void a_page_of_referrers_is_cut_at_4_mib_and_loses_nothing() {
        List<Descriptor> all = IntStream.range(0, 2_000)
                .mapToObj(i -> new Descriptor(
                        MediaType.OCI_MANIFEST, digest(i), i, Optional.of(TYPE), Map.of("k", "v".repeat(5_000))))
                .toList();
        List<Descriptor> seen = new ArrayList<>();
        while (seen.size() < all.size()) {
            ReferrersBody body = ReferrersBody.of(new Page<>(all.subList(seen.size(), all.size()), false));
            assertThat(body.json().remaining()).isBetween(1, ReferrersBody.MAX_BYTES);
            assertThat(ListingReader.referrers(utf8(text(body))))
                    .isEqualTo(body.page().items());
            seen.addAll(body.page().items());
            assertThat(body.page().more()).isEqualTo(seen.size() < all.size());
        }
        assertThat(seen).isEqualTo(all);
    }

    /** Escaping can make six bytes of one. */
    @Test
    void an_entry_that_fills_a_page_alone_is_listed_without_its_annotations() {
        Descriptor huge = new Descriptor(
                MediaType.OCI_MANIFEST, digest(1), 1, Optional.of(TYPE), Map.of("k", "<".repeat(3_900_000)));
        ReferrersBody body = ReferrersBody.of(new Page<>(List.of(huge, huge), true));

        assertThat(body.page().items()).hasSize(2);
        assertThat(body.json().remaining()).isLessThan(1_000);
        assertThat(ListingReader.referrers(utf8(text(body)))).allSatisfy(d -> {
            assertThat(d.digest()).isEqualTo(huge.digest());
            assertThat(d.annotations()).isEmpty();
        });
    }

    @Test
    void entries_that_cannot_be_are_left_out() {
        String digest = digest(1).toString();
        assertThat(ListingReader.tags(utf8("{\"tags\":[null,1,\"a\",\"" + digest + "\",[],{},\"b\",\"\"]}")))
                .containsExactly(new Tag("a"), new Tag("b"));
        assertThat(ListingReader.tags(utf8("{\"tags\":null}"))).isEmpty();
        assertThat(ListingReader.catalog(utf8("{\"repositories\":[\"A\",\"../a\",\"a\"]}")))
                .containsExactly(new RepositoryName("a"));
        assertThat(ListingReader.referrers(utf8("{\"manifests\":[{},null,{\"mediaType\":\"a/b\",\"digest\":\"" + digest
                        + "\",\"size\":-1},{\"mediaType\":\"a/b\",\"digest\":\"" + digest
                        + "\",\"size\":1,\"artifactType\":\"\",\"annotations\":{\"a\":1,\"b\":\"c\"}}]}")))
                .containsExactly(
                        new Descriptor(new MediaType("a/b"), digest(1), 1, Optional.empty(), Map.of("b", "c")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "null", "{\"tags\":[\"a\"", "{\"tags\":[]}}"})
    void what_is_no_list_is_an_answer_that_we_did_not_get(String body) {
        assertThatThrownBy(() -> ListingReader.tags(utf8(body))).isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void the_link_to_the_next_page_is_relative_and_read_again() {
        Endpoint next = new Endpoint.TagList(NAME, new Paging(OptionalInt.of(5), Optional.of("v1,\">; x")));
        String header = NextLink.render(next);
        assertThat(header).startsWith("</v2/team/app/tags/list?n=5&last=").endsWith(">; rel=\"next\"");
        assertThat(NextLink.target(header)).contains(next.render());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "</v2/x?next_page=a,b;c>; rel=\"next\"         | /v2/x?next_page=a,b;c",
                "<https://example.org/v2/x>;rel=next           | https://example.org/v2/x",
                "<a>; rel=\"prev\", <b>; rel=\"next\"          | b",
                "<a>; title=\"x, <c>; rel=next\"; rel=prev, <b>; REL=\"last NEXT\" | b",
                "<a>; rel=\"prev\"                             | -",
                "<a>; rel=\"nextish\"                          | -",
                "<a>; rel=\"prev\"; rel=\"next\"               | -",
                "<a>                                           | -",
                "<a                                            | -",
                "a>; rel=next                                  | -",
                "<a>; rel=\"next                               | a",
                ";,;=\"\\                                      | -",
                "~~                                            | -",
            })
    void links_of_others_are_read(String header, String target) {
        assertThat(NextLink.target(header)).isEqualTo(Optional.ofNullable(target));
    }

    private static Digest digest(int number) {
        return new Digest(Digest.Algorithm.SHA256, String.format("%064x", number));
    }

    private static String text(ReferrersBody body) {
        return StandardCharsets.UTF_8.decode(body.json()).toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
