package io.entrepot.core.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Principal;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.group.Told.Word;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GroupRegistryTest {
    private static final RepositoryName APP = new RepositoryName("team/app");
    private static final Tag V1 = new Tag("1");
    private static final Content CONFIG = Content.of("{}");

    @RegisterExtension
    final Seed seed = new Seed();

    private final List<Registry> stores = List.of(hosted(), hosted(), hosted());
    private final List<Told> told =
            stores.stream().map(store -> new Told(Word.FOUND, store)).toList();

    private static Registry hosted() {
        return GroupContractTest.hosted("store");
    }

    private static Call call(Reach reach) {
        return new Call(Principal.INTERNAL, Call.Purpose.PULL, reach, "1");
    }

    private static Repository in(Registry registry, RepositoryName name) {
        return registry.repository(name, call(Reach.ANYWHERE));
    }

    private List<Sample> everyMemberHasItsOwn() {
        List<Sample> images = new ArrayList<>();
        for (int i = 0; i < stores.size(); i++) {
            images.add(Client.pushImage(in(stores.get(i), APP), V1, CONFIG, Content.of("layer " + i)));
        }
        return images;
    }

    private GroupRegistry group(GroupOptions options) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            members.add(Member.fetching("m" + i, told.get(i)));
        }
        return new GroupRegistry("all", members, Optional.empty(), options);
    }

    /** Who answers for a tag, by a model of ten lines. */
    private static Optional<Integer> expected(List<Word> words, boolean lenient, Reach reach, List<String> why) {
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case FOUND -> {
                    return Optional.of(i);
                }
                case FAR -> {
                    if (reach == Reach.ANYWHERE) {
                        return Optional.of(i);
                    }
                    why.add("beyond");
                    return Optional.empty();
                }
                case ABSENT_BEFORE -> {
                    if (reach != Reach.ANYWHERE) {
                        why.add("beyond");
                        return Optional.empty();
                    }
                    why.add("unavailable");
                }
                case DENIED, UNAUTHORIZED -> {
                    why.add("refused");
                    return Optional.empty();
                }
                case UNAVAILABLE, LIMITED -> {
                    why.add("unavailable");
                    if (!lenient) {
                        return Optional.empty();
                    }
                }
                case UNKNOWN -> {}
            }
        }
        return Optional.empty();
    }

    @Test
    void a_tag_is_the_first_ones_that_has_it_and_whoever_cannot_be_asked_lets_none_behind_it_answer() {
        List<Sample> images = everyMemberHasItsOwn();
        for (boolean lenient : new boolean[] {false, true}) {
            GroupRegistry group = group(new GroupOptions(lenient, false, Map.of()));
            for (Word a : Word.values()) {
                for (Word b : Word.values()) {
                    for (Word c : Word.values()) {
                        told.get(0).say(a);
                        told.get(1).say(b);
                        told.get(2).say(c);
                        for (Reach reach : List.of(Reach.LOCAL, Reach.ANYWHERE)) {
                            assertTag(group, images, List.of(a, b, c), lenient, reach);
                        }
                    }
                }
            }
        }
    }

    private void assertTag(GroupRegistry group, List<Sample> images, List<Word> words, boolean lenient, Reach reach) {
        String what = words + " " + lenient + " " + reach;
        List<String> why = new ArrayList<>();
        Optional<Integer> who = expected(words, lenient, reach, why);
        Call call = call(reach);
        Repository repository = group.repository(APP, call);
        if (who.isPresent()) {
            assertThat(repository.resolve(V1).digest())
                    .as(what)
                    .isEqualTo(images.get(who.get()).digest());
            assertThat(call.source().registry()).as(what).contains("m" + who.get());
        } else {
            Throwable thrown = catchThrowable(() -> repository.manifest(V1));
            assertThat(thrown).as(what).isInstanceOfAny(kinds(why.isEmpty() ? "unknown" : why.get(why.size() - 1)));
        }
        Explanation explained = group.explain(APP, V1, call(reach));
        assertThat(explained.answer().map(Verdict::member))
                .as("explain " + what)
                .isEqualTo(who.map(i -> "all/m" + i));
    }

    /** What ended the search is what is said. */
    private static Class<?>[] kinds(String why) {
        return switch (why) {
            case "beyond" -> new Class<?>[] {BeyondReach.class};
            case "unavailable" -> new Class<?>[] {RegistryException.Unavailable.class};
            case "refused" -> new Class<?>[] {RegistryException.Denied.class, RegistryException.Unauthorized.class};
            default -> new Class<?>[] {RegistryException.Unknown.class};
        };
    }

    @Test
    void an_outage_never_lets_another_members_image_out() {
        List<Sample> images = everyMemberHasItsOwn();
        GroupRegistry group = group(GroupOptions.DEFAULT);
        Random random = seed.random();
        for (int i = 0; i < 500; i++) {
            told.forEach(member -> member.say(random.nextBoolean() ? Word.FAR : Word.UNAVAILABLE));
            try {
                assertThat(in(group, APP).resolve(V1).digest())
                        .isEqualTo(images.get(0).digest());
            } catch (RegistryException.Unavailable e) {
                // Its first member is out, and nobody else answers for it.
                assertThat(catchThrowable(() -> in(told.get(0), APP).resolve(V1)))
                        .isInstanceOf(RegistryException.Unavailable.class);
            }
        }
    }

    @Test
    void a_digest_is_whoevers_holds_it_and_nobody_goes_upstream_for_it() {
        List<Sample> images = everyMemberHasItsOwn();
        GroupRegistry group = group(GroupOptions.DEFAULT);
        told.get(0).say(Word.FAR);
        told.get(1).say(Word.UNAVAILABLE);
        told.forEach(member -> member.asked.clear());
        Digest layer = Content.of("layer 2").digest();
        assertThat(Client.pull(in(group, APP), layer))
                .isEqualTo(Content.of("layer 2").bytes());
        assertThat(in(group, APP).manifest(images.get(2).digest()).digest())
                .isEqualTo(images.get(2).digest());
        assertThat(told.get(0).asked).allSatisfy(asked -> assertThat(asked).endsWith("LOCAL"));
    }

    @Test
    void a_digest_that_nobody_has_is_unavailable_while_somebody_cannot_be_asked() {
        everyMemberHasItsOwn();
        GroupRegistry group = group(GroupOptions.DEFAULT);
        Digest nobodys = Content.of("nobody's").digest();
        assertThatThrownBy(() -> in(group, APP).open(nobodys)).isInstanceOf(RegistryException.Unknown.class);
        told.get(1).say(Word.UNAVAILABLE);
        assertThatThrownBy(() -> in(group, APP).open(nobodys)).isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void children_of_an_index_are_asked_of_the_member_that_it_came_from() {
        Sample child = Client.pushImage(in(stores.get(2), APP), new Tag("child"), CONFIG, Content.of("layer"));
        Sample index = Sample.index(child);
        Client.put(in(stores.get(2), APP), index, V1);
        told.forEach(member -> member.say(Word.FAR));
        GroupRegistry group = group(GroupOptions.DEFAULT);
        in(group, APP).manifest(V1);
        told.forEach(member -> member.asked.clear());
        assertThat(in(group, APP).manifest(child.digest()).digest()).isEqualTo(child.digest());
        assertThat(told.get(0).asked).noneMatch(asked -> asked.endsWith("ANYWHERE"));
        assertThat(told.get(1).asked).noneMatch(asked -> asked.endsWith("ANYWHERE"));
    }

    @Test
    void names_that_somebody_owns_or_a_route_gives_away_reach_nobody_else() {
        everyMemberHasItsOwn();
        RepositoryPattern team = new RepositoryPattern("team/**");
        List<Member> owning = List.of(
                Member.fetching("m0", told.get(0)),
                Member.fetching("m1", told.get(1)).owning(List.of(team)),
                Member.fetching("m2", told.get(2)));
        GroupRegistry owned = new GroupRegistry("all", owning, Optional.empty(), GroupOptions.DEFAULT);
        GroupRegistry routed = group(GroupOptions.routing(Map.of(team, List.of("m1"))));
        Digest digest = Content.of("layer 0").digest();
        for (GroupRegistry group : List.of(owned, routed)) {
            told.forEach(member -> member.asked.clear());
            Repository repository = in(group, APP);
            repository.resolve(V1);
            repository.manifest(V1);
            assertThatThrownBy(() -> repository.open(digest)).isInstanceOf(RegistryException.Unknown.class);
            assertThatThrownBy(() -> repository.stat(digest)).isInstanceOf(RegistryException.Unknown.class);
            repository.tags(PageRequest.first(10));
            repository.referrers(digest, Set.of(), PageRequest.first(10));
            group.explain(APP, V1, call(Reach.ANYWHERE));
            assertThat(told.get(1).asked).isNotEmpty();
            assertThat(told.get(0).asked).isEmpty();
            assertThat(told.get(2).asked).isEmpty();
        }
    }

    @Test
    void where_docker_hub_is_a_member_both_spellings_find_what_was_pushed() {
        Registry own = stores.get(0);
        Sample pushed = Client.pushImage(in(own, new RepositoryName("centos")), V1, CONFIG, Content.of("own"));
        Member hosted = Member.hosted("own", own);
        Member hub = Member.fetching("hub", told.get(1)).withOfficialLibrary();
        GroupRegistry group = new GroupRegistry("all", List.of(hosted, hub), Optional.of(hosted), GroupOptions.DEFAULT);
        for (String name : List.of("centos", "library/centos")) {
            assertThat(in(group, new RepositoryName(name)).resolve(V1).digest()).isEqualTo(pushed.digest());
        }
        assertThatThrownBy(() -> in(group, new RepositoryName("other/centos")).resolve(V1))
                .isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void an_offline_member_that_was_pushed_to_keeps_its_names() {
        everyMemberHasItsOwn();
        Member off = Member.hosted("off", stores.get(0)).offline();
        Member hub = Member.fetching("hub", stores.get(1));
        GroupRegistry group = new GroupRegistry("all", List.of(off, hub), Optional.empty(), GroupOptions.DEFAULT);
        assertThatThrownBy(() -> in(group, APP).resolve(V1))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("off is offline");
        assertThat(group.explain(APP, V1, call(Reach.LOCAL)).answer()).isEmpty();
        RepositoryName other = new RepositoryName("other");
        Sample image = Client.pushImage(in(stores.get(1), other), V1, CONFIG, Content.of("x"));
        assertThat(in(group, other).resolve(V1).digest()).isEqualTo(image.digest());
    }

    @Test
    void lists_are_merged_in_order_and_in_pages_of_any_size() {
        Random random = seed.random();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String tag = "t" + random.nextInt(40);
            all.add(tag);
            Client.pushImage(in(stores.get(random.nextInt(3)), APP), new Tag(tag), CONFIG, Content.of("x"));
        }
        List<String> expected = all.stream().distinct().sorted().toList();
        GroupRegistry group = group(GroupOptions.DEFAULT);
        for (int limit : new int[] {1, 2, 7, 100}) {
            assertThat(Client.pages(limit, in(group, APP)::tags, Tag::name)).isEqualTo(expected);
        }
        told.get(1).say(Word.UNAVAILABLE);
        Call call = call(Reach.ANYWHERE);
        assertThat(group.repository(APP, call).tags(PageRequest.first(100)).items())
                .isNotEmpty();
        assertThat(call.source().warnings()).singleElement().asString().contains("incomplete", "m1");
        assertThat(group.repositories(PageRequest.first(10), call(Reach.ANYWHERE))
                        .items())
                .containsExactly(APP);
    }

    @Test
    void a_push_needs_no_upstream_and_lies_upon_what_others_hold() {
        Content base = seed.content(1, 100_000);
        Client.pushImage(in(stores.get(1), APP), V1, CONFIG, base);
        Registry own = stores.get(0);
        Member hosted = Member.hosted("own", own);
        GroupRegistry group = new GroupRegistry(
                "all",
                List.of(hosted, Member.fetching("cache", stores.get(1)), Member.fetching("down", told.get(2))),
                Optional.of(hosted),
                GroupOptions.DEFAULT);
        told.get(2).say(Word.FAR);
        told.get(2).asked.clear();
        Repository pusher = group.repository(APP, call(Reach.ANYWHERE).with(Call.Purpose.PUSH));
        assertThatThrownBy(() -> pusher.resolve(V1)).isInstanceOf(RegistryException.Unknown.class);
        assertThat(pusher.claim(base.digest()).size()).isEqualTo(base.size());
        Content layer = Content.of("own");
        Client.push(pusher, layer);
        Sample image = Sample.image(CONFIG, base, layer);
        Client.put(pusher, image, new Tag("mine"));
        assertThat(pusher.resolve(new Tag("mine")).digest()).isEqualTo(image.digest());
        assertThat(Client.pull(in(own, APP), base.digest())).isEqualTo(base.bytes());
        assertThat(in(own, APP).resolve(new Tag("mine")).digest()).isEqualTo(image.digest());
        assertThat(told.get(2).asked).noneMatch(asked -> asked.endsWith("ANYWHERE"));
        Sample hollow = Sample.image(CONFIG, Content.of("nowhere"));
        assertThatThrownBy(() -> pusher.put(hollow.manifest(), PutOptions.at(V1)))
                .isInstanceOf(RegistryException.Invalid.class);
        pusher.delete(new Tag("mine"));
        assertThatThrownBy(() -> in(own, APP).resolve(new Tag("mine"))).isInstanceOf(RegistryException.Unknown.class);
        assertThat(in(stores.get(1), APP).resolve(V1)).isNotNull();
    }

    @Test
    void a_push_under_one_spelling_lies_upon_what_is_held_under_the_other() {
        Registry own = stores.get(0);
        Content base = seed.content(1, 10_000);
        Client.pushImage(in(own, new RepositoryName("library/centos")), V1, CONFIG, base);
        Member hosted = Member.hosted("own", own);
        GroupRegistry group = new GroupRegistry(
                "all",
                List.of(hosted, Member.fetching("hub", told.get(1)).withOfficialLibrary()),
                Optional.of(hosted),
                GroupOptions.DEFAULT);
        Repository pusher = in(group, new RepositoryName("centos"));
        assertThat(pusher.claim(base.digest()).size()).isEqualTo(base.size());
        Client.put(pusher, Sample.image(CONFIG, base), new Tag("2"));
        assertThat(Client.pull(in(own, new RepositoryName("centos")), base.digest()))
                .isEqualTo(base.bytes());
    }

    @Test
    void without_a_writable_member_nothing_is_pushed() {
        Repository repository = in(group(GroupOptions.DEFAULT), APP);
        assertThatThrownBy(() -> Client.push(repository, CONFIG))
                .isInstanceOf(RegistryException.Unsupported.class)
                .hasMessageContaining("group all");
        assertThatThrownBy(() -> repository.delete(V1)).isInstanceOf(RegistryException.Unsupported.class);
    }

    @Test
    void who_pushes_what_an_earlier_member_has_is_told() {
        everyMemberHasItsOwn();
        Member last = Member.hosted("last", stores.get(2));
        GroupRegistry group = new GroupRegistry(
                "all", List.of(Member.fetching("first", stores.get(0)), last), Optional.of(last), GroupOptions.DEFAULT);
        Call call = call(Reach.ANYWHERE);
        Repository pusher = group.repository(APP, call);
        Content layer = Content.of("new");
        Client.push(pusher, CONFIG);
        Client.push(pusher, layer);
        Client.put(pusher, Sample.image(CONFIG, layer), V1);
        assertThat(call.source().warnings()).singleElement().asString().contains("first");
    }

    @Test
    void nobody_is_a_member_of_himself() {
        GroupRegistry inner = group(GroupOptions.DEFAULT);
        Member member = Member.fetching("inner", inner);
        GroupRegistry outer = new GroupRegistry("outer", List.of(member), Optional.empty(), GroupOptions.DEFAULT);
        assertThatThrownBy(() ->
                        inner.become(List.of(Member.fetching("outer", outer)), Optional.empty(), GroupOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new GroupRegistry("twice", List.of(member, member), Optional.empty(), GroupOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GroupRegistry("stranger", List.of(), Optional.of(member), GroupOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void members_come_and_go_while_everybody_pulls() throws Exception {
        List<Sample> images = everyMemberHasItsOwn();
        List<Member> both = List.of(Member.fetching("a", stores.get(0)), Member.fetching("b", stores.get(1)));
        GroupRegistry group = new GroupRegistry("all", both, Optional.empty(), GroupOptions.DEFAULT);
        List<Digest> allowed = List.of(images.get(0).digest(), images.get(1).digest());
        Threads.together(8, thread -> {
            for (int i = 0; i < 300; i++) {
                if (thread == 0) {
                    group.become(i % 2 == 0 ? both.subList(1, 2) : both, Optional.empty(), GroupOptions.DEFAULT);
                } else {
                    Reference tag = V1;
                    assertThat(allowed).contains(in(group, APP).resolve(tag).digest());
                    try (Blob blob = in(group, APP).open(Content.of("layer 1").digest())) {
                        assertThat(blob.size()).isPositive();
                    }
                }
            }
            return thread;
        });
    }
}
