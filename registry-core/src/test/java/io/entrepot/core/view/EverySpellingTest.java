package io.entrepot.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.OfficialLibrary;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.EverySpelling;
import java.util.List;
import org.junit.jupiter.api.Test;

class EverySpellingTest {
    private static final Tag V1 = new Tag("v1");

    private static RepositoryName name(String name) {
        return new RepositoryName(name);
    }

    @Test
    void what_one_name_allows_and_the_other_does_not_is_not_allowed() {
        for (String allowed : List.of("*", "library/*")) {
            Access access = new EverySpelling(Granted.of(Action.READ).in(allowed));
            for (String asked : List.of("nginx", "library/nginx")) {
                assertThat(access.allows(Action.READ, name(asked))).as(asked).isFalse();
                assertThat(access.allows(Action.READ, name(asked), V1)).isFalse();
                assertThat(access.allowsWholly(Action.READ, name(asked))).isFalse();
                assertThat(access.allowsListing(name(asked))).isFalse();
            }
        }
        Access both = new EverySpelling(Granted.of(Action.READ).in("**nginx"));
        assertThat(both.allows(Action.READ, name("nginx"))).isTrue();
        assertThat(both.allows(Action.READ, name("library/nginx"), V1)).isTrue();
        assertThat(both.allows(Action.ADD, name("nginx"))).isFalse();
    }

    @Test
    void other_names_have_one_spelling() {
        Access access = new EverySpelling(Granted.of(Action.READ).in("team/**"));
        assertThat(access.allows(Action.READ, name("team/app"))).isTrue();
        assertThat(OfficialLibrary.spellings(name("library/a/b"))).containsExactly(name("library/a/b"));
        assertThat(OfficialLibrary.spellings(name("library")))
                .containsExactly(name("library"), name("library/library"));
        String longest = "a".repeat(RepositoryName.MAX_LENGTH);
        assertThat(OfficialLibrary.spellings(name(longest))).containsExactly(name(longest));
    }
}
