package io.entrepot.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.Assignee;
import io.entrepot.auth.account.BuiltIn;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.oidc.OidcLogin;
import io.entrepot.auth.oidc.OidcOptions;
import io.entrepot.auth.oidc.Sessions;
import io.entrepot.auth.oidc.WorkloadOptions;
import io.entrepot.auth.oidc.WorkloadRealm;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.auth.realm.Realm;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Visit;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.memory.MemoryDocuments;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person logs in with a real Keycloak through its own form, and a program shows the token of its service account. To be
 * fetched once: {@code mvn dependency:get -Dartifact=org.keycloak:keycloak-quarkus-dist:26.4.0:zip -Dtransitive=false}
 */
@Tag("slow")
@Timeout(600)
class KeycloakTest {
    private static final RegistryId PRIVATE = new RegistryId("private", RegistryId.Kind.HOSTED);
    private static final RepositoryName APP = new RepositoryName("team/app");
    private static final String SECRET = "client/secret+1";

    private final SecureRandom random = new SecureRandom();
    private final MemoryDocuments documents = new MemoryDocuments();
    private final Directory directory = new Directory(documents, InstantSource.system(), registry -> false);
    private final Sessions sessions = new Sessions(directory.policy(), InstantSource.system(), random);
    private final AtomicReference<Caller> keyOwner = new AtomicReference<>();

    @Test
    void a_person_and_a_program_are_who_keycloak_says_they_are(@TempDir Path folder) throws Exception {
        assumeTrue(
                Files.exists(Keycloak.zip()),
                "no Keycloak in the local Maven repository: mvn dependency:get"
                        + " -Dartifact=org.keycloak:keycloak-quarkus-dist:26.4.0:zip -Dtransitive=false");
        int port = Keycloak.freePort();
        URI issuer = URI.create("http://127.0.0.1:" + port + "/realms/entrepot");
        OidcLogin provider = new OidcLogin(
                new OidcOptions(issuer, "entrepot", Optional.of(SECRET)), documents, InstantSource.system(), random);
        Accounts accounts = new Accounts(directory, new HashingGate(new PasswordHasher(random)), random, Audit.NONE);
        accounts.roles().grant(Accounts.system(), new Assignee.Group("oidc", "developers"), BuiltIn.DEVELOPER);

        try (TestServer server = server(provider)) {
            URI ours = URI.create("http://127.0.0.1:" + server.address().getPort());
            try (Keycloak keycloak = Keycloak.start(folder, port, realm(ours))) {
                a_person_logs_in_through_the_form(ours);
                a_program_shows_its_token(keycloak.issuer());
            }
        }
    }

    private TestServer server(OidcLogin provider) {
        Entrance entrance = Entrance.open(TestServer.hosted(HostedOptions.DEFAULT));
        return TestServer.with(
                entrance,
                reception -> new LoginHandler(
                                reception,
                                sessions,
                                (password, visit) -> {
                                    throw new AssertionError("nobody logs in with a password here");
                                },
                                Optional.of(provider),
                                (owner, label) -> {
                                    keyOwner.set(owner);
                                    return "secret-key";
                                })
                        .routes());
    }

    private static String realm(URI ours) throws Exception {
        try (InputStream in = KeycloakTest.class.getResourceAsStream("keycloak-realm.json")) {
            return new String(in.readAllBytes(), UTF_8).replace("@CALLBACK@", ours + "/login/oidc/callback");
        }
    }

    private void a_person_logs_in_through_the_form(URI ours) throws Exception {
        Browser browser = new Browser();
        URI begin = ours.resolve("/login/oidc?return=/ui/");
        HttpResponse<String> form = browser.get(location(browser.get(begin)));
        assertThat(form.statusCode()).isEqualTo(200);

        Map<String, String> wrong = Map.of("username", "alice", "password", "wrong");
        HttpResponse<String> again = browser.post(action(form), wrong);
        assertThat(again.body()).contains("Invalid username or password");

        Map<String, String> right = Map.of("username", "alice", "password", "wonderland");
        URI callback = location(browser.post(action(again), right));
        assertThat(callback.toString()).startsWith(ours + "/login/oidc/callback?");
        assertThat(new Browser().get(callback).statusCode())
                .as("another browser")
                .isEqualTo(403);

        URI secondCallback = location(browser.get(location(browser.get(begin))));
        HttpResponse<String> done = browser.get(secondCallback);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(done.body()).contains("url=/ui/");
        assertThat(browser.get(secondCallback).statusCode()).as("again").isEqualTo(403);

        JsonObject session = json(browser.get(ours.resolve("/login/session")));
        assertThat(session.get("principal").getAsString()).isEqualTo("oidc/alice");
        assertThat(session.get("groups").toString()).isEqualTo("[\"developers\"]");
        assertThat(browser.get(ours.resolve("/login/done")).body()).contains("oidc/alice", "developers");

        String csrf = session.get("csrfToken").getAsString();
        HttpResponse<String> key = browser.post(ours.resolve("/login/key"), Map.of("csrf", csrf, "label", "docker"));
        assertThat(key.body()).contains("secret-key", "docker login 127.0.0.1:" + ours.getPort() + " -u alice");
        Access access = keyOwner.get().rights().in(PRIVATE);
        assertThat(access.allows(Action.ADD, APP)).as("by his group's role").isTrue();

        assertThat(browser.post(ours.resolve("/login/logout"), Map.of("csrf", csrf))
                        .statusCode())
                .isEqualTo(303);
        assertThat(browser.get(ours.resolve("/login/session")).statusCode()).isEqualTo(401);
    }

    private void a_program_shows_its_token(URI issuer) throws Exception {
        Map<String, String> grant =
                Map.of("grant_type", "client_credentials", "client_id", "ci", "client_secret", "ci-secret");
        HttpResponse<String> answer = new Browser().post(URI.create(issuer + "/protocol/openid-connect/token"), grant);
        String token = json(answer).get("access_token").getAsString();

        assertThat(judge(token, issuer, "registry", Map.of("azp", "ci", "preferred_username", "service-account-*")))
                .isInstanceOfSatisfying(
                        Realm.Verdict.Recognised.class,
                        good -> assertThat(good.identity().principal().id()).isEqualTo("local/robot$builder"));
        assertThat(judge(token, issuer, "entrepot", Map.of("azp", "ci")))
                .isEqualTo(new Realm.Verdict.Wrong("rule builder: it is made out for another audience"));
        assertThat(judge(token, issuer, "registry", Map.of("azp", "other")))
                .isEqualTo(new Realm.Verdict.Wrong("rule builder: its claim azp is another"));
    }

    private static Realm.Verdict judge(String token, URI issuer, String audience, Map<String, String> claims) {
        WorkloadOptions rule = new WorkloadOptions("builder", issuer, audience, claims, "builder");
        return new WorkloadRealm(List.of(rule), InstantSource.system())
                .judge(
                        new Credentials.Password("$jwt", token),
                        new Visit(InetAddress.getLoopbackAddress(), "here/main", "1"));
    }

    private static JsonObject json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    private static URI location(HttpResponse<String> response) {
        return response.headers()
                .firstValue("location")
                .map(response.uri()::resolve)
                .orElseThrow(() -> new AssertionError(response.statusCode() + ": " + response.body()));
    }

    private static URI action(HttpResponse<String> form) {
        Matcher action = Pattern.compile("action=\"([^\"]+)\"").matcher(form.body());
        assertThat(action.find()).as(form.body()).isTrue();
        return URI.create(action.group(1).replace("&amp;", "&"));
    }
}
