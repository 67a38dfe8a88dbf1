package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import io.entrepot.core.hosted.HostedOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a connector meets those who come, with somebody at the door who knows passwords by heart after hearing them once. */
class ReceptionTest {
    private static final int CROWD = 200;

    private final Registry registry = TestServer.hosted(HostedOptions.DEFAULT);
    private final Set<Credentials> verified = ConcurrentHashMap.newKeySet();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Audit.Event> noted = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch slow = new CountDownLatch(0);

    @Test
    void who_shows_nothing_is_asked_for_a_token_and_told_for_what() throws Exception {
        try (TestServer server = TestServer.guarded(entrance(false));
                RawClient client = new RawClient(server.address())) {
            RawClient.Response answer = client.exchange("GET", "/v2/");

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.all("WWW-Authenticate"))
                    .containsExactly("Bearer realm=\"http://test/v2/token\",service=\"here/main\"");
            assertThat(answer.all("Docker-Distribution-API-Version")).containsExactly("registry/2.0");
            assertThat(answer.text()).contains("UNAUTHORIZED", "docker login", "detail");
        }
    }

    @Test
    void a_connector_that_forces_basic_asks_for_a_password_and_takes_both() throws Exception {
        try (TestServer server = TestServer.guarded(entrance(true));
                RawClient client = new RawClient(server.address())) {
            assertThat(client.exchange("GET", "/v2/").all("WWW-Authenticate"))
                    .containsExactly("Basic realm=\"Entrepot\"");
            assertThat(client.exchange("GET", "/v2/", basic("alice", "right")).status())
                    .isEqualTo(200);
            assertThat(client.exchange("GET", "/v2/", "Authorization: Bearer good")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_wrong_password_is_asked_for_again_and_a_wrong_token_is_named() throws Exception {
        try (TestServer server = TestServer.guarded(entrance(false));
                RawClient client = new RawClient(server.address())) {
            assertThat(client.exchange("GET", "/v2/a/tags/list", basic("alice", "wrong"))
                            .all("WWW-Authenticate"))
                    .containsExactly("Bearer realm=\"http://test/v2/token\",service=\"here/main\","
                            + "scope=\"repository:a:pull\"");
            assertThat(client.exchange("POST", "/v2/a/blobs/uploads/", "Authorization: Bearer bad")
                            .all("WWW-Authenticate"))
                    .containsExactly("Bearer realm=\"http://test/v2/token\",service=\"here/main\","
                            + "scope=\"repository:a:pull,push\",error=\"invalid_token\","
                            + "error_description=\"the token is wrong\"");
            assertThat(client.exchange("GET", "/v2/", "Authorization: Nonsense").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void only_what_memory_does_not_know_goes_to_a_thread_for_logins() throws Exception {
        try (TestServer server = TestServer.guarded(entrance(false));
                RawClient client = new RawClient(server.address())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.exchange("GET", "/v2/", basic("alice", "right"))
                                .status())
                        .isEqualTo(200);
            }
        }
        assertThat(threads).singleElement().asString().startsWith("entrepot-login-");
    }

    @Test
    void a_push_waits_for_its_login_and_goes_on() throws Exception {
        try (TestServer server = TestServer.guarded(entrance(false));
                RawClient client = new RawClient(server.address())) {
            byte[] body = "a layer".getBytes(StandardCharsets.UTF_8);
            String digest = io.entrepot.core.Digest.of(
                            io.entrepot.core.Digest.Algorithm.SHA256, java.nio.ByteBuffer.wrap(body))
                    .toString();

            assertThat(client.exchange("POST", "/v2/a/blobs/uploads/?digest=" + digest, body, basic("alice", "right"))
                            .status())
                    .isEqualTo(201);
            assertThat(client.exchange("DELETE", "/v2/a/blobs/" + digest, basic("alice", "right"))
                            .status())
                    .isEqualTo(202);
        }
        assertThat(noted).singleElement().satisfies(event -> {
            assertThat(event.action()).isEqualTo("blob.delete");
            assertThat(event.principal()).hasToString("local/alice");
        });
    }

    @Test
    void a_crowd_that_logs_in_keeps_nobody_else_waiting_and_ends_somewhere() throws Exception {
        slow = new CountDownLatch(1);
        ExecutorService clients = Executors.newCachedThreadPool();
        try (TestServer server = TestServer.guarded(entrance(false))) {
            List<Future<Integer>> logins = new ArrayList<>();
            for (int i = 0; i < 2 * CROWD; i++) {
                String user = "user" + i;
                logins.add(clients.submit(() -> {
                    try (RawClient client = new RawClient(server.address())) {
                        return client.exchange("GET", "/v2/", basic(user, "right"))
                                .status();
                    }
                }));
            }
            try (RawClient client = new RawClient(server.address())) {
                for (int i = 0; i < 100; i++) {
                    assertThat(client.exchange("GET", "/v2/a/tags/list", "Authorization: Bearer good")
                                    .status())
                            .isEqualTo(404);
                }
            }
            slow.countDown();
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> login : logins) {
                answers.add(login.get(20, TimeUnit.SECONDS));
            }
            assertThat(answers).contains(200, 429).doesNotContain(500, 503);
            assertThat(answers.stream().filter(a -> a == 200)).hasSizeGreaterThanOrEqualTo(CROWD);
        } finally {
            slow.countDown();
            clients.shutdownNow();
        }
    }

    private Entrance entrance(boolean basic) {
        return new Entrance(
                "here/main",
                basic,
                Optional.empty(),
                false,
                door(),
                noted::add,
                (caller, namespace) -> registry,
                (caller, name) -> true);
    }

    private Authenticator door() {
        return (credentials, visit, reach) -> {
            if (credentials instanceof Credentials.None) {
                return Caller.anonymous(Rights.ALL);
            }
            if (credentials instanceof Credentials.Bearer bearer) {
                if (bearer.token().equals("good")) {
                    return known("alice", Proof.TOKEN);
                }
                throw new Unauthorized(Unauthorized.Reason.INVALID_TOKEN, "the token is wrong", "");
            }
            if (credentials instanceof Credentials.Password password) {
                return password(password, visit, reach);
            }
            throw new Unauthorized(Unauthorized.Reason.WRONG_CREDENTIALS, "nobody shows that", "");
        };
    }

    private Caller password(Credentials.Password password, Visit visit, Reach reach) throws BeyondReach {
        if (!verified.contains(password)) {
            reach.require(Reach.LOCAL);
            threads.add(Thread.currentThread().getName());
            try {
                slow.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(visit.requestId(), e);
            }
            if (!password.secret().equals("right")) {
                throw new Unauthorized(Unauthorized.Reason.WRONG_CREDENTIALS, "the password is wrong", "");
            }
            verified.add(password);
        }
        return known(password.user(), Proof.BASIC);
    }

    private static Caller known(String name, Proof proof) {
        return new Caller(new Principal("local", name), proof, Rights.ALL, Access.ALL);
    }

    private static String basic(String user, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
