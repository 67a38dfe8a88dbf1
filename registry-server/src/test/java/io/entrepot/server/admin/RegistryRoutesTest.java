package io.entrepot.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Visit;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registries and proxies by REST, over registries that note what is done to them. */
class RegistryRoutesTest {
    private static final String IMAGE = "{'repository':'library/nginx','reference':'1.27'}";

    private final TestAdmin admin = new TestAdmin();

    @BeforeEach
    void people() {
        person("keeper", "admin:registries");
        person("seer", "admin:registries:read");
        person("other", "admin:users");
        admin.events.clear();
    }

    private void person(String name, String privilege) {
        admin.system("POST", "/roles", "{'name':'" + name + "','privileges':['" + privilege + "']}");
        admin.system("POST", "/users", "{'name':'" + name + "','password':'correct horse','roles':['" + name + "']}");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "GET, /registries, \"\", 200, 200",
                "GET, /registries/hub, \"\", 200, 200",
                "GET, /registries/hub/upstream, \"\", 200, 200",
                "GET, /registries/hub/pins, \"\", 200, 200",
                "GET, /registries/all/explain?image=nginx, \"\", 200, 200",
                "GET, /registries/all/explain?image=nginx&ask=true, \"\", 200, 200",
                "GET, /registries/hub/clients, \"\", 200, 200",
                "GET, /registries/hub/clients?for=k3s, \"\", 200, 200",
                "POST, /registries/hub/invalidate, {}, 204, 403",
                "POST, /registries/hub/invalidate, {'repository':'library/nginx'}, 204, 403",
                "POST, /registries/hub/evict, \"{'repository':'library/nginx','reference':'1.27'}\", 204, 403",
                "POST, /registries/hub/block, {}, 204, 403",
                "POST, /registries/hub/unblock, {}, 204, 403",
                "POST, /registries/hub/reset, {}, 204, 403",
                "POST, /registries/hub/pins, \"{'repository':'library/nginx','reference':'1.27'}\", 201, 403",
                // Whoever may is told that there is no such pin.
                "POST, /registries/hub/unpin, \"{'repository':'library/nginx','reference':'1.27'}\", 404, 403"
            })
    void whoever_administers_registries_may_and_others_may_not(
            String method, String target, String body, int keeper, int seer) {
        assertThat(admin.ask(admin.caller("other"), method, target, body).status())
                .isEqualTo(403);
        assertThat(admin.ask(admin.caller("seer"), method, target, body).status())
                .isEqualTo(seer);
        if (seer == 403) {
            assertThat(admin.running.done).isEmpty();
        }
        Answer answer = admin.ask(admin.caller("keeper"), method, target, body);
        assertThat(answer.status()).as(answer.json()).isEqualTo(keeper);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "GET, /registries/none, \"\", 404, there is no registry none",
                "GET, /registries/none/upstream, \"\", 404, there is no registry none",
                "GET, /registries/none/explain?image=nginx, \"\", 404, there is no registry none",
                "POST, /registries/none/block, {}, 404, there is no registry none",
                "GET, /registries/private/upstream, \"\", 409, only a proxy has an upstream",
                "GET, /registries/all/pins, \"\", 409, all is a group registry",
                "POST, /registries/private/evict, \"{'repository':'a','reference':'b'}\", 409, private is a hosted",
                "GET, /registries/hub/explain?image=nginx, \"\", 409, hub is no group",
                "GET, /registries/all/explain, \"\", 400, image: is missing",
                "GET, /registries/all/explain?image=Nginx, \"\", 400, not a repository name",
                "GET, /registries/all/explain?image=localhost:5000/nginx, \"\", 400, not a repository name",
                "GET, /registries/all/explain?image=nginx:.x, \"\", 400, not a tag",
                "GET, /registries/all/explain?image=nginx@sha256:1, \"\", 400, digest",
                "GET, /registries/all/explain?image=nginx&ask=maybe, \"\", 400, ask: must be true or false",
                "GET, /registries/hub/clients?for=emacs, \"\", 400, for: must be one of",
                "POST, /registries/hub/invalidate, {'repository':'A'}, 400, not a repository name",
                "POST, /registries/hub/evict, {'repository':'a'}, 400, reference: is missing",
                "POST, /registries/hub/evict, \"{'repository':'a','reference':'?'}\", 400, not a tag",
                "POST, /registries/hub/evict, \"{'repository':'a','reference':'missing'}\", 404, missing",
                "POST, /registries/hub/pins, {'reference':'a'}, 400, repository: is missing",
                "POST, /registries/hub/unpin, \"{'repository':'a','reference':'b'}\", 404, there is no pin of a:b in hub"
            })
    void what_is_wrong_is_said_in_a_sentence_and_changes_nothing(
            String method, String target, String body, int status, String sentence) {
        Answer answer = admin.ask(admin.caller("keeper"), method, target, body);

        assertThat(answer.status()).as(answer.json()).isEqualTo(status);
        assertThat(message(answer)).contains(sentence);
        assertThat(admin.running.done).isEmpty();
        assertThat(admin.events).isEmpty();
    }

    @Test
    void every_change_is_made_and_noted_with_who_did_it_to_what_and_from_where() throws Exception {
        Visit visit = new Visit(InetAddress.getLoopbackAddress(), "main", "r-1");
        Caller keeper = admin.caller("keeper");
        for (String change : List.of("invalidate", "block", "unblock", "reset")) {
            admin.api.handle(request(change, "{}", keeper, visit));
        }
        admin.api.handle(request("invalidate", "{'repository':'library/nginx'}", keeper, visit));
        for (String change : List.of("pins", "unpin", "evict")) {
            admin.api.handle(request(change, IMAGE, keeper, visit));
        }

        assertThat(admin.running.done)
                .containsExactly(
                        "invalidate all",
                        "block true",
                        "block false",
                        "reset",
                        "invalidate library/nginx",
                        "pin library/nginx:1.27",
                        "evict library/nginx:1.27");
        assertThat(admin.events.stream().map(e -> e.action() + " " + e.target()))
                .containsExactly(
                        "proxy.invalidate hub",
                        "proxy.block hub",
                        "proxy.unblock hub",
                        "proxy.reset hub",
                        "proxy.invalidate hub/library/nginx",
                        "proxy.pin hub/library/nginx:1.27",
                        "proxy.unpin hub/library/nginx:1.27",
                        "proxy.evict hub/library/nginx:1.27");
        assertThat(admin.events).allSatisfy(event -> {
            assertThat(event.principal()).isEqualTo(keeper.principal());
            assertThat(event.visit()).hasValue(visit);
            assertThat(event.outcome()).isEqualTo(Audit.Outcome.DONE);
        });
    }

    private static AdminRequest request(String change, String body, Caller caller, Visit visit) {
        return new AdminRequest(
                "POST", "/registries/hub/" + change, Optional.of(body.replace('\'', '"')), caller, Optional.of(visit));
    }

    @Test
    void a_refused_change_is_noted_as_refused() {
        admin.ask(admin.caller("seer"), "POST", "/registries/hub/block", "{}");

        assertThat(admin.events).singleElement().satisfies(event -> {
            assertThat(event.outcome()).isEqualTo(Audit.Outcome.REFUSED);
            assertThat(event.reason()).contains("seer may not change the settings of registries");
        });
    }

    @Test
    void registries_are_shown_in_order_each_with_what_its_kind_has() {
        assertThat(admin.system("GET", "/registries", "").json())
                .containsSubsequence("\"name\":\"all\"", "\"name\":\"private\"", "\"name\":\"hub\"");
        assertThat(admin.system("GET", "/registries/all", "").json())
                .contains("\"kind\":\"group\"", "\"main\":true", "\"members\":[\"private\",\"hub\"]", "\"writable\"")
                .doesNotContain("remotes");
        assertThat(admin.system("GET", "/registries/hub", "").json())
                .contains("\"remotes\":[\"https://registry-1.docker.io\"]", "\"urls\":[", "5000/hub")
                .doesNotContain("members");
    }

    @Test
    void an_upstream_is_shown_with_whether_it_is_asked_and_what_is_left_of_it() {
        JsonObject state = object(admin.system("GET", "/registries/hub/upstream", ""));
        JsonObject source = state.getAsJsonArray("sources").get(0).getAsJsonObject();

        assertThat(source.get("condition").getAsString()).isEqualTo("cooling");
        assertThat(source.get("until").getAsString()).isEqualTo("1970-01-01T00:01:00Z");
        assertThat(source.get("requests").getAsLong()).isEqualTo(10);
        assertThat(source.get("pulls").getAsString()).isEqualTo("7 of 100 pulls left");
        assertThat(source.get("lastError").getAsString()).isEqualTo("connection refused");
        assertThat(state.get("heldBytes").getAsLong()).isEqualTo(5L << 30);
        assertThat(state.getAsJsonArray("downloads")).hasSize(1);
        assertThat(state.get("blocked").getAsBoolean()).isFalse();

        admin.system("POST", "/registries/hub/block", "{}");
        assertThat(object(admin.system("GET", "/registries/hub/upstream", ""))
                        .get("blocked")
                        .getAsBoolean())
                .isTrue();
    }

    @Test
    void what_is_pinned_is_listed_until_it_is_not() {
        admin.system("POST", "/registries/hub/pins", IMAGE);
        assertThat(admin.system("GET", "/registries/hub/pins", "").json())
                .isEqualTo("{\"items\":[{\"repository\":\"library/nginx\",\"reference\":\"1.27\"}]}");

        assertThat(admin.system("POST", "/registries/hub/unpin", IMAGE).status())
                .isEqualTo(204);
        assertThat(admin.system("GET", "/registries/hub/pins", "").json()).isEqualTo("{\"items\":[]}");
    }

    @Test
    void an_explanation_names_who_answers_with_what_and_what_the_others_say() {
        String near = admin.system("GET", "/registries/all/explain?image=library/nginx", "")
                .json();
        assertThat(near).contains("library/nginx:latest", "not asked").doesNotContain("answeredBy");

        String far = admin.system(
                        "GET", "/registries/all/explain?image=nginx:1@" + TestRegistries.DIGEST + "&ask=true", "")
                .json();
        assertThat(far).contains("\"answeredBy\":\"hub\"", "nginx@" + TestRegistries.DIGEST, "\"verdict\":\"found\"");
    }

    /** Logins wait for the same threads as explanations do, and those wait for others. */
    @Test
    void few_explanations_wait_for_upstreams_at_a_time() throws Exception {
        CountDownLatch waiting = new CountDownLatch(4);
        CountDownLatch answered = new CountDownLatch(1);
        TestAdmin slow = TestAdmin.over(new Slow(waiting, answered));
        String near = "/registries/all/explain?image=nginx";
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Answer>> asking = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asking.add(threads.submit(() -> slow.system("GET", near + "&ask=true", "")));
            }
            assertThat(waiting.await(1, TimeUnit.MINUTES)).isTrue();

            assertThat(slow.system("GET", near + "&ask=true", "").status()).isEqualTo(503);
            assertThat(slow.system("GET", near, "").status()).isEqualTo(200);
            answered.countDown();
            for (Future<Answer> one : asking) {
                assertThat(one.get().status()).isEqualTo(200);
            }
            assertThat(slow.system("GET", near + "&ask=true", "").status()).isEqualTo(200);
        } finally {
            answered.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void clients_of_the_main_registry_are_told_of_every_upstream_by_its_name_in_images() {
        JsonObject main = object(admin.system("GET", "/registries/all/clients?for=containerd", ""));

        assertThat(main.get("address").getAsString()).isEqualTo("registry.example:5000");
        assertThat(main.getAsJsonArray("items")).hasSize(1);
        assertThat(main.toString())
                .contains("certs.d/docker.io/hosts.toml", "certs.d/_default/hosts.toml", "/ca.crt")
                .doesNotContain("certs.d/index.docker.io", "certs.d/registry-1.docker.io");
        assertThat(admin.system("GET", "/registries/private/clients", "").json())
                .doesNotContain("docker.io/hosts");
    }

    @Test
    void clients_of_a_plain_port_are_told_of_no_certificate() {
        RegistryInfo info = new RegistryInfo(
                "plain",
                RegistryId.Kind.HOSTED,
                false,
                true,
                "default",
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                new RegistryInfo.Reached(List.of(URI.create("http://registry.example:8082")), Optional.empty(), true));

        assertThat(Facts.of(info, List.of(info)).ownAuthority()).isFalse();
    }

    @Test
    void where_no_server_runs_that_is_said() {
        for (String target : List.of("/registries", "/registries/hub", "/registries/hub/upstream")) {
            Answer answer = TestAdmin.over(RegistryAdmin.STOPPED).system("GET", target, "");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(message(answer)).contains("no server runs on this data folder", "entrepot serve");
        }
        assertThat(TestAdmin.over(RegistryAdmin.NONE)
                        .system("GET", "/registries", "")
                        .json())
                .isEqualTo("{\"items\":[]}");
    }

    /** Its group has to wait for upstreams. */
    private record Slow(CountDownLatch waiting, CountDownLatch answered) implements RegistryAdmin {
        private static final TestRegistries REGISTRIES = new TestRegistries();

        @Override
        public List<RegistryInfo> registries() {
            return REGISTRIES.registries();
        }

        @Override
        public Optional<ProxyControl> proxy(String name) {
            return REGISTRIES.proxy(name);
        }

        @Override
        public Optional<GroupControl> group(String name) {
            return Optional.of((repository, reference, ask) -> {
                if (ask) {
                    waiting.countDown();
                    await(answered);
                }
                return new Explanation(repository.value(), Optional.empty(), Optional.empty(), List.of());
            });
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static JsonObject object(Answer answer) {
        return JsonParser.parseString(answer.json()).getAsJsonObject();
    }

    private static String message(Answer answer) {
        return object(answer)
                .getAsJsonArray("errors")
                .get(0)
                .getAsJsonObject()
                .get("message")
                .getAsString();
    }
}
