package io.entrepot.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.store.DocumentStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is seen when the store fails at its first, second, third ... call during a change. */
class AccountFaultsTest {

    /** Fails once, at the call that was chosen. */
    private static final class Faulty implements DocumentStore {
        private final DocumentStore documents = new MemoryDocuments();
        private int until = Integer.MAX_VALUE;

        private void call() {
            if (until-- == 0) {
                throw RegistryException.storage("the store cannot be reached", null);
            }
        }

        @Override
        public Optional<Document> get(String collection, String id) {
            call();
            return documents.get(collection, id);
        }

        @Override
        public List<Document> all(String collection) {
            call();
            return documents.all(collection);
        }

        @Override
        public void commit(List<Change> changes) {
            call();
            documents.commit(changes);
        }

        @Override
        public long revision() {
            call();
            return documents.revision();
        }
    }

    @Test
    void a_change_that_fails_is_said_to_and_can_be_made_again() {
        for (int at = 0; ; at++) {
            Faulty store = new Faulty();
            World world = new World(store);
            world.accounts.create(Accounts.system(), NewUser.person("admin", World.PASSWORD, Set.of(BuiltIn.ADMIN)));
            world.audited.clear();
            store.until = at;
            try {
                world.person("alice", BuiltIn.READER);
                store.until = Integer.MAX_VALUE;
                assertThat(at).as("calls of one change").isGreaterThan(5);
                return;
            } catch (RegistryException.Unavailable e) {
                assertThat(e).hasMessageContaining("cannot be reached");
            }
            store.until = Integer.MAX_VALUE;
            world.directory.refresh();
            boolean done = world.directory.user("alice").isPresent();
            assertThat(world.audited)
                    .extracting(Audit.Event::outcome)
                    .containsExactly(done ? Audit.Outcome.DONE : Audit.Outcome.FAILED);
            if (done) {
                // The commit was made, and only what came after it failed: whoever retries is told so.
                assertThatThrownBy(() -> world.person("alice")).hasMessageContaining("already");
            } else {
                world.person("alice", BuiltIn.READER);
            }
            assertThat(world.directory.user("alice").orElseThrow().roles()).containsExactly(BuiltIn.READER);
        }
    }
}
