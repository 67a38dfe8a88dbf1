package io.entrepot.core.group;

import static io.entrepot.core.group.Three.APP;
import static io.entrepot.core.group.Three.V1;
import static io.entrepot.core.group.Three.call;
import static io.entrepot.core.group.Three.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.entrepot.core.Digest;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.SearchHit;
import io.entrepot.core.group.Told.Word;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Whom a group tells which names it is asked for. */
class GroupPrivacyTest {
    private static final RepositoryPattern TEAM = new RepositoryPattern("team/**");
    private static final Digest DIGEST = Content.of("anything").digest();
    private static final PageRequest ALL = PageRequest.first(100);

    private final Three three = new Three();

    private static void askEverything(GroupRegistry group, RepositoryName name) {
        Repository there = in(group, name);
        unknown(() -> there.resolve(V1));
        unknown(() -> there.manifest(V1));
        unknown(() -> there.resolve(DIGEST));
        unknown(() -> there.manifest(DIGEST));
        unknown(() -> there.stat(DIGEST));
        unknown(() -> there.open(DIGEST));
        unknown(() -> there.tags(ALL));
        there.referrers(DIGEST, Set.of(), ALL);
        group.explain(name, V1, call(Reach.ANYWHERE));
        group.explain(name, DIGEST, call(Reach.ANYWHERE));
    }

    private static void unknown(ThrowingCallable question) {
        assertThatThrownBy(question).isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void a_name_that_a_member_of_a_member_owns_reaches_no_other() {
        Member owner = three.fetching(0).owning(List.of(TEAM));
        GroupRegistry corporate = Three.group("corporate", GroupOptions.DEFAULT, owner, three.fetching(1));
        Member member = Member.fetching("corporate", corporate);
        GroupRegistry all = Three.group("all", GroupOptions.DEFAULT, member, three.fetching(2));
        askEverything(all, APP);
        assertThat(three.told.get(0).asked).isNotEmpty();
        assertThat(three.told.get(1).asked).isEmpty();
        assertThat(three.told.get(2).asked).isEmpty();
        assertThat(all.explain(APP, V1, call(Reach.ANYWHERE)).verdicts())
                .extracting(Verdict::member, Verdict::word)
                .containsExactly(
                        tuple("all/corporate", Verdict.Word.UNKNOWN),
                        tuple("all/corporate/m0", Verdict.Word.UNKNOWN),
                        tuple("all/corporate/m1", Verdict.Word.EXCLUDED),
                        tuple("all/m2", Verdict.Word.EXCLUDED));
    }

    @Test
    void what_was_pushed_is_found_under_names_that_somebody_owns_also_in_a_group_of_what_was_pushed() {
        GroupRegistry own = Three.group("own", GroupOptions.DEFAULT, Member.hosted("store", three.stores.get(1)));
        Member owner = three.fetching(0).owning(List.of(TEAM));
        GroupRegistry all = Three.group("all", GroupOptions.DEFAULT, owner, Member.fetching("own", own));
        Sample image = three.image(1, APP, V1);
        assertThat(in(all, APP).resolve(V1).digest()).isEqualTo(image.digest());
    }

    @Test
    void in_a_group_of_what_was_pushed_both_spellings_are_found_too() {
        GroupRegistry own = Three.group("own", GroupOptions.DEFAULT, Member.hosted("store", three.stores.get(1)));
        Member hub = three.fetching(0).withOfficialLibrary();
        GroupRegistry all = Three.group("all", GroupOptions.DEFAULT, Member.fetching("own", own), hub);
        Sample image = three.image(1, new RepositoryName("centos"), V1);
        for (String name : List.of("centos", "library/centos")) {
            assertThat(in(all, new RepositoryName(name)).resolve(V1).digest()).isEqualTo(image.digest());
        }
    }

    @Test
    void both_spellings_of_a_name_are_owned_and_routed_alike() {
        Member owner = three.fetching(1).owning(List.of(new RepositoryPattern("library/centos")));
        Member hub = three.fetching(2).withOfficialLibrary();
        GroupRegistry owned = Three.group("all", GroupOptions.DEFAULT, three.fetching(0), owner, hub);
        GroupOptions toSecond = GroupOptions.routing(Map.of(new RepositoryPattern("centos"), List.of("m1")));
        GroupRegistry routed = Three.group("all", toSecond, three.fetching(0), three.fetching(1), hub);
        for (GroupRegistry group : List.of(owned, routed)) {
            for (String name : List.of("centos", "library/centos")) {
                three.say(Word.FOUND, Word.FOUND, Word.FOUND);
                askEverything(group, new RepositoryName(name));
                assertThat(three.told.get(0).asked).as(name).isEmpty();
                assertThat(three.told.get(1).asked).as(name).isNotEmpty();
                assertThat(three.told.get(2).asked).as(name).isEmpty();
            }
        }
    }

    @Test
    void a_push_tells_nobody_else_what_a_member_owns() {
        Member own = Member.hosted("own", three.stores.get(0));
        GroupRegistry group = Three.writable(own, three.fetching(1).owning(List.of(TEAM)), three.fetching(2));
        Content layer = Content.of("new");
        Repository pusher = in(group, APP);
        unknown(() -> pusher.claim(layer.digest()));
        Client.pushImage(pusher, V1, Three.CONFIG, layer);
        assertThat(three.told.get(2).asked).isEmpty();
        assertThat(three.told.get(1).asked).noneMatch(asked -> asked.endsWith("ANYWHERE"));
    }

    @Test
    void nobody_is_searched_for_what_somebody_else_owns_and_what_others_say_of_it_is_not_passed_on() {
        Member own = Member.hosted("own", three.stores.get(0)).owning(List.of(TEAM));
        GroupRegistry group = Three.group("all", GroupOptions.DEFAULT, own, three.fetching(1));
        three.image(0, APP, V1);
        three.image(1, new RepositoryName("team/squatted"), V1);
        three.image(1, new RepositoryName("open/team"), V1);
        assertThat(group.search("team/app", 10, call(Reach.ANYWHERE)))
                .extracting(SearchHit::name)
                .containsExactly("team/app");
        assertThat(three.told.get(1).asked).isEmpty();
        assertThat(group.search("team", 10, call(Reach.ANYWHERE)))
                .extracting(SearchHit::name)
                .containsExactly("team/app", "open/team");
    }

    @Test
    void a_name_that_is_owned_by_what_was_pushed_never_leaves_even_if_it_is_not_there() {
        Member own = Member.hosted("own", three.stores.get(0)).owning(List.of(TEAM));
        GroupRegistry group = Three.group("all", GroupOptions.DEFAULT, own, three.fetching(1));
        three.image(1, APP, V1);
        askEverything(group, APP);
        assertThat(three.told.get(1).asked).isEmpty();
    }

    /** What is listed can be pulled. */
    @Test
    void a_member_lists_no_names_for_which_it_may_not_be_asked() {
        three.image(0, APP, V1);
        three.image(0, new RepositoryName("z"), V1);
        three.image(1, new RepositoryName("team/second"), V1);
        three.image(2, new RepositoryName("open"), V1);
        GroupRegistry routed = three.group(GroupOptions.routing(Map.of(TEAM, List.of("m1"))));
        for (int limit = 1; limit <= 4; limit++) {
            assertThat(Client.pages(
                            limit, page -> routed.repositories(page, call(Reach.ANYWHERE)), RepositoryName::value))
                    .containsExactly("open", "team/second", "z");
        }
    }
}
