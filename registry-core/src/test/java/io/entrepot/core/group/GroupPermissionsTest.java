package io.entrepot.core.group;

import static io.entrepot.core.group.Three.APP;
import static io.entrepot.core.group.Three.CONFIG;
import static io.entrepot.core.group.Three.V1;
import static io.entrepot.core.group.Three.call;
import static io.entrepot.core.group.Three.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.PageRequest;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadHints;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A group that asks for rights in its members, too. */
class GroupPermissionsTest {
    private static final PageRequest ALL = PageRequest.first(100);
    private static final Caller EVE = new Caller(new Principal("local", "eve"), Proof.BASIC, Rights.ALL, Access.ALL);

    private final Three three = new Three();

    /** Some actions, on everything. */
    private record Only(Set<Action> actions) implements Access {
        static Only of(Action... actions) {
            return new Only(Set.copyOf(Arrays.asList(actions)));
        }

        @Override
        public boolean allows(Action action, RepositoryName name) {
            return actions.contains(action);
        }

        @Override
        public boolean allows(Action action, RepositoryName name, Tag tag) {
            return actions.contains(action);
        }

        @Override
        public boolean allowsWholly(Action action, RepositoryName name) {
            return actions.contains(action);
        }

        @Override
        public boolean allowsCatalog() {
            return false;
        }
    }

    /** As seen by one who may do everything where nothing else is said. */
    private static Registry seen(GroupRegistry group, Map<String, Access> rights) {
        return group.seenBy(EVE, member -> rights.getOrDefault(member, Access.ALL));
    }

    @Test
    void what_one_may_not_read_in_a_member_is_not_there_for_him() {
        Sample first = three.image(0, APP, V1);
        Sample second = three.image(1, APP, V1);
        three.image(0, APP, new Tag("only-there"));
        three.image(0, new RepositoryName("team/secret"), V1);
        GroupRegistry group = three.group(GroupOptions.DEFAULT);
        Registry all = seen(group, Map.of());
        Registry some = seen(group, Map.of("m0", Only.of()));
        assertThat(in(all, APP).resolve(V1).digest()).isEqualTo(first.digest());
        assertThat(in(some, APP).resolve(V1).digest()).isEqualTo(second.digest());
        assertThat(in(all, APP).manifest(first.digest()).digest()).isEqualTo(first.digest());
        assertThatThrownBy(() -> in(some, APP).manifest(first.digest())).isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> in(some, APP).open(Three.layer(0, V1).digest()))
                .isInstanceOf(RegistryException.Unknown.class);
        assertThat(in(some, APP).tags(ALL).items()).containsExactly(V1);
        assertThat(some.repositories(ALL, call(Reach.ANYWHERE)).items()).containsExactly(APP);
        assertThat(some.search("team", 10, call(Reach.ANYWHERE)))
                .extracting(SearchHit::name)
                .containsExactly("team/app");
        assertThat(some.holders(Three.layer(0, V1).digest(), 10, call(Reach.ANYWHERE)))
                .isEmpty();
        three.told.forEach(told -> told.asked.clear());
        assertThatThrownBy(() -> in(some, APP).resolve(new Tag("only-there")))
                .isInstanceOf(RegistryException.Unknown.class);
        assertThat(three.told.get(0).asked).isEmpty();
    }

    @Test
    void it_counts_in_members_of_members_too() {
        Sample image = three.image(1, APP, V1);
        GroupRegistry inner = Three.group("inner", GroupOptions.DEFAULT, three.fetching(0), three.fetching(1));
        GroupRegistry outer = Three.group("outer", GroupOptions.DEFAULT, Member.fetching("inner", inner));
        assertThat(in(seen(outer, Map.of("m0", Only.of())), APP).resolve(V1).digest())
                .isEqualTo(image.digest());
        assertThatThrownBy(() -> in(seen(outer, Map.of("m1", Only.of())), APP).resolve(V1))
                .isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void a_push_takes_the_right_to_push_there_and_borrows_nothing_that_one_may_not_read() {
        Content base = Content.of("base");
        Client.pushImage(in(three.stores.get(1), APP), V1, CONFIG, base);
        Member own = Member.hosted("own", three.stores.get(0));
        GroupRegistry group = Three.writable(own, Member.hosted("lender", three.stores.get(1)));
        Repository reader = in(seen(group, Map.of("own", Only.of(Action.READ))), APP);
        assertThatThrownBy(() -> reader.upload(UploadHints.NONE)).isInstanceOf(RegistryException.Denied.class);
        Repository pusher = in(seen(group, Map.of("lender", Only.of())), APP);
        assertThatThrownBy(() -> pusher.claim(base.digest())).isInstanceOf(RegistryException.Unknown.class);
        Client.pushImage(pusher, new Tag("mine"), CONFIG, Content.of("own"));
        assertThat(in(seen(group, Map.of()), APP).claim(base.digest()).size()).isEqualTo(base.size());
    }
}
