package io.entrepot.auth.account;

import static io.entrepot.auth.account.World.HUB;
import static io.entrepot.auth.account.World.PRIVATE;
import static io.entrepot.auth.account.World.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Principal;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Rights;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private final World world = new World();
    private final Policy policy = world.directory.policy();

    private static Set<Action> allowed(Access access, String name) {
        EnumSet<Action> allowed = EnumSet.noneOf(Action.class);
        for (Action action : Action.values()) {
            if (access.allows(action, name(name))) {
                allowed.add(action);
            }
        }
        return allowed;
    }

    private Identity ldap(String user, String... groups) {
        return new Identity(new Principal("ldap", user), Set.of(groups), Optional.empty(), Optional.empty());
    }

    @Test
    void the_built_in_roles_allow_what_they_say() {
        world.person("reader", BuiltIn.READER);
        world.person("developer", BuiltIn.DEVELOPER);
        world.person("deployer", BuiltIn.DEPLOYER);

        assertThat(allowed(world.access("reader", HUB), "a")).containsExactly(Action.BROWSE, Action.READ);
        assertThat(allowed(world.access("developer", PRIVATE), "a"))
                .containsExactly(Action.BROWSE, Action.READ, Action.ADD);
        assertThat(allowed(world.access("deployer", PRIVATE), "a"))
                .containsExactly(Action.BROWSE, Action.READ, Action.ADD, Action.EDIT);
        assertThat(allowed(world.access("admin", PRIVATE), "a")).containsExactly(Action.values());
        for (Domain domain : Domain.values()) {
            assertThat(world.admin().rights().administers(domain)).isTrue();
            assertThat(world.as("deployer").rights().sees(domain)).isFalse();
        }
    }

    @Test
    void anonymous_callers_may_read_where_the_registry_lets_them_in_and_nothing_elsewhere() {
        Access hub = policy.anonymous().in(HUB);
        assertThat(allowed(hub, "a")).isEmpty();
        assertThat(hub.allowsCatalog()).isFalse();

        world.open.add(HUB);

        assertThat(allowed(hub, "a")).containsExactly(Action.BROWSE, Action.READ);
        assertThat(hub.allowsCatalog()).isTrue();
        assertThat(allowed(policy.anonymous().in(PRIVATE), "a")).isEmpty();
    }

    @Test
    void who_is_logged_in_may_what_the_anonymous_may() {
        world.open.add(HUB);
        world.person("alice");

        assertThat(allowed(world.access("alice", HUB), "a")).containsExactly(Action.BROWSE, Action.READ);
        assertThat(allowed(policy.rights(ldap("alice")).in(HUB), "a")).containsExactly(Action.BROWSE, Action.READ);
        assertThat(allowed(world.access("alice", PRIVATE), "a")).isEmpty();
    }

    @Test
    void what_the_anonymous_may_can_be_edited() {
        world.open.add(HUB);
        world.accounts
                .roles()
                .update(world.admin(), Role.of(BuiltIn.ANONYMOUS, "", World.privileges("read:*:library/**"), Set.of()));

        assertThat(allowed(policy.anonymous().in(HUB), "library/alpine")).containsExactly(Action.READ);
        assertThat(allowed(policy.anonymous().in(HUB), "team/app")).isEmpty();
    }

    @Test
    void nobody_of_that_name_may_anything_whatever_is_open() {
        world.open.add(HUB);

        assertThat(allowed(world.access("nobody", HUB), "a")).isEmpty();
        assertThat(policy.securityVersion(new Principal("local", "nobody"))).isEmpty();
        assertThat(policy.securityVersion(new Principal("ldap", "nobody"))).hasValue(0);
    }

    @Test
    void rights_that_were_handed_out_follow_every_change() {
        world.role("team", "pull:private:team/**");
        world.person("alice", "team");
        Rights rights = world.as("alice").rights();
        Access access = rights.in(PRIVATE);
        assertThat(allowed(access, "team/app")).containsExactly(Action.BROWSE, Action.READ);

        world.accounts
                .roles()
                .update(world.admin(), Role.of("team", "", World.privileges("add:private:team/**"), Set.of()));
        assertThat(allowed(access, "team/app")).containsExactly(Action.ADD);

        world.accounts.roles().delete(world.admin(), "team");
        assertThat(allowed(access, "team/app")).isEmpty();
    }

    @Test
    void principals_and_groups_of_other_realms_have_the_roles_that_were_given_to_them() {
        world.accounts.roles().grant(world.admin(), Assignee.One.parse("ldap/alice"), BuiltIn.READER);
        world.accounts
                .roles()
                .grant(world.admin(), new Assignee.Group("ldap", "cn=Release, dc=example"), BuiltIn.DEPLOYER);
        world.person("alice");

        assertThat(allowed(policy.rights(ldap("alice")).in(PRIVATE), "a")).containsExactly(Action.BROWSE, Action.READ);
        assertThat(allowed(policy.rights(ldap("bob", "cn=Release, dc=example")).in(PRIVATE), "a"))
                .containsExactly(Action.BROWSE, Action.READ, Action.ADD, Action.EDIT);
        assertThat(allowed(world.access("alice", PRIVATE), "a")).isEmpty();
        assertThat(allowed(
                        policy.rights(new Identity(
                                        new Principal("oidc", "bob"),
                                        Set.of("cn=Release, dc=example"),
                                        Optional.empty(),
                                        Optional.empty()))
                                .in(PRIVATE),
                        "a"))
                .isEmpty();
        assertThat(world.directory.assignments()).hasSize(2);
    }

    @Test
    void the_version_of_a_principal_of_another_realm_grows_and_never_comes_back() {
        Principal alice = new Principal("ldap", "alice");
        Assignee.One to = new Assignee.One(alice);
        long last = policy.securityVersion(alice).orElseThrow();
        for (int i = 0; i < 3; i++) {
            world.accounts.roles().grant(world.admin(), to, BuiltIn.READER);
            assertThat(policy.securityVersion(alice).orElseThrow()).isGreaterThan(last);
            last = policy.securityVersion(alice).orElseThrow();
            world.accounts.roles().revoke(world.admin(), to, BuiltIn.READER);
            assertThat(policy.securityVersion(alice).orElseThrow()).isGreaterThan(last);
            last = policy.securityVersion(alice).orElseThrow();
        }
        assertThat(world.directory.assignments()).isEmpty();
    }

    @Test
    void a_role_contains_others_however_deep() {
        world.role("inner", "read:private:a/**");
        world.accounts.roles().create(world.admin(), Role.of("middle", "", List.of(), Set.of("inner")));
        world.accounts.roles().create(world.admin(), Role.of("outer", "", List.of(), Set.of("middle")));
        world.person("alice", "outer");

        assertThat(allowed(world.access("alice", PRIVATE), "a/b")).containsExactly(Action.READ);
    }

    @Test
    void a_registry_is_chosen_by_name_pattern_or_kind() {
        world.role("mixed", "read:private:a", "read:type=proxy:b", "read:team-*:c", "read:*:d");
        world.person("alice", "mixed");
        RegistryId team = new RegistryId("team-one", RegistryId.Kind.GROUP);

        assertThat(List.of("a", "b", "c", "d").stream()
                        .filter(n -> !allowed(world.access("alice", PRIVATE), n).isEmpty()))
                .containsExactly("a", "d");
        assertThat(List.of("a", "b", "c", "d").stream()
                        .filter(n -> !allowed(world.access("alice", HUB), n).isEmpty()))
                .containsExactly("b", "d");
        assertThat(List.of("a", "b", "c", "d").stream()
                        .filter(n -> !allowed(world.access("alice", team), n).isEmpty()))
                .containsExactly("c", "d");
    }

    @Test
    void a_right_on_some_tags_is_not_one_on_all_content() {
        world.role("releases", "read:private:app:v*");
        world.person("alice", "releases");
        Access access = world.access("alice", PRIVATE);

        assertThat(access.allows(Action.READ, name("app"))).isTrue();
        assertThat(access.allows(Action.READ, name("app"), new Tag("v1"))).isTrue();
        assertThat(access.allows(Action.READ, name("app"), new Tag("latest"))).isFalse();
        assertThat(access.allowsWholly(Action.READ, name("app"))).isFalse();
    }

    @Test
    void a_restricted_credential_is_good_for_what_both_allow() {
        world.person("alice", BuiltIn.DEPLOYER);
        Identity identity = new Identity(
                new Principal("local", "alice"),
                Set.of(),
                Optional.of(World.privileges("*:private:team/**", "read:private:app:v*", "admin:users")),
                Optional.of("key"));
        Access access = policy.rights(identity).in(PRIVATE);

        assertThat(allowed(access, "team/app")).containsExactly(Action.BROWSE, Action.READ, Action.ADD, Action.EDIT);
        assertThat(allowed(access, "other")).isEmpty();
        assertThat(access.allows(Action.READ, name("app"), new Tag("v1"))).isTrue();
        assertThat(access.allows(Action.READ, name("app"), new Tag("x"))).isFalse();
        assertThat(access.allowsWholly(Action.READ, name("app"))).isFalse();
        assertThat(policy.rights(identity).administers(Domain.USERS)).isFalse();
        assertThat(allowed(policy.rights(identity).in(HUB), "team/app")).isEmpty();
    }

    @Test
    void a_restriction_to_tags_that_its_owner_does_not_have_leaves_nothing() {
        world.role("releases", "read:private:app:v*");
        world.person("alice", "releases");
        Identity identity = new Identity(
                new Principal("local", "alice"),
                Set.of(),
                Optional.of(World.privileges("read:private:app:w*")),
                Optional.of("key"));

        assertThat(allowed(policy.rights(identity).in(PRIVATE), "app")).isEmpty();
    }

    @Test
    void a_restriction_holds_for_what_is_open_to_all_too() {
        world.open.add(HUB);
        Identity identity = new Identity(
                new Principal("ldap", "alice"),
                Set.of(),
                Optional.of(World.privileges("read:hub:team/**")),
                Optional.of("key"));

        assertThat(allowed(policy.rights(identity).in(HUB), "team/app")).containsExactly(Action.READ);
        assertThat(allowed(policy.rights(identity).in(HUB), "library/alpine")).isEmpty();
    }

    @Test
    void the_variable_is_the_name_of_whoever_asks_and_never_a_pattern() {
        world.role("tenant", "pull:private:tenant/{user}/**");
        world.person("alice", "tenant");
        for (String foreign : List.of("bob", "*", "**", "Alice", "a/b", "?lice", "{user}")) {
            world.accounts.roles().grant(world.admin(), new Assignee.One(new Principal("ldap", foreign)), "tenant");
        }

        assertThat(allowed(world.access("alice", PRIVATE), "tenant/alice/app")).isNotEmpty();
        assertThat(allowed(world.access("alice", PRIVATE), "tenant/bob/app")).isEmpty();
        assertThat(allowed(policy.rights(ldap("bob")).in(PRIVATE), "tenant/bob/app"))
                .isNotEmpty();
        for (String hostile : List.of("*", "**", "Alice", "a/b", "?lice", "{user}")) {
            Access access = policy.rights(ldap(hostile)).in(PRIVATE);
            for (String target : List.of("tenant/alice/app", "tenant/bob/app", "tenant/a/b/app")) {
                assertThat(allowed(access, target)).as(hostile).isEmpty();
            }
        }
    }
}
