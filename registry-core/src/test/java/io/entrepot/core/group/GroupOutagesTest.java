package io.entrepot.core.group;

import static io.entrepot.core.group.Three.APP;
import static io.entrepot.core.group.Three.CONFIG;
import static io.entrepot.core.group.Three.V1;
import static io.entrepot.core.group.Three.call;
import static io.entrepot.core.group.Three.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.Tag;
import io.entrepot.core.group.Told.Word;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a group says while some of its members cannot be asked. */
class GroupOutagesTest {
    private static final GroupOptions LENIENT = new GroupOptions(true, false, Map.of());

    private final Three three = new Three();

    /** Whoever has the digest gives it, whatever the others say; of nobody's, the worst is said that was heard. */
    @Test
    void a_digest_comes_from_whoever_has_it_and_no_refusal_or_outage_of_another_keeps_it() {
        Digest image = three.image(1, APP, V1).digest();
        Digest nobodys = Content.of("nobody's").digest();
        for (GroupOptions options : List.of(GroupOptions.DEFAULT, LENIENT)) {
            GroupRegistry group = three.group(options);
            for (Word a : Word.values()) {
                for (Word b : Word.values()) {
                    for (Word c : Word.values()) {
                        for (Reach reach : List.of(Reach.LOCAL, Reach.ANYWHERE)) {
                            three.say(a, b, c);
                            List<Word> words = List.of(a, b, c);
                            assertDigest(group, image, words, reach);
                            Repository there = group.repository(APP, call(reach));
                            assertKind(catchThrowable(() -> there.open(nobodys)), words, reach);
                        }
                    }
                }
            }
        }
    }

    private static void assertDigest(GroupRegistry group, Digest image, List<Word> words, Reach reach) {
        Call call = call(reach);
        Repository there = group.repository(APP, call);
        Digest layer = Three.layer(1, V1).digest();
        boolean has = words.get(1) == Word.FOUND || words.get(1) == Word.FAR && reach == Reach.ANYWHERE;
        Explanation explained = group.explain(APP, image, call(reach));
        assertThat(explained.answer().map(Verdict::member))
                .as("explain " + words + " " + reach)
                .isEqualTo(has ? Optional.of("all/m1") : Optional.empty());
        if (has) {
            assertThat(there.resolve(image).digest()).isEqualTo(image);
            assertThat(there.manifest(image).digest()).isEqualTo(image);
            assertThat(there.stat(layer).digest()).isEqualTo(layer);
            there.open(layer).close();
            assertThat(call.source().registry()).as(words + " " + reach).contains("m1");
        } else {
            assertKind(catchThrowable(() -> there.resolve(image)), words, reach);
        }
    }

    private static void assertKind(Throwable thrown, List<Word> words, Reach reach) {
        boolean open = reach != Reach.ANYWHERE && (words.contains(Word.FAR) || words.contains(Word.ABSENT_BEFORE));
        boolean out = words.contains(Word.UNAVAILABLE) || words.contains(Word.LIMITED);
        boolean refused = words.contains(Word.DENIED) || words.contains(Word.UNAUTHORIZED);
        var asserted = assertThat(thrown).as(words + " " + reach);
        if (open) {
            asserted.isInstanceOf(BeyondReach.class);
        } else if (out) {
            asserted.isInstanceOfSatisfying(
                    RegistryException.Unavailable.class,
                    e -> assertThat(e.absentBefore()).isFalse());
        } else if (refused) {
            asserted.isInstanceOfAny(RegistryException.Denied.class, RegistryException.Unauthorized.class);
        } else if (words.contains(Word.ABSENT_BEFORE)) {
            asserted.isInstanceOfSatisfying(
                    RegistryException.Unavailable.class,
                    e -> assertThat(e.absentBefore()).isTrue());
        } else {
            asserted.isInstanceOf(RegistryException.Unknown.class);
        }
    }

    @Test
    void an_absence_from_before_lets_the_next_answer_but_is_no_absence_of_the_group() {
        Sample image = three.image(1, APP, V1);
        GroupRegistry group = three.group(GroupOptions.DEFAULT);
        three.say(Word.ABSENT_BEFORE, Word.FOUND, Word.UNKNOWN);
        assertThat(in(group, APP).resolve(V1).digest()).isEqualTo(image.digest());
        three.say(Word.ABSENT_BEFORE, Word.UNKNOWN, Word.UNKNOWN);
        assertThatThrownBy(() -> in(group, APP).resolve(V1)).isInstanceOf(RegistryException.Unavailable.class);
    }

