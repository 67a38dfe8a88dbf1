package io.entrepot.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.auth.account.AccountException;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Policy;
import io.entrepot.auth.oidc.OidcLogin;
import io.entrepot.auth.oidc.OidcOptions;
import io.entrepot.auth.oidc.SessionAuthenticator;
import io.entrepot.auth.oidc.Sessions;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.memory.MemoryDocuments;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers are given at a login, and what pages of others can do with it: nothing. */
class LoginHandlerTest {
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final String OURS = "Origin: http://test";

    private final ConcurrentLinkedQueue<Audit.Event> noted = new ConcurrentLinkedQueue<>();
    private final Sessions sessions = new Sessions(new Everything(), InstantSource.system(), new SecureRandom());
    private TestServer server;
    private RawClient client;

    /** Everybody may do everything. */
    private static final class Everything implements Policy {
        @Override
        public Rights rights(Identity identity) {
            return Rights.ALL;
        }

        @Override
        public Rights anonymous() {
            return Rights.ALL;
        }

        @Override
        public OptionalLong securityVersion(Principal principal) {
            return OptionalLong.of(0);
        }
    }

    @BeforeEach
    void start() throws Exception {
        Authenticator strangers = (credentials, visit, reach) -> {
            if (credentials instanceof Credentials.None) {
                return Caller.anonymous(Rights.ALL);
            }
            throw new Unauthorized(Unauthorized.Reason.WRONG_CREDENTIALS, "nobody shows that", "");
        };
        Entrance entrance = new Entrance(
                "here/main",
                false,
                Optional.empty(),
                false,
                new SessionAuthenticator(sessions, strangers),
                noted::add,
                (caller, namespace) -> TestServer.hosted(HostedOptions.DEFAULT),
                (caller, name) -> true);
        OidcOptions unreachable = new OidcOptions(URI.create("http://127.0.0.1:1"), "c", Optional.empty());
        OidcLogin provider =
                new OidcLogin(unreachable, new MemoryDocuments(), InstantSource.system(), new SecureRandom());
        server = TestServer.with(entrance, reception -> routes(reception, provider));
        client = new RawClient(server.address());
    }

    private List<Route> routes(Reception reception, OidcLogin provider) {
        List<Route> routes = new ArrayList<>(
                new LoginHandler(reception, sessions, this::open, Optional.of(provider), (owner, label) -> key(label))
                        .routes());
        routes.add(reception.route(
                "/api/v1/me",
                false,
                Set.of("GET", "POST"),
                Need.KNOWN,
                (exchange, visitor) -> Answers.bytes(
                        exchange,
                        200,
                        "text/plain",
                        java.nio.ByteBuffer.wrap(
                                visitor.caller().principal().id().getBytes(UTF_8)))));
        return routes;
    }

    private static String key(String label) {
        if (label.isEmpty()) {
            throw new AccountException(AccountException.Reason.INVALID, "a key needs a label here");
        }
        return "key-" + label;
    }

    private Sessions.Opened open(Credentials.Password password, Visit visit) {
        if (!password.secret().equals("right")) {
            throw new Unauthorized(Unauthorized.Reason.WRONG_CREDENTIALS, "wrong user name or password", "");
        }
        return sessions.open(new Identity(
                new Principal("local", password.user()), Set.of("<b>dev"), Optional.empty(), Optional.empty()));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    private RawClient.Response post(String path, String body, String... headers) throws Exception {
        return client.exchange("POST", path, body.getBytes(UTF_8), headers);
    }

    /** The cookie as it is sent back. */
    private String logIn() throws Exception {
        RawClient.Response answer = post("/login", "name=alice&password=right&return=%2Fui%2F", FORM, OURS);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.all("Location")).containsExactly("/ui/");
        return "Cookie: " + answer.all("Set-Cookie").get(0).split(";")[0];
    }

    private String csrf(String cookie) throws Exception {
        Matcher found = Pattern.compile("\"csrfToken\":\"([^\"]+)\"")
                .matcher(client.exchange("GET", "/login/session", cookie).text());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void a_login_by_form_begins_a_session_that_no_script_and_no_other_site_can_use() throws Exception {
        RawClient.Response answer = post("/login", "name=alice&password=right", FORM, OURS);

        assertThat(answer.all("Location")).containsExactly("/login/done");
        assertThat(answer.all("Set-Cookie"))
                .singleElement()
                .asString()
                .matches("entrepot-session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict");
        assertThat(answer.all("Cache-Control")).containsExactly("no-store");
        assertThat(answer.all("Content-Security-Policy").get(0))
                .contains("default-src 'none'", "frame-ancestors 'none'");
    }

    @Test
    void behind_tls_the_cookie_never_travels_in_clear() throws Exception {
        RawClient.Response answer =
                post("/login", "name=alice&password=right", FORM, "Origin: https://test", "X-Forwarded-Proto: https");

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.all("Set-Cookie").get(0)).endsWith("; Secure");
    }

    @Test
    void a_login_by_json_says_who_he_is_and_what_to_send_with_changes() throws Exception {
        RawClient.Response answer =
                post("/login", "{\"name\":\"alice\",\"password\":\"right\"}", "Content-Type: application/json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("\"principal\":\"local/alice\"", "csrfToken");
    }

