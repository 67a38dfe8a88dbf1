package io.entrepot.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.testkit.Seed;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PrivilegeNotationTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private static String again(String text) {
        return PrivilegeNotation.print(PrivilegeNotation.parse(text));
    }

    @Test
    void a_privilege_reads_as_it_is_meant() {
        assertThat(PrivilegeNotation.parse("read,add:private:team/**:v*"))
                .isEqualTo(new Privilege.Content(
                        Set.of(Action.READ, Action.ADD),
                        new RegistrySelector.Named("private"),
                        new RepositoryPattern("team/**"),
                        Optional.of(new TagPattern("v*"))));
        assertThat(PrivilegeNotation.parse("admin:blob-stores:read"))
                .isEqualTo(new Privilege.Admin(Domain.BLOB_STORES, false));
    }

    @Test
    void each_is_printed_in_one_way() {
        assertThat(again("pull:private")).isEqualTo("browse,read:private:**");
        assertThat(again("push,pull:*")).isEqualTo("browse,read,add,edit:*:**");
        assertThat(again("delete,edit,add,read,browse:type=proxy:a")).isEqualTo("*:type=proxy:a");
        assertThat(again("read:team-*:tenant/{user}/**")).isEqualTo("read:team-*:tenant/{user}/**");
        assertThat(again("admin:users")).isEqualTo("admin:users");
    }

    @Test
    void whatever_is_printed_is_read_as_the_same() {
        Random random = seed.random();
        List<RegistrySelector> selectors = List.of(
                new RegistrySelector.All(),
                new RegistrySelector.OfKind(RegistryId.Kind.GROUP),
                new RegistrySelector.Named("private"),
                new RegistrySelector.Named("a-*_b.?"));
        List<String> names = List.of("**", "a", "a/**", "tenant/{user}/*", "a-b__c.d/?");
        for (int i = 0; i < 500; i++) {
            EnumSet<Action> actions =
                    EnumSet.of(Action.values()[random.nextInt(5)], Action.values()[random.nextInt(5)]);
            Privilege privilege = random.nextInt(5) == 0
                    ? new Privilege.Admin(Domain.values()[random.nextInt(Domain.values().length)], random.nextBoolean())
                    : new Privilege.Content(
                            actions,
                            selectors.get(random.nextInt(selectors.size())),
                            new RepositoryPattern(names.get(random.nextInt(names.size()))),
                            random.nextBoolean() ? Optional.of(new TagPattern("v?.*-RC_1")) : Optional.empty());
            assertThat(PrivilegeNotation.parse(PrivilegeNotation.print(privilege)))
                    .isEqualTo(privilege);
        }
    }

    @Test
    void anything_else_is_refused_with_a_sentence() {
        for (String bad : List.of(
                "",
                "read",
                "read:",
                ":private",
                "write:private",
                "read,:private",
                "READ:private",
                "read:private:",
                "read:private:Team/**",
                "read:private:a b",
                "read:private:{name}/**",
                "read:private:**:",
                "read:private:**:a/b",
                "read:private:**:v1:more",
                "read:type=other",
                "read:pri/vate",
                "admin",
                "admin:",
                "admin:everything",
                "admin:users:write",
                "admin:users:read:more",
                "read:private:" + "a".repeat(256))) {
            assertThatThrownBy(() -> PrivilegeNotation.parse(bad))
                    .as(bad)
                    .isInstanceOf(AccountException.class)
                    .hasMessageStartingWith("not a privilege: '" + bad + "': ");
        }
    }
}
