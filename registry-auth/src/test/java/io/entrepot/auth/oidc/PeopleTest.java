package io.entrepot.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.Assignee;
import io.entrepot.auth.account.BuiltIn;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.NewKey;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.auth.realm.ApiKeyRealm;
import io.entrepot.auth.realm.Realm;
import io.entrepot.core.Principal;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Visit;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.testkit.SettableClock;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is known of somebody who logged in with the provider while he is not there. */
class PeopleTest {
    private static final RegistryId PRIVATE = new RegistryId("private", RegistryId.Kind.HOSTED);
    private static final Visit VISIT = new Visit(InetAddress.getLoopbackAddress(), "test/main", "1");

    private final SettableClock clock = new SettableClock();
    private final SecureRandom random = new SecureRandom();
    private final MemoryDocuments documents = new MemoryDocuments();
    private final People people = new People(documents, clock);
    private final Directory directory = new Directory(documents, clock, registry -> false);
    private final Accounts accounts =
            new Accounts(directory, new HashingGate(new PasswordHasher(random)), random, Audit.NONE);

    @Test
    void his_key_does_what_his_groups_do_as_of_his_last_login_within_thirty_days() throws Exception {
        accounts.roles().grant(Accounts.system(), new Assignee.Group("oidc", "dev"), BuiltIn.DEVELOPER);
        Principal alice = people.welcome("https://idp.example", "1", "Alice", Set.of("dev"));
        String key = keyOf(alice);
        assertThat(mayPush(alice, key)).isTrue();

        people.welcome("https://idp.example", "1", "Alice", Set.of("guests"));
        assertThat(mayPush(alice, key)).isFalse();

        people.welcome("https://idp.example", "1", "Alice", Set.of("dev"));
        clock.advance(Duration.ofDays(30));
        assertThat(mayPush(alice, key)).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(mayPush(alice, key)).isFalse();
    }

    @Test
    void others_have_no_groups_here() {
        assertThat(people.groups(new Principal("local", "alice"))).isEmpty();
        assertThat(people.groups(new Principal("oidc", "nobody"))).isEmpty();
    }

    private String keyOf(Principal owner) {
        Caller himself = new Caller(owner, Proof.OTHER, directory.policy().rights(Identity.of(owner)), Access.ALL);
        return accounts.keys()
                .create(himself, new NewKey(owner, "docker", Optional.empty(), Optional.empty()))
                .text();
    }

    private boolean mayPush(Principal owner, String key) {
        Realm.Verdict verdict =
                new ApiKeyRealm(directory, people::groups).judge(new Credentials.Password(owner.name(), key), VISIT);
        Identity identity = ((Realm.Verdict.Recognised) verdict).identity();
        return directory.policy().rights(identity).in(PRIVATE).allows(Action.ADD, new RepositoryName("team/app"));
    }
}
