package io.entrepot.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import io.entrepot.core.RegistryException;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.testkit.SettableClock;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in with a provider that tells the truth, and with one that tells every lie. */
class OidcLoginTest {
    private static final URI CALLBACK = URI.create("https://registry.example/login/oidc/callback");
    private static final ReturnPath UI = new ReturnPath("/ui/");

    private final SettableClock clock = new SettableClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final MemoryDocuments documents = new MemoryDocuments();
    private final OidcLogin login = login(options(Optional.of(ScriptedIssuer.SECRET), "groups"));

    @AfterEach
    void close() {
        issuer.close();
    }

    private OidcOptions options(Optional<String> secret, String groupClaim) {
        return new OidcOptions(
                issuer.issuer(),
                ScriptedIssuer.CLIENT,
                secret,
                OidcOptions.DEFAULT_SCOPES,
                OidcOptions.DEFAULT_USER_CLAIM,
                groupClaim,
                Optional.empty(),
                false);
    }

    private OidcLogin login(OidcOptions options) {
        return new OidcLogin(options, documents, clock, new SecureRandom(), Duration.ofSeconds(20));
    }

    private OidcLogin.Begun begin() {
        return login.begin(CALLBACK, UI, InetAddress.getLoopbackAddress());
    }

    private OidcLogin.Person logIn() {
        return logIn(login);
    }

    private OidcLogin.Person logIn(OidcLogin with) {
        OidcLogin.Begun begun = with.begin(CALLBACK, UI, InetAddress.getLoopbackAddress());
        return with.finish(issuer.logIn(begun.goTo()), begun.browser());
    }

    private void refused(String why) {
        assertThatThrownBy(this::logIn)
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining(why);
    }

    private void lie(Consumer<Map<String, Object>> change) {
        issuer.claims = right -> {
            Map<String, Object> changed = new HashMap<>(right);
            change.accept(changed);
            return changed;
        };
    }

    @Test
    void who_has_logged_in_is_known_by_name_and_groups_and_goes_where_he_wanted() {
        OidcLogin.Person person = logIn();

        assertThat(person.identity().principal().id()).isEqualTo("oidc/alice");
        assertThat(person.identity().groups()).containsExactlyInAnyOrder("dev", "ops");
        assertThat(person.returnTo()).isEqualTo(UI);
    }

