package io.entrepot.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.TagPattern;
import io.entrepot.core.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GlobsTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void one_pattern_covers_another() {
        assertThat(Globs.covers("**", "team/**", false)).isTrue();
        assertThat(Globs.covers("team/**", "team/*/x", false)).isTrue();
        assertThat(Globs.covers("team/*", "team/?pp", false)).isTrue();
        assertThat(Globs.covers("team/*", "team/app", false)).isTrue();
        assertThat(Globs.covers("a**", "a/**", false)).isTrue();
        assertThat(Globs.covers("*", "**", false)).isFalse();
        assertThat(Globs.covers("team/*", "team/**", false)).isFalse();
        assertThat(Globs.covers("team/**", "team", false)).isFalse();
        assertThat(Globs.covers("team/?", "team/*", false)).isFalse();
        assertThat(Globs.covers("v*", "v1*", true)).isTrue();
        assertThat(Globs.covers("v1*", "v*", true)).isFalse();
    }

    @Test
    void what_is_said_to_be_covered_is() {
        Random random = seed.random();
        List<String> names = names();
        for (int i = 0; i < 20_000; i++) {
            String wide = pattern(random, "ab/*?");
            String narrow = pattern(random, "ab/*?");
            if (Globs.covers(wide, narrow, false)) {
                for (String name : names) {
                    RepositoryName repository = new RepositoryName(name);
                    if (new RepositoryPattern(narrow).matches(repository)) {
                        assertThat(new RepositoryPattern(wide).matches(repository))
                                .as("%s covers %s, but not %s", wide, narrow, name)
                                .isTrue();
                    }
                }
            }
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String first : List.of("a", "b", "ab", "ba", "aab")) {
            names.add(first);
            for (String second : List.of("a", "b", "ab")) {
                names.add(first + "/" + second);
                names.add(first + "/" + second + "/" + first);
            }
        }
        return names;
    }

    private static String pattern(Random random, String letters) {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(5) + 1; i > 0; i--) {
            pattern.append(letters.charAt(random.nextInt(letters.length())));
        }
        return pattern.toString();
    }

    @Test
    void two_patterns_intersect_if_and_only_if_some_text_matches_both() {
        Random random = seed.random();
        List<String> tags = new ArrayList<>(List.of("a", "b"));
        for (int i = 0; tags.get(i).length() < 8; i++) {
            tags.add(tags.get(i) + "a");
            tags.add(tags.get(i) + "b");
        }
        for (int i = 0; i < 5_000; i++) {
            String one = pattern(random, "ab*?");
            String other = pattern(random, "ab*?");
            if (one.matches("\\*+") && other.matches("\\*+")) {
                continue;
            }
            boolean some = tags.stream()
                    .map(Tag::new)
                    .anyMatch(t -> new TagPattern(one).matches(t) && new TagPattern(other).matches(t));
            assertThat(Globs.intersect(one, other)).as("%s and %s", one, other).isEqualTo(some);
        }
    }
}