    @Test
    void a_wrong_password_leads_back_to_the_form_with_a_sentence() throws Exception {
        RawClient.Response form = post("/login", "name=%3Cscript%3E&password=wrong", FORM, OURS);
        assertThat(form.status()).isEqualTo(401);
        assertThat(form.text()).contains("wrong user name or password", "<form").doesNotContain("<script");
        assertThat(form.all("Set-Cookie")).isEmpty();

        assertThat(post("/login", "{\"name\":\"a\",\"password\":\"b\"}", "Content-Type: application/json")
                        .status())
                .isEqualTo(401);
        assertThat(post("/login", "{", "Content-Type: application/json").status())
                .isEqualTo(400);
        assertThat(post("/login", "name=a&name=b", FORM).status()).isEqualTo(400);
        assertThat(post("/login", "x".repeat(LoginForm.MAX_BYTES + 1), FORM).status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: http://test.evil.example",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void a_page_of_others_logs_nobody_in_and_changes_nothing(String from) throws Exception {
        assertThat(post("/login", "name=alice&password=right", FORM, from).status())
                .isEqualTo(403);

        String cookie = logIn();
        String csrf = csrf(cookie);
        assertThat(post("/login/logout", "csrf=" + csrf, FORM, cookie, from).status())
                .isEqualTo(403);
        assertThat(post("/api/v1/me", "", cookie, "X-CSRF-Token: " + csrf, from).status())
                .isEqualTo(401);
        assertThat(client.exchange("GET", "/api/v1/me", cookie).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "/%5Cevil.example", "https:evil.example", "/ui/%0d%0aX: y"})
    void nobody_is_led_to_another_site(String target) throws Exception {
        String encoded = java.net.URLEncoder.encode(target, UTF_8);

        assertThat(client.exchange("GET", "/login?return=" + encoded).status()).isEqualTo(400);
        assertThat(client.exchange("GET", "/login/oidc?return=" + encoded).status())
                .isEqualTo(400);
        assertThat(post("/login", "name=alice&password=right&return=" + encoded, FORM, OURS)
                        .all("Set-Cookie"))
                .isEmpty();
    }

    @Test
    void a_session_reads_by_its_cookie_and_changes_only_with_its_word() throws Exception {
        String cookie = logIn();
        assertThat(client.exchange("GET", "/api/v1/me", cookie).text()).isEqualTo("local/alice");
        assertThat(post("/api/v1/me", "", cookie).status()).isEqualTo(403);
        assertThat(post("/api/v1/me", "", cookie, "X-CSRF-Token: wrong").status())
                .isEqualTo(403);
        assertThat(post("/api/v1/me", "", cookie, "X-CSRF-Token: " + csrf(logIn()))
                        .status())
                .isEqualTo(403);
        assertThat(post("/api/v1/me", "", cookie, "X-CSRF-Token: " + csrf(cookie), OURS)
                        .status())
                .isEqualTo(200);
        assertThat(client.exchange("GET", "/v2/", cookie).status()).isEqualTo(401);
    }

    @Test
    void each_login_has_a_new_id_and_the_one_before_is_worth_nothing() throws Exception {
        String first = logIn();
        RawClient.Response again = post("/login", "name=alice&password=right", FORM, OURS, first);

        assertThat(again.all("Set-Cookie").get(0)).doesNotContain(first.substring("Cookie: ".length()));
        assertThat(client.exchange("GET", "/login/session", first).status()).isEqualTo(401);
    }

    @Test
    void who_logs_out_is_out_at_once() throws Exception {
        String cookie = logIn();
        assertThat(post("/login/logout", "", FORM, cookie).status()).isEqualTo(403);
        RawClient.Response out = post("/login/logout", "csrf=" + csrf(cookie), FORM, OURS, cookie);

        assertThat(out.status()).isEqualTo(303);
        assertThat(out.all("Set-Cookie").get(0)).contains("entrepot-session=;", "Max-Age=0");
        assertThat(client.exchange("GET", "/api/v1/me", cookie).status()).isEqualTo(401);
        assertThat(client.exchange("GET", "/login/done", cookie).all("Location"))
                .containsExactly("/login");
        assertThat(noted).anySatisfy(event -> assertThat(event.action()).isEqualTo("logout"));
    }

    @Test
    void two_session_cookies_are_none() throws Exception {
        String cookie = logIn();

        assertThat(client.exchange("GET", "/login/session", cookie + "; entrepot-session=x")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_plain_page_says_who_is_logged_in_and_makes_him_a_key_for_docker() throws Exception {
        String cookie = logIn();
        String page = client.exchange("GET", "/login/done", cookie).text();
        assertThat(page)
                .contains("local/alice", "&lt;b&gt;dev", "Make an API key")
                .doesNotContain("<b>");

        String body = "label=%3Cdocker%3E&csrf=" + csrf(cookie);
        assertThat(post("/login/key", "label=docker", FORM, OURS, cookie).status())
                .isEqualTo(403);
        assertThat(post("/login/key", body, FORM, OURS, cookie).text())
                .contains("key-&lt;docker&gt;", "docker login test -u alice");
        assertThat(post("/login/key", "label=&csrf=" + csrf(cookie), FORM, OURS, cookie)
                        .text())
                .contains("a key needs a label here");
    }

    @Test
    void an_answer_that_nobody_waits_for_is_refused_and_noted() throws Exception {
        RawClient.Response answer = client.exchange("GET", "/login/oidc/callback?state=x&code=y");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("begin again");
        assertThat(noted).singleElement().satisfies(event -> {
            assertThat(event.action()).isEqualTo("login.oidc");
            assertThat(event.outcome()).isEqualTo(Audit.Outcome.REFUSED);
        });
    }

    @Test
    void a_provider_that_is_down_is_said_to_be() throws Exception {
        RawClient.Response answer = client.exchange("GET", "/login/oidc");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).contains("identity provider cannot be asked now");
    }
}
