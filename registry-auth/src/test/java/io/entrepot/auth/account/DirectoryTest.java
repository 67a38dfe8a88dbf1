package io.entrepot.auth.account;

import static io.entrepot.auth.account.World.PASSWORD;
import static io.entrepot.auth.account.World.PRIVATE;
import static io.entrepot.auth.account.World.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.store.DocumentStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DirectoryTest {
    private final World world = new World();

    @Test
    void another_process_sees_a_change_when_it_looks() {
        World other = new World(world.documents);
        world.person("alice", BuiltIn.READER);
        Access access = other.access("alice", PRIVATE);
        assertThat(other.directory.user("alice")).isEmpty();

        other.directory.refresh();

        assertThat(other.directory.user("alice")).isEqualTo(world.directory.user("alice"));
        assertThat(access.allows(Action.READ, name("a"))).isTrue();
    }

    @Test
    @Timeout(20)
    void the_watch_looks_by_itself() throws InterruptedException {
        World other = new World(world.documents);
        DirectoryWatch watch = new DirectoryWatch(other.directory, Duration.ofMillis(20));
        world.person("alice");
        while (other.directory.user("alice").isEmpty()) {
            Thread.sleep(5);
        }
        watch.close();
    }

    @Test
    void what_was_written_is_read_as_the_same() {
        User user = world.accounts.create(
                world.admin(),
                new NewUser(
                        "alice",
                        User.Kind.PERSON,
                        "Alice \"\u00c4\" <x>",
                        "a@example.org",
                        Optional.of(PASSWORD),
                        true,
                        Set.of(BuiltIn.READER),
                        Optional.of(world.clock.instant().plusSeconds(60)),
                        Optional.empty()));
        world.role("team", "read:private:team/**:v*", "admin:users:read");
        ApiKey key = world.accounts
                .keys()
                .create(
                        world.admin(),
                        new NewKey(
                                user.principal(),
                                "laptop",
                                Optional.of(World.privileges("pull:private")),
                                Optional.of(world.clock.instant().plusSeconds(5))))
                .key();
        world.accounts.roles().grant(world.admin(), new Assignee.Group("ldap", "cn=A/B, dc=x"), "team");
        world.accounts.roles().grant(world.admin(), new Assignee.One(new Principal("ldap", "x/y")), "team");

        Directory read = new World(world.documents).directory;

        assertThat(read.user("alice")).contains(user);
        assertThat(read.key(key.id())).contains(key);
        assertThat(read.roles()).isEqualTo(world.directory.roles());
        assertThat(read.assignments()).isEqualTo(world.directory.assignments()).hasSize(2);
    }

    @Test
    void no_document_holds_a_secret_that_somebody_could_log_in_with() {
        world.person("alice");
        String key = world.accounts
                .keys()
                .create(
                        world.as("alice"),
                        new NewKey(new Principal("local", "alice"), "", Optional.empty(), Optional.empty()))
                .text();
        world.accounts.setPassword(world.admin(), "alice", "battery staple", false);
        StringBuilder all = new StringBuilder();
        for (String collection :
                List.of(Documents.USERS, Documents.ROLES, Documents.KEYS, Documents.ASSIGNMENTS, Documents.LEDGER)) {
            all.append(world.documents.all(collection));
        }

        assertThat(all.toString() + world.audited + world.directory.users() + world.directory.keys())
                .contains("alice")
                .doesNotContain(PASSWORD, "battery staple", key, key.substring(17), key.substring(17, 40));
    }

    @Test
    void a_document_that_is_not_understood_is_named_rather_than_half_obeyed() {
        for (String json : List.of(
                "{}",
                "[]",
                "nonsense",
                "{\"name\":\"r\",\"description\":\"\",\"privileges\":[],\"roles\":[],\"deny\":[]}",
                "{\"name\":\"r\",\"name\":\"r\",\"description\":\"\",\"privileges\":[],\"roles\":[]}",
                "{\"name\":\"r\",\"description\":1,\"privileges\":[],\"roles\":[]}",
                "{\"name\":\"r\",\"description\":null,\"privileges\":[],\"roles\":[]}",
                "{\"name\":\"r\",\"description\":\"\",\"privileges\":[\"fly:private\"],\"roles\":[]}",
                "{\"name\":\"r\",\"description\":\"\",\"privileges\":[{}],\"roles\":[]}",
                "{\"name\":\"r\",\"description\":\"\",\"privileges\":[],\"roles\":[]} more")) {
            World other = new World();
            other.documents.commit(List.of(new DocumentStore.Put(Documents.ROLES, "r", 0, json)));

            assertThatThrownBy(other.directory::refresh)
                    .as(json)
                    .isInstanceOf(RegistryException.Unavailable.class)
                    .hasMessageContaining("auth.role/r is not understood");
            assertThat(other.access("admin", PRIVATE).allows(Action.DELETE, name("a")))
                    .isTrue();
        }
    }

    @Test
    void what_others_keep_in_the_same_store_changes_nothing_here() {
        Snapshot before = world.directory.snapshot();
        world.documents.commit(List.of(new DocumentStore.Put("other", "x", 0, "{}")));
        world.directory.refresh();

        assertThat(world.directory.user("admin").orElseThrow())
                .isSameAs(before.user("admin").orElseThrow());
    }
}
