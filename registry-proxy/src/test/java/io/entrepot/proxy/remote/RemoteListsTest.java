package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteListsTest extends AgainstUpstream {
    private static final String TAGS = "/tags/list";
    private static final PageRequest ALL = PageRequest.first(1_000);
    private static final MediaType SIGNATURE = new MediaType("application/vnd.example.signature");
    private static final MediaType BOM = new MediaType("application/vnd.example.sbom");

    private static Fault tags(String... names) {
        return Fault.body("{\"name\":\"library/nginx\",\"tags\":[\"" + String.join("\",\"", names) + "\"]}");
    }

    private static Fault next(String query) {
        return Fault.header("Link", "</v2/library/nginx/tags/list?" + query + ">; rel=\"next\"");
    }

    private List<String> names(Page<Tag> page) {
        return page.items().stream().map(Tag::name).toList();
    }

    // Tags

    @Test
    void a_page_is_asked_for_as_it_is_wanted() {
        upstream.content().tags("library/nginx", "t", 9);
        assertThat(names(nginx.tags(PageRequest.first(3).after("t4")))).containsExactly("t5", "t6", "t7");
        assertThat(upstream.requests())
                .extracting(request -> request.target())
                .containsExactly("/v2/library/nginx/tags/list?n=3&last=t4");
    }

    @Test
    void more_than_a_thousand_are_never_asked_for_at_once() {
        upstream.content().tags("library/nginx", "t", 2_500);
        assertThat(nginx.tags(PageRequest.first(10_000)).items()).hasSize(2_501);
        assertThat(upstream.requests("GET", TAGS))
                .hasSize(3)
                .allSatisfy(request -> assertThat(request.query()).contains("n=1000"));
    }

    @Test
    void pages_that_are_smaller_than_wanted_are_followed() {
        upstream.on(Match.get("last=b"), tags("c"));
        upstream.on(Match.get(TAGS), tags("a", "b").and(next("n=2&last=b")));
        assertThat(nginx.tags(ALL)).isEqualTo(new Page<>(List.of(new Tag("a"), new Tag("b"), new Tag("c")), false));
        assertThat(nginx.tags(PageRequest.first(2)).more()).isTrue();
    }

    @Test
    void a_list_in_another_order_is_sorted() {
        get(TAGS, tags("b", "B", "a", "1.10", "1.9", "a"));
        assertThat(Client.pages(2, nginx::tags, Tag::name)).containsExactly("1.10", "1.9", "B", "a", "b");
        assertThat(names(nginx.tags(ALL.after("B")))).containsExactly("a", "b");
    }

    @Test
    void a_list_in_another_order_over_several_pages_is_read_whole() {
        upstream.on(Match.get("page=2"), tags("c", "z").and(next("page=3")));
        upstream.on(Match.get("page=3"), tags("a"));
        upstream.on(Match.get(TAGS), tags("b", "y").and(next("page=2")));
        assertThat(names(nginx.tags(ALL))).containsExactly("a", "b", "c", "y", "z");
    }

    @Test
    void a_registry_that_gives_all_whatever_is_asked_for_is_cut() {
        get(TAGS, tags("a", "b", "c", "d"));
        assertThat(Client.pages(1, nginx::tags, Tag::name)).containsExactly("a", "b", "c", "d");
        assertThat(Client.pages(3, nginx::tags, Tag::name)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void a_registry_that_begins_again_whatever_last_says_is_read_to_the_end() {
        upstream.on(Match.get("token=x"), tags("c", "d"));
        upstream.on(Match.get(TAGS), tags("a", "b").and(next("token=x")));
        assertThat(Client.pages(2, nginx::tags, Tag::name)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void a_registry_that_refuses_a_last_of_ours_is_read_from_the_beginning() {
        upstream.on(Match.get("last="), Fault.error(400, "UNSUPPORTED", "not a token of ours"));
        get(TAGS, tags("a", "b", "c"));
        assertThat(names(nginx.tags(ALL.after("a")))).containsExactly("b", "c");
    }

    @Test
    void a_registry_that_refuses_our_pages_is_asked_for_its_own() {
        upstream.on(Match.get("n="), Fault.error(400, "PAGINATION_NUMBER_INVALID", "too many"));
        get(TAGS, tags("b", "a"));
        assertThat(names(nginx.tags(ALL))).containsExactly("a", "b");
        upstream.forgetRules();
        get(TAGS, Fault.error(400, "UNSUPPORTED", "never"));
        assertThatThrownBy(() -> nginx.tags(ALL)).isInstanceOf(RegistryException.Invalid.class);
    }

    @Test
    void what_is_no_tag_is_left_out_and_null_is_nothing() {
        get(TAGS, Fault.body("{\"name\":\"x\",\"tags\":[\"a\",null,7,\"sha256:0\",\"-\",\"b\"]}"));
        assertThat(names(nginx.tags(ALL))).containsExactly("a", "b");
        upstream.forgetRules();
        get(TAGS, Fault.body("{\"name\":\"x\",\"tags\":null}"));
        assertThat(nginx.tags(ALL)).isEqualTo(Page.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "{\"tags\":[\"a\""})
    void what_is_no_list_is_unavailable(String body) {
        get(TAGS, Fault.body(body));
        assertUnavailable(() -> nginx.tags(ALL), "cannot be read");
    }

    @Test
    void a_link_to_another_host_is_not_followed() {
        try (ScriptedUpstream other = new ScriptedUpstream(upstream.content())) {
            get(TAGS, tags("a").and(Fault.linkTo(other)));
            assertUnavailable(() -> nginx.tags(ALL), "another host");
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/v2/library/nginx/tags/list?last=a",
                "//example.com/v2/library/nginx/tags/list?last=a",
                "http://127.0.0.1:1/?last=a",
                "file:///etc/passwd"
            })
    void neither_is_one_to_another_scheme_or_port(String link) {
        get(TAGS, tags("a").and(Fault.header("Link", "<" + link + ">; rel=next")));
        assertUnavailable(() -> nginx.tags(ALL), "another host");
    }

    @Test
    void a_link_that_is_no_url_is_unavailable_and_one_that_leads_nowhere_else_is_no_link() {
        upstream.on(Match.get(TAGS), 1, tags("a").and(Fault.header("Link", "<::: \\>; rel=\"next\"")));
        assertUnavailable(() -> nginx.tags(ALL), "no URL");
        get(TAGS, tags("a").and(Fault.header("Link", "</x>; rel=\"prev\", nonsense")));
        assertThat(names(nginx.tags(ALL))).containsExactly("a");
    }

    @Test
    void an_absolute_link_to_the_registry_itself_is_followed() {
        upstream.on(Match.get("last=a"), tags("b"));
        get(
                TAGS,
                tags("a")
                        .and(Fault.header(
                                "Link", "<" + upstream.url("/v2/library/nginx/tags/list?last=a") + ">; rel=\"next\"")));
        assertThat(names(nginx.tags(ALL))).containsExactly("a", "b");
    }

    @Test
    void a_registry_behind_a_gateway_is_followed_below_its_own_root() {
        upstream.under("/artifactory/api/docker/x");
        upstream.content().tags("library/nginx", "t", 4);
        try (RemoteRegistry gateway = Remotes.plain(upstream.root().resolve("/artifactory/api/docker/x"))) {
            // It links to /v2/…, as it does not know by what path it is reached.
            assertThat(Client.pages(2, gateway.repository(NGINX, call)::tags, Tag::name))
                    .containsExactly("1", "t0", "t1", "t2", "t3");
            upstream.on(Match.get("last=1"), tags("2"));
            upstream.on(Match.get(TAGS), tags("1").and(next("n=1000&last=1")));
            assertThat(names(gateway.repository(NGINX, call).tags(ALL))).containsExactly("1", "2");
        }
    }

    @Test
    void pages_without_end_are_given_up() {
        get(TAGS, Fault.endlessPages());
        assertUnavailable(() -> nginx.tags(ALL), "more than 100 pages");
        assertThat(upstream.count("GET", TAGS)).isLessThan(250);
    }

    @Test
    void pages_in_a_circle_are_given_up() {
        get(TAGS, tags("a").and(next("n=1000&last=a")));
        assertUnavailable(() -> nginx.tags(ALL), "in a circle");
        assertThat(upstream.count("GET", TAGS)).isLessThan(10);
    }

    @Test
    void an_ordered_list_of_very_many_small_pages_is_given_in_several_parts() {
        get(TAGS, (request, answer) -> {
            int page = request.query().startsWith("page=")
                    ? Integer.parseInt(request.query().substring(5))
                    : 0;
            answer.json("{\"tags\":[\"%05d\"]}".formatted(page))
                    .add("Link", "<?page=" + (page + 1) + ">; rel=\"next\"");
        });
        Page<Tag> part = nginx.tags(ALL);
        assertThat(part.items()).hasSize(100);
        assertThat(part.more()).isTrue();
    }

    @Test
    void a_list_that_is_too_long_is_given_up() {
        get(TAGS, Fault.huge((16 << 20) + 1));
        assertUnavailable(() -> nginx.tags(ALL), "longer than");
        upstream.forgetRules();
        String[] many = IntStream.range(0, 100_001).mapToObj(i -> "t" + i).toArray(String[]::new);
        get(TAGS, tags(many));
        assertUnavailable(() -> nginx.tags(ALL), "more than 100000 entries");
    }

    @Test
    void a_repository_that_is_not_there_has_no_tags_and_is_unknown() {
        assertUnknown(() -> remote.repository(new RepositoryName("none"), call).tags(ALL), ErrorCode.NAME_UNKNOWN);
    }

    // Repositories

    @Test
    void a_catalogue_of_five_thousand_names_is_read_in_pages() {
        upstream.content().repositories("team/r", 5_000);
        assertThat(Client.pages(2_000, page -> remote.repositories(page, call), RepositoryName::value))
                .hasSize(5_001)
                .isSorted();
    }

    @Test
    void a_registry_without_a_catalogue_does_not_support_it() {
        for (int status : new int[] {404, 405}) {
            upstream.forgetRules();
            get("_catalog", Fault.status(status));
            assertThatThrownBy(() -> remote.repositories(ALL, call)).isInstanceOf(RegistryException.Unsupported.class);
        }
        upstream.forgetRules();
        get("_catalog", Fault.status(401));
        assertDenied(() -> remote.repositories(ALL, call));
    }

    // Referrers

    private Sample referrer(MediaType type, String note) {
        Sample sample = Sample.index()
                .subject(image.descriptor())
                .artifactType(type)
                .annotation("note", note)
                .build();
        upstream.content().manifest("library/nginx", sample.digest(), sample.manifest());
        return sample;
    }

    private List<Digest> referrers(MediaType... types) {
        return nginx.referrers(image.digest(), Set.of(types), ALL).items().stream()
                .map(Descriptor::digest)
                .toList();
    }

    @Test
    void referrers_in_another_order_are_sorted() {
        Sample a = referrer(SIGNATURE, "a");
        Sample b = referrer(SIGNATURE, "b");
        List<Digest> sorted = new ArrayList<>(List.of(a.digest(), b.digest()));
        Collections.sort(sorted);
        get(
                "/referrers/",
                Fault.body("{\"manifests\":[" + entry(sorted.get(1), SIGNATURE) + "," + entry(sorted.get(0), SIGNATURE)
                        + "]}"));
        assertThat(referrers()).isEqualTo(sorted);
        assertThat(nginx.referrers(image.digest(), Set.of(), PageRequest.first(1))
                        .more())
                .isTrue();
    }

    private static String entry(Digest digest, MediaType type) {
        return "{\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"digest\":\"" + digest
                + "\",\"size\":7,\"artifactType\":\"" + type + "\"}";
    }

    @Test
    void a_filter_that_the_registry_did_not_apply_is_applied_here() {
        Sample signature = referrer(SIGNATURE, "a");
        Sample bom = referrer(BOM, "b");
        assertThat(referrers(SIGNATURE)).containsExactly(signature.digest());
        get(
                "/referrers/",
                Fault.body("{\"manifests\":[" + entry(signature.digest(), SIGNATURE) + "," + entry(bom.digest(), BOM)
                                + "]}")
                        .and(Fault.without("OCI-Filters-Applied")));
        assertThat(referrers(SIGNATURE)).containsExactly(signature.digest());
        assertThat(referrers(BOM)).containsExactly(bom.digest());
        assertThat(referrers(BOM, SIGNATURE)).hasSize(2);
    }

    @Test
    void a_filter_that_the_registry_applied_is_believed() {
        Digest found = Content.of("x").digest();
        String withoutType = "{\"manifests\":[{\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"digest\":\"" + found
                + "\",\"size\":7}]}";
        get("/referrers/", Fault.body(withoutType).and(Fault.header("OCI-Filters-Applied", "artifactType")));
        assertThat(referrers(SIGNATURE)).containsExactly(found);
        // Of two types some registries look at the first alone, so that both are looked for here.
        assertThat(referrers(SIGNATURE, BOM)).isEmpty();
        assertThat(upstream.requests("GET", "/referrers/").get(1).query()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405})
    void without_the_api_the_tagged_index_is_read(int status) {
        get("/referrers/", Fault.html(status));
        assertThat(referrers()).isEmpty();
        Sample signature = referrer(SIGNATURE, "a");
        Sample bom = referrer(BOM, "b");
        upstream.content()
                .manifest(
                        "library/nginx",
                        "sha256-" + image.digest().hex(),
                        MediaType.OCI_INDEX,
                        "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"manifests\":["
                                + entry(signature.digest(), SIGNATURE) + "," + entry(bom.digest(), BOM) + "]}");
        assertThat(referrers()).containsExactlyInAnyOrder(signature.digest(), bom.digest());
        assertThat(referrers(BOM)).containsExactly(bom.digest());
        assertThat(upstream.requests("GET", "/manifests/"))
                .allSatisfy(request -> assertThat(request.path())
                        .endsWith("/manifests/sha256-" + image.digest().hex()));
    }

    @Test
    void a_tag_of_that_form_that_is_no_index_lists_nothing() {
        get("/referrers/", Fault.status(404));
        upstream.image("library/nginx", "sha256-" + image.digest().hex(), config);
        assertThat(referrers()).isEmpty();
    }

    @Test
    void an_outage_is_not_an_empty_list() {
        get("/referrers/", Fault.html(503));
        assertUnavailable(() -> referrers(), "503");
        upstream.forgetRules();
        get("/referrers/", Fault.status(404));
        get("/manifests/sha256-", Fault.html(503));
        assertUnavailable(() -> referrers(), "503");
    }
}
