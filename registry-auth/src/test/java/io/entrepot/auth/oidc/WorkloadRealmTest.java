package io.entrepot.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import io.entrepot.auth.realm.Realm;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import io.entrepot.core.testkit.SettableClock;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens of other issuers are taken for which robot, and which for nobody. */
class WorkloadRealmTest {
    private static final Visit VISIT = new Visit(InetAddress.getLoopbackAddress(), "test/main", "1");
    private static final Map<String, String> MAIN_BRANCH =
            Map.of("sub", "repo:acme/*:ref:refs/heads/main", "kubernetes.io.namespace", "build");

    private final SettableClock clock = new SettableClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final WorkloadRealm realm =
            new WorkloadRealm(List.of(rule("ci", "registry", MAIN_BRANCH)), clock, Duration.ofSeconds(20));

    @AfterEach
    void close() {
        issuer.close();
    }

    private WorkloadOptions rule(String name, String audience, Map<String, String> claims) {
        return new WorkloadOptions(name, issuer.issuer(), audience, claims, name);
    }

    private Map<String, Object> claims(Consumer<Map<String, Object>> change) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", issuer.issuer().toString());
        claims.put("aud", List.of("registry", "another"));
        claims.put("sub", "repo:acme/app:ref:refs/heads/main");
        claims.put("kubernetes.io", Map.of("namespace", "build"));
        claims.put("iat", now);
        claims.put("exp", now + 600);
        change.accept(claims);
        return claims;
    }

    private String token(Consumer<Map<String, Object>> change) {
        return issuer.keys.sign(JWSAlgorithm.ES256, claims(change));
    }

    private Realm.Verdict judge(String token) {
        return realm.judge(new Credentials.Bearer(token), VISIT);
    }

    private void wrong(String why, Consumer<Map<String, Object>> change) {
        assertThat(judge(token(change)))
                .isInstanceOfSatisfying(
                        Realm.Verdict.Wrong.class,
                        wrong -> assertThat(wrong.why()).contains(why));
    }

    @Test
    void a_token_that_fulfils_all_conditions_is_a_robot_until_it_expires() {
        Realm.Verdict verdict = judge(token(right -> {}));

        assertThat(verdict).isInstanceOfSatisfying(Realm.Verdict.Recognised.class, good -> {
            assertThat(good.identity().principal().id()).isEqualTo("local/robot$ci");
            assertThat(good.identity().credential()).contains("workload:ci");
            assertThat(good.until()).isEqualTo(clock.instant().plusSeconds(660));
        });
    }

    @Test
    void it_may_stand_for_a_password_under_any_name() {
        String token = token(right -> {});

        for (String user : List.of("$token", "$jwt", "ci", "")) {
            assertThat(realm.judge(new Credentials.Password(user, token), VISIT))
                    .isInstanceOf(Realm.Verdict.Recognised.class);
        }
    }

    @Test
    void every_condition_counts() {
        wrong("claim sub", claims -> claims.put("sub", "repo:evil/app:ref:refs/heads/main"));
        wrong("claim sub", claims -> claims.put("sub", "repo:acme/app:ref:refs/heads/mainx"));
        wrong("claim sub", claims -> claims.remove("sub"));
        wrong("claim kubernetes.io.namespace", claims -> claims.put("kubernetes.io", Map.of("namespace", "prod")));
        wrong("claim kubernetes.io.namespace", claims -> claims.put("kubernetes.io", "build"));
        wrong("another audience", claims -> claims.put("aud", "another"));
        wrong("another audience", claims -> claims.remove("aud"));
        wrong("another audience", claims -> claims.put("aud", "registry2"));
    }

    @Test
    void it_is_good_for_now_and_for_a_day_at_most() {
        long now = clock.instant().getEpochSecond();
        wrong("expired", claims -> claims.put("exp", now - 61));
        wrong("never expires", claims -> claims.remove("exp"));
        wrong("not valid yet", claims -> claims.put("nbf", now + 61));
        wrong("more than 24 hours", claims -> claims.put("exp", now + 86_401));
        wrong("more than 24 hours", claims -> {
            claims.remove("iat");
            claims.put("exp", now + 86_401);
        });
        wrong("more than 24 hours", claims -> claims.put("iat", now - 86_000));
    }

    @Test
    void what_the_issuer_did_not_sign_is_wrong() {
        TestKeys stranger = new TestKeys();
        assertThat(judge(stranger.sign(JWSAlgorithm.ES256, claims(right -> {}))))
                .isEqualTo(new Realm.Verdict.Wrong("rule ci: its signature is wrong"));
        assertThat(judge(TestKeys.raw(Map.of("alg", "HS256"), claims(right -> {}), "AAAA")))
                .isEqualTo(new Realm.Verdict.Wrong("rule ci: its algorithm is not allowed here"));
    }

    @Test
    void what_is_no_token_of_its_issuers_is_somebody_elses() {
        for (String other : List.of("", "secret", "a.b.c", "ey.ey.ey", "ey" + ".".repeat(1 << 20))) {
            assertThat(judge(other)).isInstanceOf(Realm.Verdict.NotMine.class);
        }
        assertThat(judge(token(claims -> claims.put("iss", "https://other.example"))))
                .isInstanceOf(Realm.Verdict.NotMine.class);
        assertThat(judge(TestKeys.raw(Map.of("alg", "none"), claims(right -> {}), "")))
                .isInstanceOf(Realm.Verdict.NotMine.class);
        assertThat(realm.judge(new Credentials.None(), VISIT)).isInstanceOf(Realm.Verdict.NotMine.class);
        assertThat(issuer.asked).isEmpty();
    }

    @Test
    void several_rules_of_one_issuer_tell_its_workloads_apart() {
        WorkloadRealm two = new WorkloadRealm(
                List.of(rule("main", "registry", Map.of("ref", "main")), rule("any", "registry", Map.of("ref", "*"))),
                clock);

        assertThat(robot(two, token(claims -> claims.put("ref", "main")))).isEqualTo("robot$main");
        assertThat(robot(two, token(claims -> claims.put("ref", "feature")))).isEqualTo("robot$any");
    }

    private static String robot(WorkloadRealm realm, String token) {
        Realm.Verdict verdict = realm.judge(new Credentials.Bearer(token), VISIT);
        return ((Realm.Verdict.Recognised) verdict).identity().principal().name();
    }

    @Test
    void keys_can_be_at_an_address_or_in_a_file_without_any_discovery(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("jwks.json"), new JWKSet(issuer.keys.all()).toString(true));
        for (URI jwks : List.of(URI.create(issuer.issuer() + "/keys"), file.toUri())) {
            WorkloadOptions options = new WorkloadOptions(
                    "ci",
                    issuer.issuer(),
                    "registry",
                    Optional.of(jwks),
                    MAIN_BRANCH,
                    "robot$ci",
                    Optional.empty(),
                    false);
            assertThat(robot(new WorkloadRealm(List.of(options), clock), token(right -> {})))
                    .isEqualTo("robot$ci");
        }
        assertThat(issuer.asked).containsExactly("/keys");
    }

    @Test
    void an_issuer_that_cannot_be_asked_makes_nobody_wrong() {
        issuer.lies.put("/keys", exchange -> ScriptedIssuer.send(exchange, 500, "{}"));

        assertThatThrownBy(() -> judge(token(right -> {}))).isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void a_rule_asks_for_at_least_one_claim() {
        assertThatThrownBy(() -> rule("ci", "registry", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one claim");
    }
}
