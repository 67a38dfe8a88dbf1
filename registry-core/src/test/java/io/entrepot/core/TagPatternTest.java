package io.entrepot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagPatternTest {

    @ParameterizedTest
    @CsvSource({
        "latest,latest,true",
        "latest,latest-1,false",
        "*,anything,true",
        "v*,v1.2,true",
        "v*,1.2,false",
        "*-SNAPSHOT,1.0-SNAPSHOT,true",
        "*-SNAPSHOT,1.0-SNAPSHOT-2,false",
        "1.?.0,1.2.0,true",
        "1.?.0,1.22.0,false",
        "a*b*c,aXbYbZc,true",
        "a*b*c,aXcYb,false",
        "nightly**,nightly,true",
    })
    void a_star_is_any_text_and_a_question_mark_one_character(String glob, String tag, boolean matches) {
        assertThat(new TagPattern(glob).matches(new Tag(tag))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129})
    void an_empty_or_overlong_pattern_is_refused(int length) {
        assertThatThrownBy(() -> new TagPattern("x".repeat(length))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_pattern_of_stars_is_no_burden() {
        TagPattern stars = new TagPattern("*a".repeat(60) + "b");
        assertThat(stars.matches(new Tag("a".repeat(Tag.MAX_LENGTH)))).isFalse();
    }
}
