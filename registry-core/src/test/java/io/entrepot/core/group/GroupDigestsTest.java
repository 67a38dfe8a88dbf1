package io.entrepot.core.group;

import static io.entrepot.core.group.Three.APP;
import static io.entrepot.core.group.Three.V1;
import static io.entrepot.core.group.Three.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.group.Told.Word;
import io.entrepot.core.testkit.Client;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a group looks for what is named by its digest. */
class GroupDigestsTest {
    private final Three three = new Three();
    private final GroupRegistry group = three.group(GroupOptions.DEFAULT);

    @Test
    void an_image_of_the_third_is_pulled_without_a_question_upstream_to_the_others_but_for_its_tag() {
        three.image(2, APP, V1);
        three.say(Word.FAR, Word.FAR, Word.FAR);
        Manifest manifest = in(group, APP).manifest(V1);
        three.told.forEach(member -> member.asked.clear());
        manifest.links().blobs().forEach(blob -> Client.pull(in(group, APP), blob.digest()));
        manifest.links().blobs().forEach(blob -> in(group, APP).stat(blob.digest()));
        for (int other : new int[] {0, 1}) {
            assertThat(three.told.get(other).asked).noneMatch(asked -> asked.endsWith("ANYWHERE"));
        }
        assertThat(three.told.get(2).asked).anyMatch(asked -> asked.endsWith("ANYWHERE"));
    }

    @Test
    void the_same_holds_for_a_member_of_a_member() {
        three.image(2, APP, V1);
        three.say(Word.FAR, Word.FAR, Word.FAR);
        GroupRegistry inner = Three.group("inner", GroupOptions.DEFAULT, three.fetching(1), three.fetching(2));
        Member member = Member.fetching("inner", inner);
        GroupRegistry outer = Three.group("outer", GroupOptions.DEFAULT, three.fetching(0), member);
        in(outer, APP).manifest(V1);
        three.told.forEach(told -> told.asked.clear());
        Client.pull(in(outer, APP), Three.layer(2, V1).digest());
        for (int other : new int[] {0, 1}) {
            assertThat(three.told.get(other).asked).noneMatch(asked -> asked.endsWith("ANYWHERE"));
        }
    }

    /** After a restart, or ten thousand other indexes, nothing is remembered: it only takes longer. */
    @Test
    void a_digest_is_found_without_a_tag_pulled_before() {
        Digest image = three.image(2, APP, V1).digest();
        three.say(Word.FAR, Word.FAR, Word.FAR);
        assertThat(in(group, APP).stat(Three.layer(2, V1).digest()).size()).isPositive();
        assertThat(in(group, APP).manifest(image).digest()).isEqualTo(image);
    }

    @Test
    void a_blob_of_another_repository_is_no_blob_of_this_one() {
        three.image(2, APP, V1);
        Repository other = in(group, new RepositoryName("team/other"));
        for (Word word : List.of(Word.FOUND, Word.FAR)) {
            three.say(word, word, word);
            assertThatThrownBy(() -> other.open(Three.layer(2, V1).digest()))
                    .isInstanceOf(RegistryException.Unknown.class);
        }
    }

    @Test
    void a_source_that_is_no_member_any_more_keeps_nobody_from_being_asked() {
        Digest image = three.image(2, APP, V1).digest();
        three.say(Word.FAR, Word.FAR, Word.FAR);
        in(group, APP).manifest(V1);
        three.image(0, APP, V1);
        group.become(List.of(three.fetching(0), three.fetching(1)), Optional.empty(), GroupOptions.DEFAULT);
        assertThatThrownBy(() -> in(group, APP).manifest(image)).isInstanceOf(RegistryException.Unknown.class);
        assertThat(in(group, APP).stat(Three.layer(0, V1).digest()).size()).isPositive();
    }
}
