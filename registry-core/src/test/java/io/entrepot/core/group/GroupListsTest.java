package io.entrepot.core.group;

import static io.entrepot.core.group.Three.APP;
import static io.entrepot.core.group.Three.CONFIG;
import static io.entrepot.core.group.Three.V1;
import static io.entrepot.core.group.Three.call;
import static io.entrepot.core.group.Three.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.Tag;
import io.entrepot.core.group.Told.Word;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a group lists, and what it says of what is missing. */
class GroupListsTest {
    private static final PageRequest ALL = PageRequest.first(1_000);

    @RegisterExtension
    final Seed seed = new Seed();

    private final Three three = new Three();
    private final GroupRegistry group = three.group(GroupOptions.DEFAULT);

    /** Members may give less than was asked for, and more may follow all the same. */
    @Test
    void random_lists_are_merged_as_a_set_would_in_pages_of_every_size_however_short_those_of_the_members_are() {
        Random random = seed.random();
        for (int run = 0; run < 100; run++) {
            TreeSet<String> model = new TreeSet<>();
            List<TreeSet<String>> lists = new ArrayList<>();
            List<Integer> atMost = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                TreeSet<String> list = new TreeSet<>();
                for (int n = random.nextInt(20); n > 0; n--) {
                    list.add("t" + random.nextInt(30));
                }
                lists.add(list);
                model.addAll(list);
                atMost.add(1 + random.nextInt(25));
            }
            for (int limit = 1; limit <= model.size() + 1; limit++) {
                assertThat(Client.pages(limit, page -> merged(page, lists, atMost), s -> s))
                        .as("pages of " + limit + " of " + lists + " in parts of " + atMost)
                        .containsExactlyElementsOf(model);
            }
        }
    }

    private Page<String> merged(PageRequest page, List<TreeSet<String>> lists, List<Integer> atMost) {
        Merging<String> merging = new Merging<>(page, s -> s, false);
        for (int i = 0; i < lists.size(); i++) {
            TreeSet<String> list = lists.get(i);
            int most = atMost.get(i);
            merging.add(
                    three.fetching(i), Call.internal(), wanted -> part(list, wanted, Math.min(most, wanted.limit())));
        }
        return merging.merged();
    }

    private static Page<String> part(TreeSet<String> list, PageRequest wanted, int limit) {
        List<String> after = list.tailSet(wanted.last().orElse(""), false).stream()
                .limit(limit + 1L)
                .toList();
        return Page.cut(after, limit);
    }

    /** A list that says forever that there is more of it ends all the same. */
    @Test
    void a_member_whose_list_does_not_go_on_is_not_asked_forever() {
        for (Page<String> stuck : List.of(new Page<String>(List.of(), true), new Page<>(List.of("a"), true))) {
            Merging<String> merging = new Merging<>(PageRequest.first(5), s -> s, false);
            Call call = Call.internal();
            merging.add(three.fetching(0), call, wanted -> stuck);
            assertThat(merging.merged().items()).isEqualTo(stuck.items());
            assertThat(call.source().warnings()).singleElement().asString().contains("incomplete", "m0");
        }
    }

    @Test
    void where_lists_have_to_be_whole_there_is_none_that_lacks_a_members_part() {
        GroupRegistry whole = three.group(new GroupOptions(true, true, Map.of()));
        three.image(0, APP, V1);
        Digest digest = Content.of("anything").digest();
        for (Word word : List.of(Word.UNAVAILABLE, Word.LIMITED, Word.DENIED, Word.UNAUTHORIZED)) {
            three.say(Word.FOUND, word, Word.FOUND);
            for (ThrowingCallable list : List.<ThrowingCallable>of(
                    () -> in(whole, APP).tags(ALL),
                    () -> in(whole, APP).referrers(digest, Set.of(), ALL),
                    () -> whole.repositories(ALL, call(Reach.ANYWHERE)))) {
                assertThatThrownBy(list).as(word.name()).isInstanceOf(RegistryException.Unavailable.class);
            }
        }
        three.say(Word.FOUND, Word.UNKNOWN, Word.FOUND);
        assertThat(in(whole, APP).tags(ALL).items()).containsExactly(V1);
        assertThatThrownBy(() -> new Merging<String>(ALL, s -> s, true)
                        .add(three.fetching(0), call(Reach.ANYWHERE), part -> new Page<>(List.of(), true)))
                .isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void what_cannot_be_listed_is_said_and_only_if_nobody_can_be_asked_is_there_no_list() {
        three.image(0, APP, V1);
        Digest digest = Content.of("anything").digest();
        for (Word word : List.of(Word.UNAVAILABLE, Word.LIMITED, Word.DENIED, Word.UNAUTHORIZED)) {
            three.say(Word.FOUND, word, Word.FOUND);
            Call call = call(Reach.ANYWHERE);
            assertThat(group.repository(APP, call).tags(ALL).items()).containsExactly(V1);
            assertThat(call.source().warnings()).as(word.name()).hasSize(1);
            assertThat(group.repositories(ALL, call).items()).containsExactly(APP);
            assertThat(group.repository(APP, call).referrers(digest, Set.of(), ALL))
                    .isEqualTo(Page.empty());
            assertThat(group.search("team", 10, call)).hasSize(1);
            assertThat(call.source().warnings()).allMatch(warning -> warning.contains("m1"));

            three.say(word, Word.UNKNOWN, word);
            for (Throwable thrown : List.of(
                    catchThrowable(() -> in(group, APP).tags(ALL)),
                    catchThrowable(() -> in(group, APP).referrers(digest, Set.of(), ALL)),
                    catchThrowable(() -> group.repositories(ALL, call(Reach.ANYWHERE))))) {
                assertThat(thrown)
                        .as(word.name())
                        .isInstanceOf(RegistryException.class)
                        .isNotInstanceOf(RegistryException.Unknown.class);
            }
        }
        three.say(Word.UNKNOWN, Word.UNKNOWN, Word.UNKNOWN);
        assertThatThrownBy(() -> in(group, APP).tags(ALL)).isInstanceOf(RegistryException.Unknown.class);
        assertThat(in(group, APP).referrers(digest, Set.of(), ALL)).isEqualTo(Page.empty());
    }

    @Test
    void an_offline_member_that_was_pushed_to_is_missing_from_the_lists_of_its_repositories() {
        three.image(0, APP, V1);
        three.image(1, APP, new Tag("v2"));
        RepositoryName other = new RepositoryName("other");
        three.image(1, other, V1);
        Member off = Member.hosted("off", three.stores.get(0)).offline();
        GroupRegistry all = Three.group("all", GroupOptions.DEFAULT, off, three.fetching(1));
        Call call = call(Reach.ANYWHERE);
        assertThat(all.repository(APP, call).tags(ALL).items()).containsExactly(new Tag("v2"));
        assertThat(call.source().warnings()).singleElement().asString().contains("incomplete", "off");
        Call whole = call(Reach.ANYWHERE);
        assertThat(all.repository(other, whole).tags(ALL).items()).containsExactly(V1);
        assertThat(whole.source().warnings()).isEmpty();
    }

    @Test
    void referrers_are_those_of_all_members_each_once_in_pages_of_every_size() {
        Sample subject = Sample.image(CONFIG);
        MediaType type = new MediaType("application/vnd.example");
        TreeSet<String> expected = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            Sample referrer = Sample.index()
                    .subject(subject.descriptor())
                    .artifactType(type)
                    .annotation("n", "" + i)
                    .build();
            Client.put(in(three.stores.get(i % 3), APP), referrer, referrer.digest());
            Client.put(in(three.stores.get(i % 2), APP), referrer, referrer.digest());
            expected.add(referrer.digest().toString());
        }
        for (int limit = 1; limit <= 13; limit++) {
            for (Set<MediaType> types : List.of(Set.<MediaType>of(), Set.of(type))) {
                assertThat(Client.pages(
                                limit,
                                page -> in(group, APP).referrers(subject.digest(), types, page),
                                d -> d.digest().toString()))
                        .containsExactlyElementsOf(expected);
            }
        }
        assertThat(in(group, APP).referrers(subject.digest(), Set.of(MediaType.OCTET_STREAM), ALL))
                .isEqualTo(Page.empty());
    }

    @Test
    void a_search_finds_what_was_pushed_first_and_every_name_once() {
        three.image(0, new RepositoryName("far/team"), V1);
        three.image(0, APP, V1);
        three.image(1, new RepositoryName("own/team"), V1);
        three.image(1, APP, V1);
        Member own = Member.hosted("own", three.told.get(1));
        GroupRegistry all = Three.group("all", GroupOptions.DEFAULT, three.fetching(0), own);
        assertThat(all.search("team", 10, call(Reach.ANYWHERE)))
                .extracting(SearchHit::name)
                .containsExactly("own/team", "team/app", "far/team");
        assertThat(all.search("team", 2, call(Reach.ANYWHERE))).hasSize(2);
    }

    @Test
    void where_docker_hub_is_a_member_tags_are_listed_of_both_spellings() {
        RepositoryName brief = new RepositoryName("centos");
        RepositoryName full = new RepositoryName("library/centos");
        Member own = Member.hosted("own", three.stores.get(0));
        Member hub = three.fetching(1).withOfficialLibrary();
        GroupRegistry all = Three.group("all", GroupOptions.DEFAULT, own, hub);
        three.image(0, brief, new Tag("brief"));
        three.image(0, full, new Tag("full"));
        Digest underBrief = Client.pushImage(in(three.stores.get(0), brief), V1, CONFIG, Content.of("b"))
                .digest();
        Digest underFull = Client.pushImage(in(three.stores.get(0), full), V1, CONFIG, Content.of("f"))
                .digest();
        for (RepositoryName name : List.of(brief, full)) {
            assertThat(Client.tags(in(all, name))).containsExactly("brief", "full", "v1");
        }
        // Where both have a tag, the name as it was asked for comes first.
        assertThat(in(all, brief).resolve(V1).digest()).isEqualTo(underBrief);
        assertThat(in(all, full).resolve(V1).digest()).isEqualTo(underFull);
    }

    @Test
    void a_group_of_nobody_has_an_empty_catalogue() {
        assertThat(Three.group("none", GroupOptions.DEFAULT).repositories(ALL, call(Reach.ANYWHERE)))
                .isEqualTo(Page.empty());
    }
}
