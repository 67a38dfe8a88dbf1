package io.entrepot.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import io.entrepot.auth.oidc.TrustedIssuer;
import io.entrepot.core.BeyondReach;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import io.entrepot.core.testkit.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalTokensTest {
    private static final String SERVICE = "registry.example.com";
    private static final RepositoryName APP = new RepositoryName("team/app");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final ECKey key;
    private final RSAKey rsa;
    private ExternalTokens tokens;

    ExternalTokensTest() throws JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    }

    @BeforeEach
    void keysInAFile() throws IOException {
        tokens = tokens(file("keys.json", new JWKSet(List.<JWK>of(key, rsa)).toString(true)));
    }

    private URI file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toUri();
    }

    private ExternalTokens tokens(URI keys) {
        return new ExternalTokens(
                new TrustedIssuer("issuer", keys, clock),
                SERVICE,
                clock,
                (credentials, visit, reach) -> Caller.anonymous(Rights.ALL));
    }

    private String claims(String more) {
        long now = clock.instant().getEpochSecond();
        return "{\"iss\":\"issuer\",\"sub\":\"carol\",\"aud\":\"" + SERVICE + "\",\"exp\":" + (now + 300) + ",\"nbf\":"
                + now + ",\"iat\":" + now + ",\"jti\":\"x\"" + more + "}";
    }

    private static final String ACCESS =
            ",\"access\":[{\"type\":\"repository\",\"name\":\"team/app\",\"actions\":[\"pull\",\"push\"]}]";

    private static String sign(JWSAlgorithm algorithm, String id, String claims, JWSSigner signer) {
        try {
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(algorithm)
                            .type(JOSEObjectType.JWT)
                            .keyID(id)
                            .build(),
                    new Payload(claims));
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private String token(String claims) {
        try {
            return sign(JWSAlgorithm.ES256, key.getKeyID(), claims, new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private Caller show(String token, Reach reach) {
        return tokens.authenticate(
                new Credentials.Bearer(token), new Visit(InetAddress.getLoopbackAddress(), "x/main", "r"), reach);
    }

    private void isRefused(String token) {
        assertThatThrownBy(() -> show(token, Reach.ANYWHERE))
                .isInstanceOfSatisfying(
                        Unauthorized.class, e -> assertThat(e.reason()).isEqualTo(Unauthorized.Reason.INVALID_TOKEN));
    }

    @Test
    void who_shows_a_token_of_a_trusted_issuer_may_what_it_says() {
        Caller carol = show(token(claims(ACCESS)), Reach.ANYWHERE);
        assertThat(carol.principal()).isEqualTo(new Principal("external", "carol"));
        assertThat(carol.scope().allows(Action.READ, APP)).isTrue();
        assertThat(carol.scope().allows(Action.ADD, APP)).isTrue();
        assertThat(carol.scope().allows(Action.DELETE, APP)).isFalse();
        assertThat(carol.scope().allows(Action.READ, new RepositoryName("other")))
                .isFalse();
        assertThat(carol.scope().allowsCatalog()).isFalse();
        for (Domain domain : Domain.values()) {
            assertThat(carol.rights().sees(domain) || carol.rights().administers(domain))
                    .isFalse();
        }
    }

    @Test
    void a_token_that_says_nothing_is_good_for_nothing() {
        Caller carol = show(token(claims("")), Reach.ANYWHERE);
        assertThat(carol.scope().allowsCatalog()).isFalse();
        assertThat(carol.scope().allows(Action.READ, APP)).isFalse();
    }

    @Test
    void it_is_verified_once() {
        String token = token(claims(ACCESS));
        assertThatThrownBy(() -> show(token, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
        show(token, Reach.ANYWHERE);
        assertThat(show(token, Reach.MEMORY).principal().name()).isEqualTo("carol");
        clock.advance(Duration.ofMinutes(7));
        assertThatThrownBy(() -> show(token, Reach.MEMORY)).isInstanceOf(Unauthorized.class);
    }

    @Test
    void rsa_is_good_too_and_each_key_for_its_own_algorithm_only() throws Exception {
        assertThat(show(sign(JWSAlgorithm.RS256, "rsa", claims(ACCESS), new RSASSASigner(rsa)), Reach.ANYWHERE)
                        .principal()
                        .name())
                .isEqualTo("carol");
        isRefused(sign(JWSAlgorithm.RS256, key.getKeyID(), claims(ACCESS), new RSASSASigner(rsa)));
        isRefused(sign(JWSAlgorithm.RS512, "rsa", claims(ACCESS), new RSASSASigner(rsa)));
        byte[] secret = rsa.toRSAPublicKey().getEncoded();
        isRefused(sign(JWSAlgorithm.HS256, "rsa", claims(ACCESS), new MACSigner(secret)));
    }

    @Test
    void what_is_wrong_is_refused() {
        long now = clock.instant().getEpochSecond();
        isRefused(token(claims(ACCESS).replace(SERVICE, "another.example.com")));
        isRefused(token(claims(ACCESS).replace("\"exp\":" + (now + 300), "\"exp\":" + (now - 61))));
        isRefused(token(claims(ACCESS).replace("\"exp\":" + (now + 300), "\"exp\":" + (now + 90_000))));
        isRefused(token(claims(ACCESS).replace("\"exp\":" + (now + 300) + ",", "")));
        isRefused(token(claims(ACCESS).replace("carol", "\\u0007")));
        isRefused(token(claims(",\"access\":{}")));
        String good = token(claims(ACCESS));
        isRefused(good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(86));
    }

    @Test
    void a_key_that_a_token_brings_along_is_not_looked_at() throws Exception {
        ECKey attacker = new ECKeyGenerator(Curve.P_256).keyID("a").generate();
        for (String id : List.of("a", key.getKeyID())) {
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(id)
                            .jwk(attacker.toPublicJWK())
                            .jwkURL(URI.create("http://127.0.0.1:9/"))
                            .build(),
                    new Payload(claims(ACCESS)));
            token.sign(new ECDSASigner(attacker));
            isRefused(token.serialize());
        }
    }

    @Test
    void what_others_have_issued_is_for_others_to_judge() {
        assertThat(show(token(claims(ACCESS).replace("\"issuer\"", "\"another\"")), Reach.MEMORY)
                        .principal())
                .isEqualTo(Principal.ANONYMOUS);
        assertThat(show("rgk_x", Reach.MEMORY).principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(show("eyJ.eyJ.x", Reach.MEMORY).principal()).isEqualTo(Principal.ANONYMOUS);
    }

    @Test
    void keys_are_fetched_and_kept_while_their_place_is_down() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] body = new JWKSet(key).toString(true).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            tokens = tokens(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys"));
            show(token(claims(ACCESS)), Reach.ANYWHERE);
            for (int i = 0; i < 50; i++) {
                try {
                    isRefused(sign(JWSAlgorithm.ES256, "unknown" + i, claims(ACCESS), new ECDSASigner(key)));
                } catch (JOSEException e) {
                    throw new AssertionError(e);
                }
            }
            assertThat(asked).hasValueLessThanOrEqualTo(2);
        } finally {
            server.stop(0);
        }
        clock.advance(Duration.ofHours(2));
        assertThat(show(token(claims(ACCESS)), Reach.ANYWHERE).principal().name())
                .isEqualTo("carol");
    }

    @Test
    void keys_that_were_never_had_are_no_verdict() {
        tokens = tokens(folder.resolve("missing.json").toUri());
        assertThatThrownBy(() -> show(token(claims(ACCESS)), Reach.ANYWHERE))
                .isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void keys_do_not_come_over_an_open_line() {
        assertThatThrownBy(() -> tokens(URI.create("http://keys.example.com/jwks")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https");
        assertThat(Optional.of(tokens(URI.create("https://keys.example.com/jwks"))))
                .isPresent();
    }
}
