package io.entrepot.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyChangesTest {
    private final World world = new World();
    private final KeyChanges keys = world.accounts.keys();

    private static Principal local(String name) {
        return new Principal(User.REALM, name);
    }

    private NewKey.Issued issue(Caller by, String owner, String... restriction) {
        return keys.create(
                by,
                new NewKey(
                        local(owner),
                        "laptop",
                        restriction.length == 0 ? Optional.empty() : Optional.of(World.privileges(restriction)),
                        Optional.empty()));
    }

    private static void denied(Runnable change) {
        assertThatThrownBy(change::run).isInstanceOf(RegistryException.Denied.class);
    }

    @Test
    void a_key_is_known_by_its_text_and_only_its_hash_is_kept() {
        world.person("alice", BuiltIn.READER);

        NewKey.Issued issued = issue(world.as("alice"), "alice");

        assertThat(issued.text()).matches("rgk_[0-9a-z]{12}_[0-9A-Za-z]{49}");
        assertThat(world.directory.keyOf(issued.text())).contains(issued.key());
        assertThat(issued.key().principal()).isEqualTo(local("alice"));
        assertThat(issued.toString() + issued.key() + world.audited).doesNotContain(secretOf(issued.text()));
        assertThat(world.documents.all(Documents.KEYS).toString()).doesNotContain(secretOf(issued.text()));
    }

    private static String secretOf(String text) {
        return text.substring(text.lastIndexOf('_') + 1);
    }

    @Test
    void a_text_with_any_other_character_is_no_key() {
        world.person("alice");
        String text = issue(world.as("alice"), "alice").text();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(world.directory.keyOf(text.substring(0, i) + other + text.substring(i + 1)))
                    .isEmpty();
        }
        for (String none :
                List.of("", "rgk_", text + "x", text.substring(1), " " + text, text.toUpperCase(Locale.ROOT))) {
            assertThat(world.directory.keyOf(none)).isEmpty();
        }
        assertThat(ApiKeys.looksLikeOne(text.substring(0, 20))).isTrue();
        assertThat(ApiKeys.looksLikeOne("correct horse")).isFalse();
    }

    @Test
    void a_good_checksum_over_another_secret_is_no_key() {
        world.person("alice");
        NewKey.Issued issued = issue(world.as("alice"), "alice");

        String forged = ApiKeys.newText(issued.key().id(), new SecureRandom());

        assertThat(ApiKeys.idOf(forged)).contains(issued.key().id());
        assertThat(world.directory.keyOf(forged)).isEmpty();
    }

    @Test
    void a_key_ends_when_it_says_when_it_is_revoked_and_while_its_owner_is_disabled() {
        world.person("alice");
        Optional<Instant> tomorrow = Optional.of(world.clock.instant().plus(Duration.ofDays(1)));
        NewKey.Issued ending =
                keys.create(world.as("alice"), new NewKey(local("alice"), "", Optional.empty(), tomorrow));
        NewKey.Issued revoked = issue(world.as("alice"), "alice");
        NewKey.Issued lasting = issue(world.as("alice"), "alice");

        keys.revoke(world.as("alice"), revoked.key().id());
        assertThat(world.directory.keyOf(revoked.text())).isEmpty();

        world.clock.advance(Duration.ofDays(1));
        assertThat(world.directory.keyOf(ending.text())).isEmpty();

        world.accounts.disable(world.admin(), "alice");
        assertThat(world.directory.keyOf(lasting.text())).isEmpty();
        world.accounts.enable(world.admin(), "alice");
        assertThat(world.directory.keyOf(lasting.text())).isPresent();
    }

    @Test
    void nobody_makes_sees_or_revokes_keys_of_others_unless_he_administers_users_and_may_all_that_they_may() {
        world.role("people", "admin:users", "pull:*");
        world.person("helpdesk", "people");
        world.person("alice", BuiltIn.READER);
        world.person("bob", BuiltIn.DEPLOYER);
        NewKey.Issued bobs = issue(world.as("bob"), "bob");

        denied(() -> issue(world.as("alice"), "bob"));
        denied(() -> keys.revoke(world.as("alice"), bobs.key().id()));
        denied(() -> keys.of(world.as("alice"), local("bob")));
        denied(() -> issue(world.as("helpdesk"), "bob"));
        denied(() -> issue(world.as("helpdesk"), "admin"));
        denied(() -> keys.revoke(world.as("helpdesk"), bobs.key().id()));
        assertThat(issue(world.as("helpdesk"), "alice").key().owner()).isEqualTo("local/alice");
        assertThat(keys.of(world.as("helpdesk"), local("bob"))).containsExactly(bobs.key());
        assertThat(keys.of(world.as("bob"), local("bob"))).containsExactly(bobs.key());
        assertThatThrownBy(() -> issue(Caller.anonymous(world.directory.policy().anonymous()), "alice"))
                .isInstanceOf(RegistryException.Unauthorized.class);
    }

    @Test
    void a_restricted_key_changes_nothing_of_its_owner_that_would_outlive_it() {
        world.person("alice", BuiltIn.DEPLOYER);
        Optional<Instant> tomorrow = Optional.of(world.clock.instant().plus(Duration.ofDays(1)));
        ApiKey narrow = keys.create(
                        world.as("alice"),
                        new NewKey(
                                local("alice"), "job", Optional.of(World.privileges("pull:private:team/**")), tomorrow))
                .key();
        Caller job = world.withKey(narrow);

        denied(() -> issue(job, "alice"));
        denied(() -> issue(job, "alice", "pull:private:team/**"));
        denied(() -> keys.revoke(job, narrow.id()));
        denied(() -> keys.of(job, local("alice")));
        denied(() -> world.accounts.describe(job, "alice", "", "thief@example.com"));
        denied(() -> world.accounts.changePassword(job, World.PASSWORD, "another horse"));
    }

    @Test
    void who_administers_users_with_a_restricted_key_makes_none_that_is_good_for_more() {
        world.robot("ci", BuiltIn.DEVELOPER);
        ApiKey narrow = issue(world.admin(), "admin", "admin:users", "push:*", "pull:private")
                .key();
        Caller admin = world.withKey(narrow);

        denied(() -> issue(admin, "admin"));
        denied(() -> issue(admin, "robot$ci"));
        denied(() -> issue(admin, "robot$ci", "pull:hub"));
    }

    @Test
    void nobody_makes_keys_of_those_whose_groups_another_realm_knows_but_who_may_everything() {
        world.role("people", "admin:users", "pull:*");
        world.person("helpdesk", "people");
        Principal boss = new Principal("oidc", "boss");
        NewKey whole = new NewKey(boss, "", Optional.empty(), Optional.empty());
        NewKey narrow = new NewKey(boss, "", Optional.of(World.privileges("pull:private")), Optional.empty());

        denied(() -> keys.create(world.as("helpdesk"), whole));
        assertThat(keys.create(world.as("helpdesk"), narrow).key().owner()).isEqualTo("oidc/boss");
        assertThat(keys.create(world.admin(), whole).key().owner()).isEqualTo("oidc/boss");
    }

    @Test
    void who_was_disabled_or_deleted_while_he_asked_gets_no_key() {
        world.person("alice");
        world.person("bob");
        Caller alice = world.as("alice");
        Caller bob = world.as("bob");
        world.accounts.disable(world.admin(), "alice");
        world.accounts.delete(world.admin(), "bob");

        denied(() -> issue(alice, "alice"));
        denied(() -> issue(bob, "bob"));
        assertThat(world.directory.keys()).isEmpty();
    }

    @Test
    void who_owns_a_robot_makes_its_keys_unless_it_may_more_than_he() {
        world.person("alice", BuiltIn.DEVELOPER);
        for (String robot : List.of("mine", "strong")) {
            world.accounts.create(
                    world.admin(),
                    new NewUser(
                            robot,
                            User.Kind.ROBOT,
                            "",
                            "",
                            Optional.empty(),
                            false,
                            Set.of(robot.equals("mine") ? BuiltIn.READER : BuiltIn.DEPLOYER),
                            Optional.empty(),
                            Optional.of("local/alice")));
        }

        assertThat(issue(world.as("alice"), "robot$mine").key().owner()).isEqualTo("local/robot$mine");
        denied(() -> issue(world.as("alice"), "robot$strong"));
        assertThat(issue(world.as("alice"), "robot$strong", "pull:*").key().owner())
                .isEqualTo("local/robot$strong");
    }

    @Test
    void a_principal_of_another_realm_has_keys_too() {
        Principal alice = new Principal("ldap", "alice");
        NewKey.Issued issued = keys.create(
                world.as(Identity.of(alice)), new NewKey(alice, "laptop", Optional.empty(), Optional.empty()));

        assertThat(world.directory.keyOf(issued.text()).orElseThrow().principal())
                .isEqualTo(alice);
    }

    @Test
    void the_last_use_is_written_at_most_once_an_hour() {
        world.person("alice");
        NewKey.Issued issued = issue(world.as("alice"), "alice");
        Set<Long> revisions = new HashSet<>();
        for (int minute = 0; minute < 180; minute++) {
            world.directory.keyOf(issued.text());
            world.directory.refresh();
            world.directory.saveUsage(Duration.ofHours(1));
            revisions.add(world.documents.revision());
            world.clock.advance(Duration.ofMinutes(1));
        }
        world.directory.refresh();

        assertThat(revisions).hasSize(3);
        assertThat(world.directory.keyOf(issued.text()).orElseThrow().lastUsed())
                .contains(world.clock.instant().minus(Duration.ofHours(1)));
    }

    @Test
    void one_owner_has_at_most_100_keys() {
        world.person("alice");
        for (int i = 0; i < Limits.MAX_KEYS_OF_ONE; i++) {
            issue(world.as("alice"), "alice");
        }
        assertThatThrownBy(() -> issue(world.as("alice"), "alice"))
                .isInstanceOf(AccountException.class)
                .hasMessageContaining("at most 100 API keys");
    }
}
