package io.entrepot.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.entrepot.auth.secret.MasterKey;
import io.entrepot.auth.secret.SecretBox;
import io.entrepot.auth.secret.SecretException;
import io.entrepot.auth.token.SigningKeys.State;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.DocumentStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
    private final World world = new World();
    private final SigningKeys keys = world.tokens.keys();

    private static Map<State, List<String>> byState(SigningKeys keys) {
        return keys.list().stream()
                .collect(Collectors.groupingBy(
                        SigningKeys.Info::state, Collectors.mapping(SigningKeys.Info::id, Collectors.toList())));
    }

    private static JWKSet published(SigningKeys keys) {
        try {
            return JWKSet.parse(new String(keys.jwks(), StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void two_installations_have_nothing_in_common() {
        World other = new World();
        assertThat(other.tokens.installation()).isNotEqualTo(world.tokens.installation());
        assertThat(other.tokens.installation().service("main"))
                .isNotEqualTo(world.tokens.installation().service("main"));
        assertThat(keys.list().stream().map(SigningKeys.Info::id))
                .doesNotContainAnyElementsOf(other.tokens.keys().list().stream()
                        .map(SigningKeys.Info::id)
                        .toList());
    }

    @Test
    void what_is_published_verifies_and_signs_nothing() throws Exception {
        for (JWK key : published(keys).getKeys()) {
            assertThat(key.isPrivate()).isFalse();
            assertThat(key.getAlgorithm().getName()).isEqualTo("ES256");
            assertThat(key.getKeyUse().identifier()).isEqualTo("sig");
            assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
        }
        assertThat(new String(keys.jwks(), StandardCharsets.UTF_8)).doesNotContain("\"d\"");
        assertThat(published(keys).size()).isEqualTo(2);
    }

    @Test
    void no_key_has_a_thumbprint_that_others_compute_differently() throws Exception {
        SecureRandom random = new SecureRandom();
        int shortOnes = 0;
        for (int i = 0; i < 1_000; i++) {
            ECKey any = new com.nimbusds.jose.jwk.gen.ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
            shortOnes += SigningKey.hasShortCoordinate(any) ? 1 : 0;
            SigningKey ours = SigningKey.draw(State.NEXT, world.clock.instant(), random);
            assertThat(ours.pair().getX().decode()[0]).isNotZero();
            assertThat(ours.pair().getY().decode()[0]).isNotZero();
        }
        assertThat(shortOnes).as("of 1,000 keys that anybody draws").isBetween(1, 30);
    }

    @Test
    void in_the_store_lies_nothing_that_signs() {
        String stored = world.documents.all("signing-keys").toString();
        assertThat(stored).contains("sealed:").doesNotContain("\"d\"").doesNotContain("\\\"d\\\"");
        SecretBox stranger = new SecretBox(MasterKey.generate(world.random), List.of(), world.random);
        assertThatThrownBy(() -> new SigningKeys(
                        world.documents, stranger, SigningKeys.DEFAULT_MAX_AGE, world.clock, world.random))
                .isInstanceOf(SecretException.class);
    }

    @Test
    void a_rotation_hands_on_from_next_to_active_to_retired() {
        Map<State, List<String>> before = byState(keys);
        keys.rotate();
        Map<State, List<String>> after = byState(keys);
        assertThat(after.get(State.ACTIVE)).isEqualTo(before.get(State.NEXT));
        assertThat(after.get(State.RETIRED)).isEqualTo(before.get(State.ACTIVE));
        assertThat(after.get(State.NEXT)).hasSize(1).doesNotContainAnyElementsOf(after.get(State.ACTIVE));
        assertThat(published(keys).size()).isEqualTo(3);
    }

    @Test
    void a_retired_key_is_kept_until_the_last_of_its_tokens_has_expired() {
        String old = byState(keys).get(State.ACTIVE).get(0);
        keys.rotate();
        world.clock.advance(TokenIssuer.MAX_LIFETIME.plus(TokenVerifier.LEEWAY));
        keys.poll();
        assertThat(keys.key(old)).isPresent();
        world.clock.advance(Duration.ofMinutes(1));
        keys.poll();
        assertThat(keys.key(old)).isEmpty();
        assertThat(published(keys).getKeyByKeyId(old)).isNull();
    }

    @Test
    void a_key_signs_no_longer_than_ninety_days() {
        String first = byState(keys).get(State.ACTIVE).get(0);
        world.clock.advance(Duration.ofDays(89));
        keys.poll();
        assertThat(byState(keys).get(State.ACTIVE)).containsExactly(first);
        world.clock.advance(Duration.ofDays(1));
        keys.poll();
        assertThat(byState(keys).get(State.RETIRED)).containsExactly(first);
    }

    @Test
    void another_process_has_the_same_keys_and_sees_them_change() {
        SigningKeys others = world.tokens(Tokens.Options.DEFAULT).keys();
        assertThat(others.list()).isEqualTo(keys.list());
        keys.rotate();
        others.poll();
        assertThat(others.list()).isEqualTo(keys.list());
        others.rotate();
        keys.poll();
        assertThat(keys.list()).isEqualTo(others.list());
    }

    @Test
    void a_key_that_was_just_drawn_does_not_sign_before_others_have_heard_of_it() {
        keys.rotate();
        String known = keys.signing().id();
        keys.rotate();
        keys.rotate();
        assertThat(byState(keys).get(State.ACTIVE))
                .doesNotContain(keys.signing().id());
        assertThat(byState(keys).get(State.RETIRED))
                .contains(known, keys.signing().id());
        world.clock.advance(KeyRing.HEARD_OF);
        assertThat(byState(keys).get(State.ACTIVE))
                .containsExactly(keys.signing().id());
    }

    @Test
    void after_a_leak_nothing_that_was_signed_before_is_good() {
        String token = world.ask(World.ALICE).token();
        assertThat(world.show(token).principal()).isEqualTo(World.ALICE);
        keys.replace();
        assertThat(world.refusal(token)).isEqualTo(RegistryException.Unauthorized.Reason.INVALID_TOKEN);
        assertThat(world.show(world.ask(World.ALICE).token()).principal()).isEqualTo(World.ALICE);
    }

    @Test
    void the_keys_can_be_sealed_anew() {
        String before = world.documents.all("signing-keys").toString();
        keys.reseal();
        assertThat(world.documents.all("signing-keys").toString()).isNotEqualTo(before);
        SigningKeys reread =
                new SigningKeys(world.documents, world.box, SigningKeys.DEFAULT_MAX_AGE, world.clock, world.random);
        assertThat(reread.list()).isEqualTo(keys.list());
    }

    @Test
    void processes_that_start_at_once_agree() throws Exception {
        DocumentStore fresh = new io.entrepot.core.memory.MemoryDocuments();
        List<Callable<List<Object>>> starts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            starts.add(() -> List.of(
                    Installation.in(fresh, world.random),
                    new SigningKeys(fresh, world.box, SigningKeys.DEFAULT_MAX_AGE, world.clock, world.random).list()));
        }
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Object> seen = new ArrayList<>();
            for (Future<List<Object>> start : pool.invokeAll(starts)) {
                seen.add(start.get());
            }
            assertThat(seen.stream().distinct()).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void rotations_under_load_refuse_nobody() throws Exception {
        Tokens elsewhere = world.tokens(Tokens.Options.DEFAULT);
        TokenVerifier there = World.verifier(elsewhere);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(pool.submit(() -> {
                    int good = 0;
                    while (!done.get()) {
                        String token = world.ask(World.ALICE).token();
                        assertThat(world.show(token).principal()).isEqualTo(World.ALICE);
                        assertThat(world.show(there, token).principal()).isEqualTo(World.ALICE);
                        good++;
                    }
                    return good;
                }));
            }
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? keys : elsewhere.keys()).rotate();
                Thread.sleep(20);
                // A poll or two of the one who has not rotated.
                world.clock.advance(Duration.ofSeconds(2));
                keys.poll();
                elsewhere.keys().poll();
            }
            done.set(true);
            for (Future<Integer> client : clients) {
                assertThat(client.get()).isPositive();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_store_that_cannot_be_asked_stops_no_token() {
        Counting broken = new Counting(world.documents);
        SigningKeys ours = new SigningKeys(broken, world.box, SigningKeys.DEFAULT_MAX_AGE, world.clock, world.random);
        broken.fail = true;
        world.clock.advance(Duration.ofSeconds(5));
        assertThatCode(ours::signing).doesNotThrowAnyException();
        assertThatThrownBy(ours::poll).isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void unknown_ids_make_it_look_once_a_second_at_most() {
        Counting counting = new Counting(world.documents);
        SigningKeys ours = new SigningKeys(counting, world.box, SigningKeys.DEFAULT_MAX_AGE, world.clock, world.random);
        counting.looks = 0;
        for (int i = 0; i < 10_000; i++) {
            assertThat(ours.findKey("unknown" + i)).isEmpty();
        }
        assertThat(counting.looks).isZero();
        world.clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 10_000; i++) {
            assertThat(ours.findKey("unknown" + i)).isEmpty();
        }
        assertThat(counting.looks).isEqualTo(1);
        assertThat(ours.list()).isEqualTo(keys.list());
    }

    /** Counts how often it is asked whether anything has changed. */
    private static final class Counting implements DocumentStore {
        private final DocumentStore documents;
        private int looks;
        private boolean fail;

        Counting(DocumentStore documents) {
            this.documents = documents;
        }

        @Override
        public java.util.Optional<Document> get(String collection, String id) {
            return documents.get(collection, id);
        }

        @Override
        public List<Document> all(String collection) {
            return documents.all(collection);
        }

        @Override
        public void commit(List<Change> changes) {
            documents.commit(changes);
        }

        @Override
        public long revision() {
            looks++;
            if (fail) {
                throw RegistryException.storage("the disk is gone", null);
            }
            return documents.revision();
        }
    }
}
