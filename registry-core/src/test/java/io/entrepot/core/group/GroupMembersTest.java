package io.entrepot.core.group;

import static io.entrepot.core.group.Three.APP;
import static io.entrepot.core.group.Three.CONFIG;
import static io.entrepot.core.group.Three.V1;
import static io.entrepot.core.group.Three.call;
import static io.entrepot.core.group.Three.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Threads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is in a group, and that a call sees one membership. */
class GroupMembersTest {
    private final Three three = new Three();

    private static void become(GroupRegistry group, Member... members) {
        group.become(List.of(members), Optional.empty(), GroupOptions.DEFAULT);
    }

    /** A member that does something while it is searched. */
    private record Meddler(Runnable meddling) implements Registry {
        @Override
        public Repository repository(RepositoryName name, Call call) {
            throw new AssertionError("not asked here");
        }

        @Override
        public Page<RepositoryName> repositories(PageRequest page, Call call) {
            return Page.empty();
        }

        @Override
        public List<SearchHit> search(String text, int limit, Call call) {
            meddling.run();
            return List.of();
        }
    }

    @Test
    void a_search_that_has_begun_ends_with_the_members_that_it_began_with() {
        three.image(0, APP, V1);
        GroupRegistry group = Three.group("all", GroupOptions.DEFAULT);
        AtomicInteger searched = new AtomicInteger();
        Member meddler = Member.hosted("meddler", new Meddler(() -> {
            searched.incrementAndGet();
            become(group);
        }));
        become(group, meddler, three.fetching(0));
        assertThat(group.search("team", 10, call(Reach.ANYWHERE)))
                .extracting(SearchHit::name)
                .containsExactly("team/app");
        assertThat(searched).hasValue(1);
        assertThat(group.search("team", 10, call(Reach.ANYWHERE))).isEmpty();
    }

    @Test
    void a_repository_keeps_the_members_of_its_call() {
        Sample first = three.image(0, APP, V1);
        Sample second = three.image(1, APP, V1);
        GroupRegistry group = Three.group("all", GroupOptions.DEFAULT, three.fetching(0));
        Repository before = in(group, APP);
        become(group, three.fetching(1));
        assertThat(before.resolve(V1).digest()).isEqualTo(first.digest());
        assertThat(in(group, APP).resolve(V1).digest()).isEqualTo(second.digest());
    }

    /** Each membership has all of one image: whoever saw two would find a manifest without its layer. */
    @Test
    void members_are_replaced_while_eight_pull_and_each_sees_a_whole_image() throws Exception {
        three.image(0, APP, V1);
        three.image(1, APP, V1);
        GroupRegistry group = Three.group("all", GroupOptions.DEFAULT, three.fetching(0));
        Threads.together(9, thread -> {
            for (int i = 0; i < 500; i++) {
                if (thread == 0) {
                    become(group, three.fetching(i % 2));
                } else {
                    Repository one = in(group, APP);
                    for (Descriptor blob : one.manifest(V1).links().blobs()) {
                        assertThat(Client.pull(one, blob.digest())).hasSize((int) blob.size());
                    }
                    assertThat(one.tags(PageRequest.first(5)).items()).containsExactly(V1);
                }
            }
            return thread;
        });
    }

    @Test
    void a_group_that_would_become_its_own_member_stays_what_it_was() {
        Sample image = three.image(0, APP, V1);
        GroupRegistry inner = Three.group("inner", GroupOptions.DEFAULT, three.fetching(0));
        GroupRegistry middle = Three.group("middle", GroupOptions.DEFAULT, Member.fetching("inner", inner));
        GroupRegistry outer = Three.group("outer", GroupOptions.DEFAULT, Member.fetching("middle", middle));
        for (GroupRegistry other : List.of(inner, middle, outer)) {
            assertThatThrownBy(() -> become(inner, Member.fetching("other", other)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("inner");
        }
        assertThat(in(outer, APP).resolve(V1).digest()).isEqualTo(image.digest());
    }

    @Test
    void two_groups_that_become_each_others_members_at_once_do_not_both() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            GroupRegistry a = Three.group("a", GroupOptions.DEFAULT);
            GroupRegistry b = Three.group("b", GroupOptions.DEFAULT);
            List<Boolean> done = Threads.together(2, thread -> tried(thread == 0 ? a : b, thread == 0 ? b : a));
            assertThat(done).as("round " + i).containsOnlyOnce(true);
        }
    }

    private static boolean tried(GroupRegistry group, GroupRegistry other) {
        try {
            become(group, Member.fetching("other", other));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void a_member_of_a_member_is_written_to_and_is_who_answered() {
        GroupRegistry inner = Three.writable(Member.hosted("own", three.stores.get(0)));
        GroupRegistry outer = Three.writable(Member.fetching("inner", inner), three.fetching(1));
        Sample image = Client.pushImage(in(outer, APP), V1, CONFIG, Content.of("new"));
        assertThat(in(three.stores.get(0), APP).resolve(V1).digest()).isEqualTo(image.digest());
        Call call = call(Reach.ANYWHERE);
        assertThat(outer.repository(APP, call).resolve(V1).digest()).isEqualTo(image.digest());
        assertThat(call.source().registry()).contains("own");
    }
}
