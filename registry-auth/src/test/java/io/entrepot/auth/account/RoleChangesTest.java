package io.entrepot.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RoleChangesTest {
    private final World world = new World();
    private final RoleChanges roles = world.accounts.roles();

    private static void refused(ThrowingCallable call, AccountException.Reason reason, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AccountException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(words);
    }

    private static Role containing(String name, String... others) {
        return Role.of(name, "", List.of(), Set.of(others));
    }

    @Test
    void the_built_in_roles_are_there_and_cannot_be_deleted() {
        assertThat(world.directory.roles())
                .extracting(Role::name)
                .containsExactly("admin", "anonymous", "deployer", "developer", "reader");
        for (Role role : world.directory.roles()) {
            refused(() -> roles.delete(world.admin(), role.name()), AccountException.Reason.NOT_ALLOWED, "built in");
        }
    }

    @Test
    void all_built_in_roles_but_admin_can_be_edited() {
        roles.update(world.admin(), Role.of(BuiltIn.READER, "less", World.privileges("read:hub"), Set.of()));

        assertThat(world.directory.role(BuiltIn.READER).orElseThrow().privileges())
                .isEqualTo(World.privileges("read:hub"));
        assertThat(world.directory.role(BuiltIn.READER).orElseThrow().builtIn()).isTrue();
        refused(
                () -> roles.update(world.admin(), containing(BuiltIn.ADMIN)),
                AccountException.Reason.NOT_ALLOWED,
                "always");
        refused(
                () -> roles.update(
                        world.admin(), Role.of(BuiltIn.ANONYMOUS, "", World.privileges("admin:audit:read"), Set.of())),
                AccountException.Reason.NOT_ALLOWED,
                "without logging in");
        refused(
                () -> roles.update(world.admin(), containing(BuiltIn.ANONYMOUS, BuiltIn.ADMIN)),
                AccountException.Reason.NOT_ALLOWED,
                "without logging in");
    }

    @Test
    void a_role_that_would_contain_itself_is_refused() {
        roles.create(world.admin(), containing("a"));
        roles.create(world.admin(), containing("b", "a"));
        roles.create(world.admin(), containing("c", "b"));

        refused(() -> roles.update(world.admin(), containing("a", "c")), AccountException.Reason.INVALID, "itself");
        refused(() -> roles.update(world.admin(), containing("a", "a")), AccountException.Reason.INVALID, "itself");
        refused(() -> roles.create(world.admin(), containing("d", "gone")), AccountException.Reason.UNKNOWN, "gone");
    }

    @Test
    void a_deleted_role_is_taken_from_all_so_that_a_new_one_of_its_name_is_nobodys() {
        world.role("team", "pull:private");
        world.person("alice", "team");
        roles.create(world.admin(), containing("outer", "team"));
        roles.grant(world.admin(), new Assignee.Group("ldap", "team"), "team");

        roles.delete(world.admin(), "team");

        assertThat(world.directory.user("alice").orElseThrow().roles()).isEmpty();
        assertThat(world.directory.role("outer").orElseThrow().roles()).isEmpty();
        assertThat(world.directory.assignments()).isEmpty();
    }

    @Test
    void there_are_limits_with_numbers() {
        List<Privilege> privileges = IntStream.rangeClosed(0, Role.MAX_PRIVILEGES)
                .mapToObj(i -> PrivilegeNotation.parse("read:r" + i))
                .toList();
        refused(
                () -> Role.of("big", "", privileges, Set.of()),
                AccountException.Reason.INVALID,
                "at most 1000 privileges");
        String longest = "browse,read,add,edit:" + "r".repeat(128) + ":" + "n".repeat(255) + ":" + "t".repeat(128);
        roles.create(
                world.admin(),
                Role.of(
                        "longest",
                        "d".repeat(1_000),
                        Collections.nCopies(1_000, PrivilegeNotation.parse(longest)),
                        Set.of()));
        assertThat(world.directory.role("longest").orElseThrow().privileges()).hasSize(1_000);
        for (String bad : List.of("", "a b", "a/b", "-a", "a".repeat(65))) {
            refused(() -> containing(bad), AccountException.Reason.INVALID, "name");
        }
        refused(() -> Role.of("a", "d".repeat(1_001), List.of(), Set.of()), AccountException.Reason.INVALID, "1000");
    }

    @Test
    void a_role_is_given_once_and_only_if_there_is_one_and_somebody() {
        roles.grant(world.admin(), Assignee.One.parse("ldap/alice"), BuiltIn.READER);
        roles.grant(world.admin(), Assignee.One.parse("ldap/alice"), BuiltIn.READER);

        assertThat(world.directory.assignments()).hasSize(1);
        refused(
                () -> roles.grant(world.admin(), Assignee.One.parse("ldap/alice"), "gone"),
                AccountException.Reason.UNKNOWN,
                "gone");
        refused(
                () -> roles.grant(world.admin(), Assignee.One.parse("local/gone"), BuiltIn.READER),
                AccountException.Reason.UNKNOWN,
                "gone");
        for (String bad : List.of("alice", "/alice", "ldap/", "ldap/a\nb")) {
            refused(() -> Assignee.One.parse(bad), AccountException.Reason.INVALID, "");
        }
    }
}
