package io.entrepot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.testkit.Seed;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPatternTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @ParameterizedTest
    @CsvSource({
        "**,a,true",
        "**,a/b/c,true",
        "*,a,true",
        "*,a/b,false",
        "*/*,a/b,true",
        "*/*,a/b/c,false",
        "team/**,team/app,true",
        "team/**,team/a/b/c,true",
        "team/**,team,false",
        "team/**,teams/app,false",
        "team/**,steam/app,false",
        "team**,team,true",
        "team**,teams/app,true",
        "team/*,team/app,true",
        "team/*,team/a/b,false",
        "**/app,team/app,true",
        "**/app,app,false",
        "**app,app,true",
        "a/**/z,a/b/z,true",
        "a/**/z,a/b/c/z,true",
        "a/**/z,a/z,false",
        "a?c,abc,true",
        "a?c,a/c,false",
        "a?c,ac,false",
        "team/app,team/app,true",
        "team/app,team/app2,false",
        "Team/app,team/app,false",
        "a.c,abc,false",
        "[ab],a,false",
        "***,a/b,true"
    })
    void two_stars_pass_slashes_and_one_star_does_not(String glob, String name, boolean matches) {
        assertThat(new RepositoryPattern(glob).matches(new RepositoryName(name)))
                .isEqualTo(matches);
    }

    @Test
    void any_pattern_matches_what_the_regular_expression_of_it_does() {
        Random random = seed.random();
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            String glob = text(random, "aab/?**", 1 + random.nextInt(8));
            RepositoryName name = name(random);
            boolean matches = regex(glob).matcher(name.value()).matches();
            matched += matches ? 1 : 0;
            assertThat(new RepositoryPattern(glob).matches(name))
                    .as("%s %s", glob, name)
                    .isEqualTo(matches);
        }
        assertThat(matched).isBetween(1_000, 19_000);
    }

    private static Pattern regex(String glob) {
        return Pattern.compile(glob.replace("**", "\0")
                .replace("*", "[^/]*")
                .replace("?", "[^/]")
                .replace("\0", ".*"));
    }

    private static RepositoryName name(Random random) {
        StringBuilder name = new StringBuilder(text(random, "ab", 1 + random.nextInt(3)));
        for (int i = random.nextInt(4); i > 0; i--) {
            name.append('/').append(text(random, "ab", 1 + random.nextInt(2)));
        }
        return new RepositoryName(name.toString());
    }

    private static String text(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, alphabet.length()).forEach(i -> text.append(alphabet.charAt(i)));
        return text.toString();
    }

    @Test
    void no_pattern_is_expensive() {
        RepositoryName longest = new RepositoryName("a".repeat(RepositoryName.MAX_LENGTH));
        long begun = System.nanoTime();
        for (String glob : new String[] {"*a".repeat(127) + "b", "**a".repeat(84) + "b", "*".repeat(254) + "b"}) {
            RepositoryPattern pattern = new RepositoryPattern(glob);
            for (int i = 0; i < 100; i++) {
                assertThat(pattern.matches(longest)).isFalse();
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256})
    void an_empty_or_overlong_pattern_is_refused(int length) {
        assertThatThrownBy(() -> new RepositoryPattern("x".repeat(length)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
