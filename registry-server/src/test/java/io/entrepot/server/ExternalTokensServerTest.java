package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose clients fetch their tokens from somebody else. */
class ExternalTokensServerTest {
    private static final String REALM = "https://auth.example.com/token";
    private static final String SERVICE = "registry.example.com";
    private static final String ISSUER = "auth.example.com";
    private static final String PASSWORD = "pigeons-are-cross";
    private static final String UPLOAD = "/v2/team/app/blobs/uploads/";

    @TempDir
    Path folder;

    private final KeyPair key;
    private RegistryServer server;
    private Visits visits;

    ExternalTokensServerTest() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        key = generator.generateKeyPair();
    }

    @BeforeEach
    void start() throws Exception {
        ECPublicKey open = (ECPublicKey) key.getPublic();
        Path keys = Files.writeString(
                folder.resolve("keys.json"),
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"alg\":\"ES256\",\"use\":\"sig\",\"x\":\""
                        + coordinate(open.getW().getAffineX()) + "\",\"y\":\""
                        + coordinate(open.getW().getAffineY()) + "\"}]}");
        server = RegistryServer.inMemory()
                .user("root", PASSWORD)
                .set("access.externalTokens.realm", REALM)
                .set("access.externalTokens.service", SERVICE)
                .set("access.externalTokens.issuer", ISSUER)
                .set("access.externalTokens.jwks", keys.toAbsolutePath().toString())
                .start();
        visits = new Visits(server.port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void clients_are_sent_there_and_get_no_token_here() throws Exception {
        assertThat(visits.ask("GET", "/v2/", "").header("www-authenticate"))
                .contains("Bearer realm=\"" + REALM + "\",service=\"" + SERVICE + "\"");
        assertThat(visits.ask("POST", UPLOAD, "").header("www-authenticate"))
                .contains("Bearer realm=\"" + REALM + "\",service=\"" + SERVICE
                        + "\",scope=\"repository:team/app:pull,push\"");
        assertThat(visits.status("GET", "/v2/token?service=" + SERVICE, Visits.basic("root", PASSWORD)))
                .isEqualTo(404);
    }

    @Test
    void a_token_from_there_is_good_for_what_it_says_on_every_connector() throws Exception {
        String token = token(ISSUER, SERVICE, "pull", "push");
        assertThat(visits.status("GET", "/v2/", token)).isEqualTo(200);
        assertThat(visits.status("POST", UPLOAD, token)).isEqualTo(202);
        assertThat(visits.status("POST", "/v2/team/other/blobs/uploads/", token))
                .isEqualTo(401);
        int port = server.openPort("private", 0);
        assertThat(new Visits(port).status("POST", UPLOAD, token)).isEqualTo(202);
    }

    @Test
    void what_a_token_does_not_say_is_asked_for_again() throws Exception {
        Visits.Answer refused = visits.ask("POST", UPLOAD, token(ISSUER, SERVICE, "pull"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("www-authenticate").orElseThrow())
                .startsWith("Bearer realm=\"" + REALM + "\"")
                .contains(
                        "scope=\"repository:team/app:pull,push\",error=\"insufficient_scope\",error_description=\"requested access"
                                + " to the resource is denied: ");
    }

    @Test
    void tokens_of_others_for_others_or_with_another_signature_are_refused() throws Exception {
        String good = token(ISSUER, SERVICE, "pull", "push");
        String forged = good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(86);
        for (String token : new String[] {
            token("other.example.com", SERVICE, "pull", "push"),
            token(ISSUER, "other.example.com", "pull", "push"),
            forged
        }) {
            assertThat(visits.status("GET", "/v2/", token)).isEqualTo(401);
            assertThat(visits.status("POST", UPLOAD, token)).isEqualTo(401);
        }
    }

    @Test
    void users_of_this_server_may_show_their_password() throws Exception {
        assertThat(visits.status("POST", UPLOAD, Visits.basic("root", PASSWORD)))
                .isEqualTo(202);
        assertThat(visits.status("POST", UPLOAD, Visits.basic("root", "wrong"))).isEqualTo(401);
    }

    @Test
    void nobody_administers_with_such_a_token() throws Exception {
        assertThat(visits.status("GET", "/api/v1/users", token(ISSUER, SERVICE, "pull", "push", "*")))
                .isIn(401, 403);
    }

    private String token(String issuer, String service, String... actions) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"" + issuer + "\",\"sub\":\"carol\",\"aud\":\"" + service + "\",\"exp\":"
                + (now + 300) + ",\"nbf\":" + (now - 5) + ",\"iat\":" + now
                + ",\"access\":[{\"type\":\"repository\",\"name\":\"team/app\",\"actions\":[\""
                + String.join("\",\"", actions) + "\"]}]}";
        String signed = base64("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k\"}".getBytes(StandardCharsets.UTF_8))
                + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return "Bearer " + signed + "." + base64(signature.sign());
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] all = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(Arrays.copyOfRange(bytes, bytes.length - length, bytes.length), 0, all, 32 - length, length);
        return base64(all);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
