package io.entrepot.auth.account;

import static io.entrepot.auth.account.World.HUB;
import static io.entrepot.auth.account.World.PASSWORD;
import static io.entrepot.auth.account.World.PRIVATE;
import static io.entrepot.auth.account.World.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AccountsTest {
    private final World world = new World();
    private final Accounts accounts = world.accounts;

    private static void refused(ThrowingCallable call, AccountException.Reason reason, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AccountException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(words);
    }

    private static void denied(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(RegistryException.Denied.class);
    }

    private OptionalLong version(String user) {
        return world.directory.policy().securityVersion(new Principal(User.REALM, user));
    }

    @Test
    void a_user_is_there_at_once_with_what_his_roles_allow() {
        User alice = world.person("alice", BuiltIn.READER);

        assertThat(world.directory.user("alice")).contains(alice);
        assertThat(world.hashing.matches(PASSWORD, alice.passwordHash().orElseThrow()))
                .isTrue();
        assertThat(world.access("alice", PRIVATE).allows(Action.READ, name("team/app")))
                .isTrue();
        assertThat(world.access("alice", PRIVATE).allows(Action.ADD, name("team/app")))
                .isFalse();
    }

    @Test
    void names_have_a_form_and_are_taken_once() {
        for (String bad : List.of("", "Alice", "-a", ".a", "a b", "a/b", "robot$x", "a\n", "\u00e4", "a".repeat(65))) {
            refused(() -> world.person(bad), AccountException.Reason.INVALID, "name");
        }
        world.person("a.b_c@d-e");
        world.person("a".repeat(64));
        refused(() -> world.person("a.b_c@d-e"), AccountException.Reason.EXISTS, "already");
    }

    @Test
    void a_robot_is_called_so_and_has_no_password() {
        assertThat(world.robot("ci", BuiltIn.DEPLOYER).name()).isEqualTo("robot$ci");
        assertThat(world.person("ci").kind()).isEqualTo(User.Kind.PERSON);
        refused(() -> world.robot("robot$ci"), AccountException.Reason.EXISTS, "already");
        refused(
                () -> accounts.setPassword(world.admin(), "robot$ci", "battery staple", false),
                AccountException.Reason.INVALID,
                "API key");
    }

    @Test
    void a_bad_password_is_refused_with_a_sentence() {
        refused(
                () -> accounts.create(world.admin(), NewUser.person("bob", "Harbor12345", Set.of())),
                AccountException.Reason.INVALID,
                "first that anybody tries");
        refused(
                () -> accounts.setPassword(world.admin(), "admin", "short", false),
                AccountException.Reason.INVALID,
                "at least 8");
        for (String none : List.of("\u20acab".repeat(300), "half a pair \ud800", "x".repeat(1_025))) {
            refused(
                    () -> accounts.create(world.admin(), NewUser.person("bob", none, Set.of())),
                    AccountException.Reason.INVALID,
                    "1024 bytes");
        }
        assertThat(world.directory.user("bob")).isEmpty();
    }

    @Test
    void who_is_disabled_may_nothing_and_has_no_version_until_he_is_enabled_with_a_newer_one() {
        world.person("alice", BuiltIn.READER);
        Access before = world.access("alice", PRIVATE);
        long first = version("alice").orElseThrow();

        accounts.disable(world.admin(), "alice");
        assertThat(version("alice")).isEmpty();
        assertThat(before.allows(Action.READ, name("a"))).isFalse();

        accounts.enable(world.admin(), "alice");
        assertThat(version("alice").orElseThrow()).isGreaterThan(first);
        assertThat(before.allows(Action.READ, name("a"))).isTrue();
    }

    @Test
    void an_account_ends_when_it_says_and_not_even_anonymous_rights_are_left() {
        world.open.add(HUB);
        world.person("alice", BuiltIn.READER);
        accounts.expire(
                world.admin(), "alice", Optional.of(world.clock.instant().plus(Duration.ofDays(1))));
        Access access = world.access("alice", HUB);
        assertThat(access.allows(Action.READ, name("a"))).isTrue();

        world.clock.advance(Duration.ofDays(1));

        assertThat(version("alice")).isEmpty();
        assertThat(access.allows(Action.READ, name("a"))).isFalse();
        refused(
                () -> accounts.expire(world.admin(), "alice", Optional.of(world.clock.instant())),
                AccountException.Reason.INVALID,
                "future");
    }

    @Test
    void the_security_version_grows_with_password_roles_and_state_but_not_with_a_new_email() {
        world.person("alice");
        long last = version("alice").orElseThrow();

        accounts.describe(world.admin(), "alice", "Alice", "alice@example.org");
        assertThat(version("alice")).hasValue(last);

        List<Runnable> changes = List.of(
                () -> accounts.setPassword(world.admin(), "alice", "battery staple", true),
                () -> accounts.changePassword(world.as("alice"), "battery staple", "staple battery"),
                () -> accounts.roles().grant(world.admin(), Assignee.One.parse("local/alice"), BuiltIn.READER),
                () -> accounts.roles().revoke(world.admin(), Assignee.One.parse("local/alice"), BuiltIn.READER));
        for (Runnable change : changes) {
            change.run();
            long next = version("alice").orElseThrow();
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void who_is_deleted_and_made_anew_never_gets_a_version_that_he_had() {
        world.person("alice");
        accounts.setPassword(world.admin(), "alice", "battery staple", false);
        long last = version("alice").orElseThrow();

        accounts.delete(world.admin(), "alice");
        assertThat(version("alice")).isEmpty();
        world.person("alice");

        assertThat(version("alice").orElseThrow()).isGreaterThan(last);
    }

    @Test
    void with_a_user_go_his_keys_and_his_hold_on_robots() {
        world.person("alice", BuiltIn.READER);
        NewKey.Issued key = accounts.keys()
                .create(
                        world.as("alice"),
                        new NewKey(new Principal(User.REALM, "alice"), "", Optional.empty(), Optional.empty()));
        accounts.create(
                world.admin(),
                new NewUser(
                        "ci",
                        User.Kind.ROBOT,
                        "",
                        "",
                        Optional.empty(),
                        false,
                        Set.of(),
                        Optional.empty(),
                        Optional.of("local/alice")));

        accounts.delete(world.admin(), "alice");
        world.person("alice");

        assertThat(world.directory.keyOf(key.text())).isEmpty();
        assertThat(world.directory.keys()).isEmpty();
        assertThat(world.directory.user("robot$ci").orElseThrow().owner()).isEmpty();
    }

    @Test
    void everybody_changes_his_own_password_with_the_old_one() {
        world.person("alice");
        accounts.setPassword(world.admin(), "alice", "battery staple", true);

        refused(
                () -> accounts.changePassword(world.as("alice"), "wrong", "staple battery"),
                AccountException.Reason.INVALID,
                "old password");
        refused(
                () -> accounts.changePassword(world.as("alice"), "battery staple", "battery staple"),
                AccountException.Reason.INVALID,
                "take another");
        User alice = accounts.changePassword(world.as("alice"), "battery staple", "staple battery");

        assertThat(alice.mustChangePassword()).isFalse();
        assertThat(world.hashing.matches("staple battery", alice.passwordHash().orElseThrow()))
                .isTrue();
        denied(() -> accounts.setPassword(world.as("alice"), "alice", "other battery", false));
    }

    @Test
    void a_user_of_another_realm_has_no_password_here_though_somebody_has_his_name() {
        world.person("alice");
        Caller other = world.as(Identity.of(new Principal("ldap", "alice")));

        refused(
                () -> accounts.changePassword(other, PASSWORD, "battery staple"),
                AccountException.Reason.NOT_ALLOWED,
                "not kept here");
    }

    @Test
    void the_last_administrator_stays() {
        Caller admin = world.admin();
        for (ThrowingCallable change : List.<ThrowingCallable>of(
                () -> accounts.disable(admin, "admin"),
                () -> accounts.delete(admin, "admin"),
                () -> accounts.roles().revoke(admin, Assignee.One.parse("local/admin"), BuiltIn.ADMIN),
                () -> accounts.expire(
                        admin, "admin", Optional.of(world.clock.instant().plusSeconds(60))))) {
            refused(change, AccountException.Reason.NOT_ALLOWED, "must remain");
        }
        world.person("second", BuiltIn.ADMIN);
        accounts.disable(admin, "admin");
        refused(() -> accounts.disable(world.as("second"), "second"), AccountException.Reason.NOT_ALLOWED, "remain");
    }

    @Test
    @Timeout(60)
    void of_two_administrators_who_disable_each_other_at_once_in_two_processes_one_stays() throws Exception {
        world.person("second", BuiltIn.ADMIN);
        for (int i = 0; i < 20; i++) {
            World other = new World(world.documents);
            ExecutorService two = Executors.newFixedThreadPool(2);
            List<Future<?>> both = List.of(
                    two.submit(() -> quietly(() -> accounts.disable(world.admin(), "second"))),
                    two.submit(() -> quietly(() -> other.accounts.disable(other.as("second"), "admin"))));
            for (Future<?> one : both) {
                one.get(20, TimeUnit.SECONDS);
            }
            two.shutdown();
            world.directory.refresh();

            assertThat(world.directory.users().stream().filter(User::enabled)).hasSize(1);
            accounts.enable(Accounts.system(), "admin");
            accounts.enable(Accounts.system(), "second");
        }
    }

    private static void quietly(Runnable change) {
        try {
            change.run();
        } catch (AccountException | RegistryException.Denied e) {
            // The other one was faster.
        }
    }

    @Test
    @Timeout(60)
    void many_changes_at_once_are_all_made() throws Exception {
        ExecutorService crowd = Executors.newFixedThreadPool(8);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "user" + i;
            all.add(crowd.submit(() -> world.person(name)));
        }
        for (Future<?> one : all) {
            one.get(50, TimeUnit.SECONDS);
        }
        crowd.shutdown();

        assertThat(world.directory.users()).hasSize(41);
        assertThat(world.directory.users().stream().map(User::securityVersion)).doesNotHaveDuplicates();
    }

    @Test
    void who_administers_nothing_changes_nobody() {
        world.person("alice", BuiltIn.DEPLOYER);
        world.person("bob");
        Caller alice = world.as("alice");
        Caller nobody = Caller.anonymous(world.directory.policy().anonymous());

        for (Caller caller : List.of(alice, nobody)) {
            for (ThrowingCallable change : List.<ThrowingCallable>of(
                    () -> accounts.create(caller, NewUser.person("eve", PASSWORD, Set.of())),
                    () -> accounts.disable(caller, "bob"),
                    () -> accounts.delete(caller, "bob"),
                    () -> accounts.describe(caller, "bob", "", ""),
                    () -> accounts.expire(caller, "bob", Optional.empty()),
                    () -> accounts.setPassword(caller, "bob", "battery staple", false),
                    () -> accounts.roles().grant(caller, Assignee.One.parse("local/alice"), BuiltIn.ADMIN),
                    () -> accounts.roles().create(caller, Role.of("mine", "", List.of(), Set.of())),
                    () -> accounts.roles().delete(caller, BuiltIn.READER))) {
                assertThatThrownBy(change)
                        .isInstanceOfAny(RegistryException.Denied.class, RegistryException.Unauthorized.class);
            }
        }
        accounts.describe(alice, "alice", "Alice", "");
    }

    @Test
    void who_administers_users_cannot_become_or_take_over_somebody_who_may_more() {
        world.role("people", "admin:users", "admin:roles", "pull:*");
        world.person("helpdesk", "people");
        world.person("alice", BuiltIn.READER);
        world.person("dave", BuiltIn.DEVELOPER);
        Caller helpdesk = world.as("helpdesk");

        denied(() -> accounts.setPassword(helpdesk, "admin", "battery staple", false));
        denied(() -> accounts.disable(helpdesk, "admin"));
        denied(() -> accounts.delete(helpdesk, "dave"));
        denied(() -> accounts.roles().grant(helpdesk, Assignee.One.parse("local/helpdesk"), BuiltIn.ADMIN));
        denied(() -> accounts.roles().grant(helpdesk, new Assignee.Group("ldap", "all"), BuiltIn.DEPLOYER));
        denied(() -> accounts.create(helpdesk, NewUser.person("eve", PASSWORD, Set.of(BuiltIn.DEVELOPER))));
        denied(() ->
                accounts.roles().create(helpdesk, Role.of("more", "", World.privileges("push:private"), Set.of())));
        denied(() -> accounts.roles().create(helpdesk, Role.of("more", "", List.of(), Set.of(BuiltIn.ADMIN))));
        denied(() -> accounts.roles().update(helpdesk, Role.of(BuiltIn.DEVELOPER, "", List.of(), Set.of())));

        accounts.setPassword(helpdesk, "alice", "battery staple", false);
        accounts.create(helpdesk, NewUser.person("eve", PASSWORD, Set.of(BuiltIn.READER)));
        accounts.roles().create(helpdesk, Role.of("less", "", World.privileges("read:private:team/**"), Set.of()));
        accounts.roles().grant(helpdesk, Assignee.One.parse("local/alice"), "less");
    }

    @Test
    void a_refusal_names_the_privilege_that_is_missing() {
        world.role("people", "admin:users", "admin:roles");
        world.person("helpdesk", "people");

        assertThatThrownBy(() -> accounts.roles()
                        .create(
                                world.as("helpdesk"),
                                Role.of("more", "", World.privileges("add:private:team/**"), Set.of())))
                .hasMessageContaining("add:private:team/**");
    }

    @Test
    void a_token_for_registries_administers_nothing_though_its_owner_does() {
        Access pull = new Access() {
            @Override
            public boolean allows(Action action, RepositoryName name) {
                return true;
            }

            @Override
            public boolean allows(Action action, RepositoryName name, Tag tag) {
                return true;
            }

            @Override
            public boolean allowsWholly(Action action, RepositoryName name) {
                return true;
            }

            @Override
            public boolean allowsCatalog() {
                return true;
            }
        };
        Caller token = new Caller(new Principal("local", "admin"), Proof.TOKEN, Rights.ALL, pull);

        assertThatThrownBy(() -> accounts.disable(token, "admin")).isInstanceOf(RegistryException.Unauthorized.class);
    }

    @Test
    void what_was_done_and_what_was_refused_is_audited_without_secrets() {
        world.person("alice");
        quietly(() -> accounts.disable(world.as("alice"), "admin"));
        quietly(() -> accounts.disable(world.admin(), "admin"));
        accounts.setPassword(world.admin(), "alice", "battery staple", false);

        assertThat(world.audited)
                .extracting(e -> e.action() + " " + e.principal() + " " + e.target() + " " + e.outcome())
                .containsExactly(
                        "user.create local/admin alice " + Audit.Outcome.DONE,
                        "user.disable local/alice admin " + Audit.Outcome.REFUSED,
                        "user.disable local/admin admin " + Audit.Outcome.REFUSED,
                        "user.password local/admin alice " + Audit.Outcome.DONE);
        assertThat(world.audited.toString()).doesNotContain("battery staple", PASSWORD, "$argon2id");
        assertThat(world.audited.get(2).reason()).contains("must remain");
    }

    @Test
    void a_weak_hash_is_replaced_after_a_login_and_nobody_is_logged_out() {
        User alice = world.person("alice");
        World stronger = new World(world.documents);
        Accounts strong = new Accounts(
                stronger.directory,
                new HashingGate(new PasswordHasher(new SecureRandom(), 128, 1)),
                new SecureRandom(),
                Audit.NONE);

        strong.strengthen("alice", PASSWORD);
        strong.strengthen("alice", PASSWORD);

        User after = stronger.directory.user("alice").orElseThrow();
        assertThat(after.passwordHash().orElseThrow()).contains("m=128");
        assertThat(after.securityVersion()).isEqualTo(alice.securityVersion());
        assertThat(world.hashing.matches(PASSWORD, after.passwordHash().orElseThrow()))
                .isTrue();
    }

    @Test
    void who_must_change_his_password_may_do_nothing_else_before() {
        world.person("alice", BuiltIn.DEPLOYER);
        world.accounts.setPassword(world.admin(), "alice", "given by another", true);
        Caller alice = world.as("alice");
        NewKey key = new NewKey(alice.principal(), "", Optional.empty(), Optional.empty());

        assertThat(world.access("alice", PRIVATE).allows(Action.READ, name("team/app")))
                .isFalse();
        assertThatThrownBy(() -> world.accounts.keys().create(alice, key)).isInstanceOf(AccountException.class);

        world.accounts.changePassword(alice, "given by another", "only mine now");

        assertThat(alice.rights().in(PRIVATE).allows(Action.READ, name("team/app")))
                .isTrue();
        assertThat(world.accounts.keys().create(alice, key).key().owner()).isEqualTo("local/alice");
    }
}