    @Test
    void the_browser_is_sent_with_all_that_binds_the_answer_to_it() {
        Map<String, String> query = ScriptedIssuer.form(begin().goTo().getRawQuery());

        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "entrepot")
                .containsEntry("redirect_uri", CALLBACK.toString())
                .containsEntry("scope", "openid profile")
                .containsEntry("code_challenge_method", "S256");
        assertThat(query.get("state")).hasSize(43).isNotEqualTo(query.get("nonce"));
    }

    @Test
    void a_client_with_a_secret_shows_it_as_a_header_unless_the_provider_only_takes_forms() {
        logIn();
        assertThat(issuer.forms.get(0).get("Authorization")).startsWith("Basic ");
        assertThat(issuer.forms.get(0)).doesNotContainKey("client_secret");

        issuer.description.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
        clock.advance(Refreshed.FRESH);
        logIn();
        assertThat(issuer.forms.get(1)).containsEntry("client_secret", ScriptedIssuer.SECRET);
        assertThat(issuer.forms.get(1)).doesNotContainKey("Authorization");
    }

    @Test
    void a_public_client_shows_its_name_only() {
        logIn(login(options(Optional.empty(), "groups")));

        assertThat(issuer.forms.get(0)).containsEntry("client_id", "entrepot");
        assertThat(issuer.forms.get(0)).doesNotContainKeys("client_secret", "Authorization");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
    void these_algorithms_are_taken(String algorithm) {
        issuer.algorithm = JWSAlgorithm.parse(algorithm);

        assertThat(logIn().identity().principal().name()).isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS512"})
    void others_are_not_though_the_key_would_fit(String algorithm) {
        issuer.algorithm = JWSAlgorithm.parse(algorithm);

        refused("its algorithm is not allowed here");
    }

    @Test
    void groups_are_found_below_other_claims_and_are_those_of_the_last_login() {
        OidcLogin nested = login(options(Optional.empty(), "realm_access.roles"));
        lie(claims -> claims.put("realm_access", Map.of("roles", List.of("a", "b"))));
        assertThat(logIn(nested).identity().groups()).containsExactlyInAnyOrder("a", "b");

        lie(claims -> claims.put("realm_access", Map.of("roles", List.of("b"))));
        assertThat(logIn(nested).identity().groups()).containsExactly("b");
        People people = new People(documents, clock);
        assertThat(people.groups(logIn(nested).identity().principal())).containsExactly("b");

        clock.advance(Duration.ofDays(31));
        assertThat(people.groups(new io.entrepot.core.Principal("oidc", "alice")))
                .isEmpty();
    }

    @Test
    void whoever_is_renamed_stays_who_he_was_and_nobody_takes_his_name() {
        logIn();
        lie(claims -> claims.put("preferred_username", "alice.smith"));
        assertThat(logIn().identity().principal().id()).isEqualTo("oidc/alice");

        lie(claims -> claims.put("sub", "0002"));
        refused("the name alice belongs to another person of the provider");

        assertThat(new People(documents, clock).release("alice")).isTrue();
        assertThat(logIn().identity().principal().id()).isEqualTo("oidc/alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "робот", "-x", "a b", "a\u0000b", "robot$x"})
    void a_name_that_cannot_be_one_here_is_refused(String name) {
        lie(claims -> claims.put("preferred_username", name));

        refused("cannot be one here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void an_address_that_the_provider_has_not_verified_is_nobodys_name(String verified) {
        OidcOptions byMail = new OidcOptions(
                issuer.issuer(),
                ScriptedIssuer.CLIENT,
                Optional.of(ScriptedIssuer.SECRET),
                OidcOptions.DEFAULT_SCOPES,
                "email",
                "groups",
                Optional.empty(),
                false);
        lie(claims -> {
            claims.put("email", "boss@example.com");
            claims.put("email_verified", Boolean.valueOf(verified));
        });

        if (Boolean.parseBoolean(verified)) {
            assertThat(logIn(login(byMail)).identity().principal().name()).isEqualTo("boss@example.com");
        } else {
            assertThatThrownBy(() -> logIn(login(byMail))).hasMessageContaining("not verified");
        }
    }

    @Test
    void an_id_token_that_is_not_for_us_for_now_and_for_this_login_is_refused() {
        long now = clock.instant().getEpochSecond();
        lie(claims -> claims.put("iss", "https://other.example"));
        refused("from another issuer");
        lie(claims -> claims.put("aud", "another-client"));
        refused("another audience");
        lie(claims -> claims.put("aud", List.of("entrepot", "another-client")));
        refused("several audiences");
        lie(claims -> claims.put("azp", "another-client"));
        refused("given to another client");
        lie(claims -> claims.put("nonce", "another"));
        refused("of another login");
        lie(claims -> claims.remove("nonce"));
        refused("of another login");
        lie(claims -> claims.put("exp", now - 61));
        refused("expired");
        lie(claims -> claims.remove("exp"));
        refused("never expires");
        lie(claims -> claims.put("nbf", now + 61));
        refused("not valid yet");
        lie(claims -> claims.put("iat", now + 61));
        refused("not valid yet");
        lie(claims -> claims.remove("iat"));
        refused("when it was made");
        lie(claims -> claims.remove("sub"));
        refused("does not say who it is");
        lie(claims -> claims.remove("preferred_username"));
        refused("no claim preferred_username");
        lie(claims -> claims.put("exp", now - 59));
        assertThat(logIn().identity().principal().name()).isEqualTo("alice");
    }

    @Test
    void a_token_that_the_issuer_did_not_sign_is_refused() throws Exception {
        Map<String, Object> claims = issuer.rightClaims();
        issuer.token = right -> TestKeys.raw(Map.of("alg", "none"), claims, "");
        refused("not a signed token");

        byte[] publicKey = issuer.keys.rsa.toRSAPublicKey().getEncoded();
        String hmac = TestKeys.sign(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(), claims, new MACSigner(publicKey));
        issuer.token = right -> hmac;
        refused("its algorithm is not allowed here");

        RSAKey stranger = TestKeys.rsa("rsa-1", 2048);
        String forged = TestKeys.sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("rsa-1")
                        .jwk(stranger.toPublicJWK())
                        .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                        .build(),
                claims,
                TestKeys.signer(stranger));
        issuer.token = right -> forged;
        refused("its signature is wrong");

        issuer.token = right -> right.substring(0, right.lastIndexOf('.') + 1);
        refused("login is refused");
        issuer.token =
                right -> TestKeys.raw(Map.of("alg", "ES256", "kid", "ec-1"), claims, "A".repeat(86)); // r = s = 0
        refused("its signature is wrong");
        issuer.token = right -> "ey" + ".".repeat(100_000);
        refused("not a signed token, or too long");
        issuer.token = right ->
                TestKeys.raw(Map.of("alg", "RS256", "kid", "rsa-1", "crit", List.of("x"), "x", 1), claims, "AA");
        refused("asks for what is not understood");
    }

    @Test
    void short_keys_and_keys_for_encryption_verify_nothing() {
        RSAKey weak = TestKeys.rsa("weak", 1024);
        issuer.shown = List.of(weak.toPublicJWK(), issuer.keys.ec.toPublicJWK());
        issuer.token = right -> TestKeys.raw(Map.of("alg", "RS256", "kid", "weak"), issuer.rightClaims(), "AA");

        refused("its key is not known");
    }

    @Test
    void an_answer_counts_once_for_ten_minutes_and_in_the_browser_that_asked() {
        OidcLogin.Begun begun = begin();
        OidcLogin.Reply reply = issuer.logIn(begun.goTo());
        login.finish(reply, begun.browser());
        assertNotBegunHere(reply, begun.browser());

        OidcLogin.Begun mine = begin();
        OidcLogin.Begun another = begin();
        assertNotBegunHere(issuer.logIn(mine.goTo()), another.browser());
        assertNotBegunHere(issuer.logIn(another.goTo()), "");

        OidcLogin.Begun late = begin();
        OidcLogin.Reply lateReply = issuer.logIn(late.goTo());
        clock.advance(PendingLogins.TIME);
        assertNotBegunHere(lateReply, late.browser());
        assertNotBegunHere(new OidcLogin.Reply("", "", "", ""), "");
        assertThat(issuer.forms).hasSize(1);
    }

    private void assertNotBegunHere(OidcLogin.Reply reply, String browser) {
        assertThatThrownBy(() -> login.finish(reply, browser))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("begin again");
    }

    @Test
    void a_code_that_was_used_before_is_refused_with_a_new_login_too() {
        OidcLogin.Begun first = begin();
        OidcLogin.Reply reply = issuer.logIn(first.goTo());
        login.finish(reply, first.browser());

        OidcLogin.Begun second = begin();
        String state = issuer.logIn(second.goTo()).state();
        assertThatThrownBy(() -> login.finish(new OidcLogin.Reply(state, reply.code(), "", ""), second.browser()))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("does not take its code back");
    }

    @Test
    void an_answer_of_another_provider_or_with_an_error_is_refused() {
        OidcLogin.Begun begun = begin();
        String state = issuer.logIn(begun.goTo()).state();
        assertThatThrownBy(() ->
                        login.finish(new OidcLogin.Reply(state, "c", "", "https://other.example"), begun.browser()))
                .hasMessageContaining("not of the provider that was asked");

        OidcLogin.Begun denied = begin();
        String deniedState = issuer.logIn(denied.goTo()).state();
        assertThatThrownBy(
                        () -> login.finish(new OidcLogin.Reply(deniedState, "", "access_denied", ""), denied.browser()))
                .hasMessageContaining("the provider says access_denied");

        OidcLogin.Begun evil = begin();
        String evilState = issuer.logIn(evil.goTo()).state();
        assertThatThrownBy(() -> login.finish(new OidcLogin.Reply(evilState, "", "<script>", ""), evil.browser()))
                .hasMessageContaining("the provider says no");
    }

    @Test
    void a_provider_that_always_names_itself_must_do_so() {
        issuer.description.put("authorization_response_iss_parameter_supported", true);

        refused("not of the provider that was asked");
    }

    @Test
    void an_error_of_the_token_endpoint_is_the_providers_trouble_not_the_persons() {
        issuer.lies.put("/token", exchange -> ScriptedIssuer.send(exchange, 500, "oops"));
        assertThatThrownBy(this::logIn).isInstanceOf(RegistryException.Unavailable.class);

        issuer.lies.put("/token", exchange -> ScriptedIssuer.send(exchange, 401, "{\"error\":\"invalid_client\"}"));
        assertThatThrownBy(this::logIn)
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasStackTraceContaining("401 (invalid_client)");

        issuer.lies.put("/token", ScriptedIssuer.redirect(URI.create(issuer.issuer() + "/elsewhere")));
        assertThatThrownBy(this::logIn).isInstanceOf(RegistryException.Unavailable.class);
        assertThat(issuer.asked).doesNotContain("/elsewhere");
    }

    @Test
    void pending_logins_are_bounded_and_a_crowd_from_one_address_pushes_out_its_own() throws Exception {
        InetAddress office = InetAddress.getByName("192.0.2.1");
        OidcLogin.Begun mine = login.begin(CALLBACK, UI, office);
        for (int i = 0; i < 2 * PendingLogins.MAX; i++) {
            begin();
        }
        assertThat(login.finish(issuer.logIn(mine.goTo()), mine.browser())).isNotNull();

        PendingLogins many = new PendingLogins(clock);
        for (int i = 0; i < 3 * PendingLogins.MAX; i++) {
            InetAddress from = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
            many.add(
                    "state" + i,
                    new PendingLogins.Pending(
                            "", "", "", UI, CALLBACK, from, clock.instant().plusSeconds(600)));
        }
        assertThat(many.size()).isEqualTo(PendingLogins.MAX);
    }
}