    /** An outer group knows from it whether it may look elsewhere: never while one in the inner group might have the tag. */
    @Test
    void an_outage_weighs_more_than_an_absence_from_before_in_whichever_order_they_come() {
        Sample image = three.image(2, APP, V1);
        for (GroupOptions options : List.of(GroupOptions.DEFAULT, LENIENT)) {
            GroupRegistry inner = Three.group("inner", options, three.fetching(0), three.fetching(1));
            Member member = Member.fetching("inner", inner);
            GroupRegistry outer = Three.group("outer", GroupOptions.DEFAULT, member, three.fetching(2));
            three.say(Word.UNKNOWN, Word.ABSENT_BEFORE, Word.FOUND);
            assertThat(in(outer, APP).resolve(V1).digest()).isEqualTo(image.digest());
            for (Word first : List.of(Word.UNAVAILABLE, Word.ABSENT_BEFORE)) {
                Word second = first == Word.UNAVAILABLE ? Word.ABSENT_BEFORE : Word.UNAVAILABLE;
                three.say(first, second, Word.FOUND);
                assertThatThrownBy(() -> in(outer, APP).resolve(V1))
                        .as(options + " " + first)
                        .isInstanceOf(RegistryException.Unavailable.class);
            }
        }
    }

    @Test
    void of_several_outages_the_longest_is_waited_for() {
        GroupRegistry group = three.group(LENIENT);
        Digest digest = Content.of("nobody's").digest();
        for (List<Word> words : List.of(
                List.of(Word.LIMITED, Word.UNAVAILABLE, Word.ABSENT_BEFORE),
                List.of(Word.UNAVAILABLE, Word.LIMITED, Word.UNKNOWN),
                List.of(Word.ABSENT_BEFORE, Word.UNAVAILABLE, Word.LIMITED))) {
            three.say(words.get(0), words.get(1), words.get(2));
            for (Throwable thrown : List.of(
                    catchThrowable(() -> in(group, APP).resolve(V1)),
                    catchThrowable(() -> in(group, APP).resolve(digest)))) {
                assertThat(thrown).isInstanceOfSatisfying(RegistryException.Unavailable.class, e -> {
                    assertThat(e.code()).as(words.toString()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(60));
                });
            }
        }
    }

    /** 200 histories: members fail by chance, tags move, and one that is out is never stood in for. */
    @Test
    void no_tag_leads_to_a_later_member_while_an_earlier_one_that_has_it_is_out() {
        for (int seed = 0; seed < 200; seed++) {
            history(seed);
        }
    }

    private static void history(int seed) {
        Random random = new Random(seed);
        Three three = new Three();
        GroupRegistry group = three.group(GroupOptions.DEFAULT);
        List<Tag> tags = List.of(new Tag("a"), new Tag("b"));
        List<Word> moods = List.of(Word.FOUND, Word.FAR, Word.UNAVAILABLE, Word.LIMITED);
        Word[] now = {Word.FOUND, Word.FOUND, Word.FOUND};
        for (int step = 0; step < 30; step++) {
            int member = random.nextInt(3);
            Tag tag = tags.get(random.nextInt(2));
            Repository store = in(three.stores.get(member), APP);
            switch (random.nextInt(4)) {
                case 0 -> Client.pushImage(store, tag, CONFIG, Content.of(member + " " + step));
                case 1 -> has(three, member, tag).ifPresent(there -> store.delete(tag));
                default -> now[member] = moods.get(random.nextInt(moods.size()));
            }
            three.say(now[0], now[1], now[2]);
            for (Tag asked : tags) {
                assertTag(three, group, now, asked, "seed " + seed + " step " + step);
            }
        }
    }

    private static void assertTag(Three three, GroupRegistry group, Word[] now, Tag tag, String what) {
        Optional<Digest> expected = Optional.empty();
        boolean out = false;
        for (int i = 0; i < 3 && expected.isEmpty() && !out; i++) {
            out = now[i] == Word.UNAVAILABLE || now[i] == Word.LIMITED;
            expected = out ? Optional.empty() : has(three, i, tag);
        }
        Optional<Digest> got = Optional.empty();
        boolean failed = false;
        try {
            got = Optional.of(in(group, APP).resolve(tag).digest());
        } catch (RegistryException.Unknown e) {
            failed = false;
        } catch (RegistryException.Unavailable e) {
            failed = true;
        }
        assertThat(got).as(what).isEqualTo(expected);
        assertThat(failed).as(what).isEqualTo(out);
    }

    private static Optional<Digest> has(Three three, int member, Tag tag) {
        try {
            return Optional.of(in(three.stores.get(member), APP).resolve(tag).digest());
        } catch (RegistryException.Unknown e) {
            return Optional.empty();
        }
    }

    @Test
    void a_lenient_group_says_whom_it_passed_over() {
        Sample image = three.image(1, APP, V1);
        three.say(Word.LIMITED, Word.FOUND, Word.FOUND);
        Call call = call(Reach.ANYWHERE);
        assertThat(three.group(LENIENT).repository(APP, call).resolve(V1).digest())
                .isEqualTo(image.digest());
        assertThat(call.source().warnings()).singleElement().asString().contains("incomplete", "m0");
    }
}
