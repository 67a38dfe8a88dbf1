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
import io.entrepot.core.Digest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadHints;
import io.entrepot.core.group.Told.Word;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.hosted.WritePolicy;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Faults;
import io.entrepot.core.testkit.FaultyBlobStore;
import io.entrepot.core.testkit.Sample;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is pushed to a group goes to one member, and leans on what the others hold. */
class GroupPushTest {
    private static final Content BASE = Content.of("base");

    private final Three three = new Three();

    private static Member own() {
        return Member.hosted("own", GroupContractTest.hosted("own"));
    }

    private static void assertMissing(ThrowingCallable put, Content... missing) {
        assertThatThrownBy(put)
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.detail().orElse(""))
                                .containsExactlyInAnyOrderElementsOf(Arrays.stream(missing)
                                        .map(content -> content.digest().toString())
                                        .toList()));
    }

    /** Helm looks for what it is about to push, by its digest, and not with a token that says so. */
    @Test
    void who_may_be_pushing_is_not_kept_from_it_by_what_an_outage_hides() {
        GroupRegistry group = Three.writable(own(), three.fetching(1));
        Digest digest = BASE.digest();
        three.say(Word.FOUND, Word.UNAVAILABLE, Word.FOUND);
        Repository either = group.repository(APP, call(Reach.ANYWHERE).with(Call.Purpose.EITHER));
        assertThatThrownBy(() -> either.resolve(digest)).isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> either.resolve(V1)).isInstanceOf(RegistryException.Unavailable.class);
        assertThatThrownBy(() -> either.manifest(digest)).isInstanceOf(RegistryException.Unavailable.class);
        assertThatThrownBy(() -> in(group, APP).resolve(digest)).isInstanceOf(RegistryException.Unavailable.class);
        Call near = call(Reach.LOCAL).with(Call.Purpose.EITHER);
        assertThatThrownBy(() -> group.repository(APP, near).resolve(digest))
                .isInstanceOf(RegistryException.Unavailable.class);
        GroupRegistry unwritable = Three.group("all", GroupOptions.DEFAULT, own(), three.fetching(1));
        assertThatThrownBy(() -> unwritable
                        .repository(APP, call(Reach.ANYWHERE).with(Call.Purpose.EITHER))
                        .resolve(digest))
                .isInstanceOf(RegistryException.Unavailable.class);

        three.say(Word.FOUND, Word.FOUND, Word.FOUND);
        Sample image = three.image(1, APP, V1);
        assertThat(either.resolve(image.digest()).digest()).isEqualTo(image.digest());
    }

    @Test
    void what_nobody_could_pull_again_is_not_taken() {
        Member own = own();
        GroupRegistry group = new GroupRegistry(
                "all",
                List.of(own, three.fetching(1)),
                Optional.of(own),
                GroupOptions.routing(Map.of(new RepositoryPattern("team/**"), List.of("m1"))));
        Repository there = in(group, APP);
        for (ThrowingCallable push : List.<ThrowingCallable>of(
                () -> there.claim(BASE.digest()),
                () -> there.upload(UploadHints.NONE),
                () -> there.put(Sample.image(CONFIG).manifest(), PutOptions.at(V1)))) {
            assertThatThrownBy(push)
                    .isInstanceOf(RegistryException.Denied.class)
                    .hasMessageContaining("the route team/** leads elsewhere");
        }
        Client.pushImage(in(group, new RepositoryName("mine/app")), V1, CONFIG, BASE);
    }

    @Test
    void over_one_blob_store_what_others_hold_is_linked_and_nothing_is_copied() {
        MemoryBlobStore blobs = new MemoryBlobStore();
        MemoryMetadata metadata = new MemoryMetadata();
        Registry lender =
                new HostedRegistry("lender", blobs, metadata.sibling(), HostedOptions.DEFAULT, InstantSource.system());
        Client.pushImage(in(lender, APP), V1, CONFIG, BASE);
        Faults touched = new Faults(1, Faults.Mode.NOT_DONE);
        Registry own = new HostedRegistry(
                "own", new FaultyBlobStore(blobs, touched), metadata, HostedOptions.DEFAULT, InstantSource.system());
        GroupRegistry group = Three.writable(Member.hosted("own", own), Member.hosted("lender", lender));
        assertThat(in(group, APP).claim(BASE.digest()).size()).isEqualTo(BASE.size());
        Client.put(in(group, APP), Sample.image(CONFIG, BASE), new Tag("mine"));
        assertThat(touched.fired()).isEmpty();
        touched.stop();
        assertThat(Client.pull(in(own, APP), BASE.digest())).isEqualTo(BASE.bytes());
    }

    @Test
    void a_lender_whose_bytes_are_rotten_is_passed_over() {
        for (boolean unreadable : new boolean[] {false, true}) {
            Member rotten = Member.fetching("rotten", new Rotten(BASE, unreadable));
            Member own = own();
            Registry sound = GroupContractTest.hosted("sound");
            Client.pushImage(in(sound, APP), V1, CONFIG, BASE);
            GroupRegistry group = Three.writable(own, rotten, Member.hosted("sound", sound));
            Client.put(in(group, APP), Sample.image(CONFIG, BASE), new Tag("mine"));
            assertThat(Client.pull(in(own.registry(), APP), BASE.digest())).isEqualTo(BASE.bytes());

            GroupRegistry alone = Three.writable(own(), rotten);
            Client.push(in(alone, APP), CONFIG);
            assertMissing(() -> Client.put(in(alone, APP), Sample.image(CONFIG, BASE), V1), BASE);
        }
    }

    @Test
    void what_was_begun_to_be_copied_and_failed_is_not_left_in_the_way() {
        MemoryBlobStore small = new MemoryBlobStore(InstantSource.system(), 6, 10);
        Registry registry =
                new HostedRegistry("own", small, new MemoryMetadata(), HostedOptions.DEFAULT, InstantSource.system());
        for (boolean unreadable : new boolean[] {false, true}) {
            Member rotten = Member.fetching("rotten", new Rotten(BASE, unreadable));
            GroupRegistry group = Three.writable(Member.hosted("own", registry), rotten);
            for (int i = 0; i < 5; i++) {
                assertMissing(() -> Client.put(in(group, APP), Sample.image(BASE), V1), BASE);
            }
        }
        Client.push(in(registry, APP), BASE);
    }

    @Test
    void the_blobs_that_nobody_has_are_named_as_the_writable_member_names_them() {
        three.say(Word.UNAVAILABLE, Word.UNKNOWN, Word.FAR);
        GroupRegistry group = Three.writable(own(), three.fetching(0), three.fetching(1), three.fetching(2));
        assertMissing(() -> in(group, APP).put(Sample.image(CONFIG, BASE).manifest(), PutOptions.at(V1)), CONFIG, BASE);
        assertThat(three.told)
                .allSatisfy(
                        member -> assertThat(member.asked).isNotEmpty().noneMatch(asked -> asked.endsWith("ANYWHERE")));
    }

    /** A look is no write. */
    @Test
    void what_others_hold_is_affirmed_also_where_the_writable_member_takes_nothing() {
        HostedOptions readOnly = HostedOptions.DEFAULT.writePolicy(WritePolicy.DENY, List.of());
        Registry own = new HostedRegistry(
                "own", new MemoryBlobStore(), new MemoryMetadata(), readOnly, InstantSource.system());
        three.image(0, APP, V1);
        GroupRegistry group = Three.writable(Member.hosted("own", own), three.fetching(0));
        Content layer = Three.layer(0, V1);
        assertThat(in(group, APP).claim(layer.digest())).isEqualTo(Descriptor.ofBlob(layer.digest(), layer.size()));
        assertThatThrownBy(() -> Client.put(in(group, APP), Sample.image(CONFIG, layer), V1))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("own is read-only");
    }

    @Test
    void a_deleted_tag_shows_what_a_later_member_has_and_nothing_is_deleted_there() {
        Digest others = three.image(1, APP, V1).digest();
        GroupRegistry group = Three.writable(own(), three.fetching(1));
        Sample image = Client.pushImage(in(group, APP), V1, CONFIG, BASE);
        assertThat(in(group, APP).resolve(V1).digest()).isEqualTo(image.digest());
        in(group, APP).delete(V1);
        assertThat(in(group, APP).resolve(V1).digest()).isEqualTo(others);
        for (ThrowingCallable delete : List.<ThrowingCallable>of(
                () -> in(group, APP).delete(V1),
                () -> in(group, APP).delete(others),
                () -> in(group, APP).deleteBlob(Three.layer(1, V1).digest()))) {
            assertThatThrownBy(delete).isInstanceOf(RegistryException.Unknown.class);
        }
        assertThat(in(three.stores.get(1), APP).resolve(V1).digest()).isEqualTo(others);
    }

    @Test
    void only_members_that_would_answer_overshadow_what_is_pushed() {
        three.image(0, APP, V1);
        for (boolean online : new boolean[] {true, false}) {
            Member own = own();
            Member first = online ? three.fetching(0) : three.fetching(0).offline();
            GroupRegistry group = new GroupRegistry("all", List.of(first, own), Optional.of(own), GroupOptions.DEFAULT);
            Call call = call(Reach.ANYWHERE);
            Sample image = Client.pushImage(group.repository(APP, call), V1, CONFIG, BASE);
            assertThat(call.source().warnings()).hasSize(online ? 1 : 0);
            assertThat(in(group, APP).resolve(V1).digest().equals(image.digest()))
                    .isEqualTo(!online);
        }
    }

    @Test
    void a_push_to_an_offline_member_is_refused_by_its_name() {
        GroupRegistry group = Three.writable(own().offline(), three.fetching(1));
        for (ThrowingCallable write : List.<ThrowingCallable>of(
                () -> Client.push(in(group, APP), BASE),
                () -> in(group, APP).claim(BASE.digest()),
                () -> in(group, APP).delete(V1))) {
            assertThatThrownBy(write)
                    .isInstanceOf(RegistryException.Denied.class)
                    .hasMessageContaining("own is offline");
        }
    }
}
