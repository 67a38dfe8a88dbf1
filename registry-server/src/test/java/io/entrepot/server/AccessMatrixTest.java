package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.NewKey;
import io.entrepot.auth.account.NewUser;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.account.RegistrySelector;
import io.entrepot.auth.account.Role;
import io.entrepot.auth.account.User;
import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PutOptions;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.UploadHints;
import io.entrepot.core.access.Action;
import io.entrepot.core.testkit.SettableClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what, by every kind of credential, on every kind of connector, to what is his, another's and nobody's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {
    private static final byte[] LAYER = "a layer".getBytes(StandardCharsets.UTF_8);
    private static final Digest DIGEST = Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(LAYER));
    private static final String PASSWORD = "pigeons-are-cross";

    private static final List<String> REPOSITORIES = List.of("own", "foreign", "missing");

    /** Names of repositories by what they are to the user: his role is good for {@code own/**}. */
    private static final Map<String, String> NAMES =
            Map.of("own", "own/app", "foreign", "foreign/app", "missing", "missing/app");

    /**
     * Columns: reading, pushing, deleting something that is not there. A slash parts what he owns, what is another's and
     * what is nobody's.
     */
    private static final String GUARDED = """
            none            401/401/401  401/401/401  401/401/401
            password        200/403/403  202/403/403  404/403/403
            key             200/403/403  202/403/403  404/403/403
            key-bearer      200/403/403  202/403/403  404/403/403
            restricted-key  200/403/403  403/403/403  403/403/403
            token           200/401/401  202/401/401  404/401/401
            limited-token   200/401/401  401/401/401  401/401/401
            key-token       200/401/401  401/401/401  401/401/401
            foreign-token   401/401/401  401/401/401  401/401/401
            expired-key     401/401/401  401/401/401  401/401/401
            expired-token   401/401/401  401/401/401  401/401/401
            wrong-password  401/401/401  401/401/401  401/401/401
            wrong-token     401/401/401  401/401/401  401/401/401
            nonsense        401/401/401  401/401/401  401/401/401
            """;

    /** The same where everybody may pull. */
    private static final String ANONYMOUS = """
            none            200/200/404  401/401/401  401/401/401
            password        200/200/404  202/403/403  404/403/403
            key             200/200/404  202/403/403  404/403/403
            key-bearer      200/200/404  202/403/403  404/403/403
            restricted-key  200/403/403  403/403/403  403/403/403
            token           200/200/404  202/401/401  404/401/401
            limited-token   200/401/401  401/401/401  401/401/401
            key-token       200/401/401  401/401/401  401/401/401
            foreign-token   401/401/401  401/401/401  401/401/401
            anonymous-token 200/200/404  401/401/401  401/401/401
            expired-key     401/401/401  401/401/401  401/401/401
            expired-token   401/401/401  401/401/401  401/401/401
            wrong-password  401/401/401  401/401/401  401/401/401
            wrong-token     401/401/401  401/401/401  401/401/401
            nonsense        401/401/401  401/401/401  401/401/401
            """;

    private final SettableClock clock = new SettableClock();
    private RegistryServer server;
    private final List<Connector> connectors = new ArrayList<>();

    /** A way to a registry, with the credentials that belong to it. */
    private record Connector(String name, Visits visits, String prefix, String table, Map<String, String> credentials) {
        @Override
        public String toString() {
            return name;
        }

        String repository(String whose) {
            return prefix + NAMES.get(whose);
        }
    }

    private record Row(Connector connector, String credential, int[][] expected) {
        @Override
        public String toString() {
            return connector + ", " + credential;
        }
    }

    @BeforeAll
    void start() throws Exception {
        server = RegistryServer.inMemory()
                .user("root", PASSWORD)
                .set("server.main", "private")
                .set("registries.private.type", "hosted")
                .set("registries.lab.type", "hosted")
                .set("registries.basic.type", "hosted")
                .set("registries.basic.forceBasicAuth", "true")
                .set("registries.public.type", "hosted")
                .set("registries.public.anonymousPull", "true")
                .start(clock);
        for (String registry : List.of("private", "lab", "basic", "public")) {
            fill(registry, "own/app");
            fill(registry, "foreign/app");
        }
        AccessControl access = server.access().orElseThrow();
        Role role = access.accounts()
                .roles()
                .create(Accounts.system(), Role.of("owner", "", List.of(on("own/**", Action.values())), Set.of()));
        User alice =
                access.accounts().create(Accounts.system(), NewUser.person("alice", PASSWORD, Set.of(role.name())));
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("none", "");
        shown.put("password", Visits.basic("alice", PASSWORD));
        String key = key(alice, Optional.empty(), Optional.empty());
        shown.put("key", Visits.basic("alice", key));
        shown.put("key-bearer", "Bearer " + key);
        shown.put(
                "restricted-key",
                Visits.basic(
                        "alice",
                        key(alice, Optional.of(List.of(on("own/**", Action.READ, Action.BROWSE))), Optional.empty())));
        shown.put("expired-key", Visits.basic("alice", key(alice, Optional.empty(), Optional.of(Duration.ofHours(1)))));
        shown.put("wrong-password", Visits.basic("alice", "pigeons-are-calm"));
        shown.put("wrong-token", "Bearer eyJhbGciOiJub25lIn0.e30.");
        shown.put("nonsense", "Digest username=alice");
        connect("bearer", server.port(), "", GUARDED, shown);
        connect("path", server.port(), "lab/", GUARDED, shown);
        connect("basic", server.openPort("basic", 0), "", GUARDED, shown);
        connect("anonymous", server.openPort("public", 0), "", ANONYMOUS, shown);
        connectors.forEach(c -> token(c, "expired-token", "password", ":pull,push,delete"));
        clock.advance(Duration.ofHours(2));
        for (Connector connector : connectors) {
            token(connector, "token", "password", ":pull,push,delete");
            token(connector, "limited-token", "password", ":pull", "own");
            token(connector, "key-token", "restricted-key", ":pull,push,delete", "own");
            Connector other = connectors.get(connector.name().equals("basic") ? 0 : 2);
            connector
                    .credentials()
                    .put("foreign-token", other.credentials().getOrDefault("token", shown.get("wrong-token")));
            if (connector.table().equals(ANONYMOUS)) {
                token(connector, "anonymous-token", "none", ":pull,push,delete");
            }
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void connect(String name, int port, String prefix, String table, Map<String, String> shown) {
        connectors.add(new Connector(name, new Visits(port), prefix, table, new LinkedHashMap<>(shown)));
    }

    private static Privilege on(String names, Action... actions) {
        return new Privilege.Content(
                Set.of(actions), new RegistrySelector.All(), new RepositoryPattern(names), Optional.empty());
    }

    private String key(User owner, Optional<List<Privilege>> restriction, Optional<Duration> life) {
        return server.access()
                .orElseThrow()
                .accounts()
                .keys()
                .create(
                        Accounts.system(),
                        new NewKey(
                                owner.principal(),
                                "test",
                                restriction,
                                life.map(l -> clock.instant().plus(l))))
                .text();
    }

    /** Asks for a token for all repositories unless some are named. */
    private void token(Connector connector, String as, String shown, String actions, String... whose) {
        String[] scopes = (whose.length == 0 ? REPOSITORIES.stream() : Stream.of(whose))
                .map(w -> "repository:" + connector.repository(w) + actions)
                .toArray(String[]::new);
        String authorization = connector.credentials().get(shown);
        try {
            connector.credentials().put(as, connector.visits().token(service(connector), authorization, scopes));
        } catch (Exception e) {
            throw new IllegalStateException(connector + " " + as, e);
        }
    }

    /** What a challenge names, or would name if it were not for a password. */
    private String service(Connector connector) {
        String installation =
                server.access().orElseThrow().tokens().installation().id();
        return switch (connector.name()) {
            case "basic" -> installation + "/registry/basic";
            case "anonymous" -> installation + "/registry/public";
            default -> installation + "/main";
        };
    }

    private void fill(String registry, String name) {
        var repository = server.registry(registry).repository(new RepositoryName(name), Call.internal());
        try (var upload = repository.upload(UploadHints.NONE)) {
            upload.append(0, ByteBuffer.wrap(LAYER));
            upload.commit(DIGEST);
        }
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_MANIFEST.value()
                        + "\",\"config\":{\"mediaType\":" + "\"text/plain\",\"digest\":\"" + DIGEST + "\",\"size\":"
                        + LAYER.length + "},\"layers\":[]}")
                .getBytes(StandardCharsets.UTF_8);
        repository.put(
                Manifest.of(MediaType.OCI_MANIFEST, Digest.Algorithm.SHA256, manifest),
                new PutOptions(new Tag("v1"), List.of(), TagRule.ANY));
    }

    private Stream<Row> rows() {
        return connectors.stream()
                .flatMap(connector -> connector.table().lines().map(line -> {
                    String[] cells = line.split(" +");
                    int[][] expected = new int[3][];
                    for (int i = 0; i < 3; i++) {
                        expected[i] = Stream.of(cells[i + 1].split("/"))
                                .mapToInt(Integer::parseInt)
                                .toArray();
                    }
                    return new Row(connector, cells[0], expected);
                }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void every_credential_is_good_for_what_the_table_says(Row row) throws Exception {
        Visits visits = row.connector().visits();
        String shown = row.connector().credentials().getOrDefault(row.credential(), "?");
        assertThat(shown).isNotEqualTo("?");
        for (int i = 0; i < REPOSITORIES.size(); i++) {
            String whose = REPOSITORIES.get(i);
            String root = "/v2/" + row.connector().repository(whose);
            int read = row.expected()[0][i];
            assertThat(visits.status("GET", root + "/manifests/v1", shown))
                    .as(whose + " GET manifest")
                    .isEqualTo(read);
            assertThat(visits.status("HEAD", root + "/manifests/v1", shown))
                    .as(whose + " HEAD manifest")
                    .isEqualTo(read);
            assertThat(visits.status("GET", root + "/blobs/" + DIGEST, shown))
                    .as(whose + " GET blob")
                    .isEqualTo(read);
            assertThat(visits.status("HEAD", root + "/blobs/" + DIGEST, shown))
                    .as(whose + " HEAD blob")
                    .isEqualTo(read);
            assertThat(visits.status("GET", root + "/tags/list", shown))
                    .as(whose + " tags")
                    .isEqualTo(read);
            assertThat(visits.status("POST", root + "/blobs/uploads/", shown))
                    .as(whose + " push")
                    .isEqualTo(row.expected()[1][i]);
            assertThat(visits.status("DELETE", root + "/manifests/none", shown))
                    .as(whose + " delete")
                    .isEqualTo(row.expected()[2][i]);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void every_refusal_has_the_connectors_one_challenge(Row row) throws Exception {
        String shown = row.connector().credentials().getOrDefault(row.credential(), "");
        for (String whose : REPOSITORIES) {
            String path = "/v2/" + row.connector().repository(whose) + "/blobs/uploads/";
            Visits.Answer answer = row.connector().visits().ask("POST", path, shown);
            if (answer.status() == 401) {
                String challenge = answer.header("www-authenticate").orElse("none");
                assertThat(challenge).doesNotContain(" | ");
                assertThat(challenge)
                        .startsWith(
                                row.connector().name().equals("basic")
                                        ? "Basic realm=\"Entrepot\""
                                        : "Bearer realm=\"http://127.0.0.1:");
                assertThat(answer.header("docker-distribution-api-version")).contains("registry/2.0");
            } else {
                assertThat(answer.header("www-authenticate")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void who_may_not_see_a_repository_cannot_tell_whether_it_is_there(Row row) throws Exception {
        if (row.expected()[0][1] < 400) {
            return;
        }
        Visits visits = row.connector().visits();
        String shown = row.connector().credentials().getOrDefault(row.credential(), "");
        String there = row.connector().repository("foreign");
        String nowhere = row.connector().repository("missing");
        // Below a prefix a sentence has the name that the registry knows.
        String foreign = NAMES.getOrDefault("foreign", "");
        String missing = NAMES.getOrDefault("missing", "");
        for (String method : List.of("GET", "HEAD")) {
            for (String what : List.of("/manifests/v1", "/blobs/" + DIGEST, "/tags/list", "/referrers/" + DIGEST)) {
                assertThat(visits.ask(method, "/v2/" + there + what, shown).saying("x", foreign))
                        .as(method + what)
                        .isEqualTo(visits.ask(method, "/v2/" + nowhere + what, shown)
                                .saying("x", missing));
            }
        }
    }

    @Test
    void a_mount_from_what_one_may_not_see_looks_like_one_from_nowhere() throws Exception {
        for (Connector connector : connectors.subList(0, 3)) {
            String shown = connector.credentials().get("password");
            Visits.Answer there = mount(connector, "foreign", shown);
            Visits.Answer nowhere = mount(connector, "missing", shown);

            assertThat(there.status()).isEqualTo(202);
            assertThat(there.headers().keySet()).isEqualTo(nowhere.headers().keySet());
            assertThat(there.header("location").orElse("").length())
                    .isEqualTo(nowhere.header("location").orElse("").length());
        }
    }

    private static Visits.Answer mount(Connector connector, String from, String shown) throws Exception {
        return connector
                .visits()
                .ask(
                        "POST",
                        "/v2/" + connector.prefix() + "own/new/blobs/uploads/?mount=" + DIGEST + "&from="
                                + connector.repository(from),
                        shown);
    }

    @Test
    void lists_leave_out_what_one_may_not_see() throws Exception {
        Connector bearer = connectors.get(0);
        assertThat(bearer.visits()
                        .ask("GET", "/v2/_catalog", bearer.credentials().get("password"))
                        .body())
                .contains("own/app")
                .doesNotContain("foreign");
        String login =
                bearer.visits().token(service(bearer), bearer.credentials().get("password"));
        assertThat(bearer.visits().ask("GET", "/v2/_catalog", login).body())
                .contains("own/app")
                .doesNotContain("foreign");
        assertThat(bearer.visits().status("GET", "/v2/_catalog", "")).isEqualTo(401);
    }

    @Test
    void the_base_asks_everybody_to_log_in_and_greets_whoever_has() throws Exception {
        for (Connector connector : connectors) {
            connector.credentials().forEach((credential, shown) -> {
                boolean good = !credential.startsWith("wrong")
                        && !credential.startsWith("expired")
                        && !List.of("none", "nonsense", "foreign-token").contains(credential);
                try {
                    assertThat(connector.visits().status("GET", "/v2/", shown))
                            .as(connector + " " + credential)
                            .isEqualTo(good ? 200 : 401);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void what_is_taken_from_somebody_ends_within_five_seconds() throws Exception {
        AccessControl access = server.access().orElseThrow();
        User bob = access.accounts().create(Accounts.system(), NewUser.person("bob", PASSWORD, Set.of("deployer")));
        Connector bearer = connectors.get(0);
        String password = Visits.basic("bob", PASSWORD);
        String token = bearer.visits().token(service(bearer), password, "repository:own/app:pull");
        String path = "/v2/own/app/manifests/v1";
        assertThat(bearer.visits().status("GET", path, token)).isEqualTo(200);
        assertThat(bearer.visits().status("GET", path, password)).isEqualTo(200);

        User unused = access.accounts().disable(Accounts.system(), bob.name());
        assertThat(bearer.visits().status("GET", path, token)).isEqualTo(401);
        assertThat(bearer.visits().status("GET", path, password)).isEqualTo(401);
    }
}
