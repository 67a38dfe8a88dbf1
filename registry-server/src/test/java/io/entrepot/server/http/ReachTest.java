package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far a read goes, on which thread, and that those who wait far away hold up nobody else. */
@Timeout(120)
class ReachTest {
    private static final byte[] BYTES = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final Digest DIGEST = Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(BYTES));
    private static final int CROWD = 200;

    /** What it was asked with which reach, and on which kind of thread. */
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private final CountDownLatch upstream = new CountDownLatch(1);

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/NAME/manifests/v1",
        "HEAD, /v2/NAME/manifests/v1",
        "GET, /v2/NAME/blobs/DIGEST",
        "HEAD, /v2/NAME/blobs/DIGEST",
        "GET, /v2/NAME/tags/list",
        "GET, /v2/NAME/referrers/DIGEST",
    })
    void each_step_is_taken_only_if_the_one_before_was_not_enough(String method, String path) throws IOException {
        upstream.countDown();
        try (TestServer server = TestServer.serving(new Layers());
                RawClient client = server.client()) {
            for (Reach reach : Reach.values()) {
                String target = path.replace("NAME", reach.name().toLowerCase(Locale.ROOT))
                        .replace("DIGEST", DIGEST.toString());
                assertThat(client.exchange(method, target).status()).isEqualTo(200);
                assertThat(asked)
                        .containsExactlyElementsOf(List.of(
                                        "MEMORY on a thread that may not wait",
                                        "LOCAL on entrepot-quick",
                                        "ANYWHERE on entrepot-far")
                                .subList(0, reach.ordinal() + 1));
                asked.clear();
            }
        }
    }

    @Test
    void those_who_wait_for_other_hosts_hold_up_nobody_else() throws IOException {
        List<RawClient> crowd = new ArrayList<>();
        try (TestServer server = TestServer.serving(new Layers());
                RawClient other = server.client()) {
            for (int i = 0; i < CROWD; i++) {
                RawClient client = server.client();
                crowd.add(client);
                client.send("GET /v2/anywhere/manifests/v1 HTTP/1.1\r\nHost: t\r\n\r\n");
            }
            for (int i = 0; i < 20; i++) {
                assertThat(other.exchange("GET", "/v2/local/manifests/v1").status())
                        .isEqualTo(200);
            }
            upstream.countDown();
            for (RawClient client : crowd) {
                assertThat(client.response(false).status()).isEqualTo(200);
            }
        } finally {
            upstream.countDown();
            for (RawClient client : crowd) {
                client.close();
            }
        }
    }

    @Test
    void too_many_who_wait_for_other_hosts_are_told_to_come_again() throws InterruptedException {
        try (Workers workers = new Workers()) {
            Runnable wait = () -> {
                try {
                    upstream.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            };
            IntStream.range(0, 128 + 1024).forEach(i -> workers.far(wait));
            assertThatThrownBy(() -> workers.far(wait))
                    .isInstanceOfSatisfying(RegistryException.Unavailable.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                        assertThat(e.retryAfter()).isPresent();
                    });
            CountDownLatch ran = new CountDownLatch(2);
            workers.quick(ran::countDown);
            workers.durable(ran::countDown);
            ran.await();
            upstream.countDown();
        } finally {
            upstream.countDown();
        }
    }

    @Test
    void a_list_that_began_nearby_is_followed_wherever_it_goes() throws IOException {
        upstream.countDown();
        try (TestServer server = TestServer.serving(new Layers());
                RawClient client = server.client()) {
            String list = client.exchange("GET", "/v2/long/tags/list").text();
            assertThat(list).startsWith("{\"name\":\"long\",\"tags\":[\"a0\",").endsWith("\"a9999\",\"z\"]}");
            assertThat(asked).containsExactly("MEMORY on a thread that may not wait", "ANYWHERE on entrepot-far");
        }
    }

    @Test
    void an_upstream_that_wants_to_be_left_alone_is_429_with_the_time_that_it_said() throws IOException {
        try (TestServer server = TestServer.serving(new Layers());
                RawClient client = server.client()) {
            RawClient.Response answer = client.exchange("GET", "/v2/limited/manifests/v1");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).contains("90");
            assertThat(answer.text()).contains("TOOMANYREQUESTS");
        }
    }

    /** Its repositories are named by how far away they are. */
    private final class Layers implements Registry {
        @Override
        public Repository repository(RepositoryName name, Call call) {
            return new Layer(name, call);
        }

        @Override
        public Page<RepositoryName> repositories(PageRequest page, Call call) {
            return Page.empty();
        }
    }

    private final class Layer implements Repository {
        private final RepositoryName name;
        private final Call call;

        Layer(RepositoryName name, Call call) {
            this.name = name;
            this.call = call;
        }

        private void go() {
            String thread = Thread.currentThread().getName();
            asked.add(call.reach() + " on "
                    + (thread.startsWith("entrepot-")
                            ? thread.substring(0, thread.lastIndexOf('-'))
                            : "a thread that may not wait"));
            switch (name.value()) {
                case "local" -> call.reach().require(Reach.LOCAL);
                case "anywhere" -> {
                    call.reach().require(Reach.ANYWHERE);
                    try {
                        upstream.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                case "limited" ->
                    throw new RegistryException.Unavailable(
                            ErrorCode.TOOMANYREQUESTS, "too many pulls", Optional.of(Duration.ofSeconds(90)), null);
                default -> {}
            }
        }

        @Override
        public RepositoryName name() {
            return name;
        }

        @Override
        public Descriptor resolve(Reference reference) {
            go();
            return new Descriptor(MediaType.OCI_INDEX, DIGEST, BYTES.length);
        }

        @Override
        public Manifest manifest(Reference reference) {
            go();
            return Manifest.of(MediaType.OCI_INDEX, Digest.Algorithm.SHA256, BYTES);
        }

        @Override
        public Descriptor stat(Digest blob) {
            go();
            return Descriptor.ofBlob(blob, BYTES.length);
        }

        @Override
        public Blob open(Digest blob) {
            go();
            return TestBlob.streamed(BYTES).growTo(BYTES.length);
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            go();
            if (!name.value().equals("long")) {
                return Page.empty();
            }
            if (page.last().isEmpty()) {
                return new Page<>(
                        IntStream.range(0, PageRequest.MAX_LIMIT)
                                .mapToObj(i -> new Tag("a" + i))
                                .toList(),
                        true);
            }
            call.reach().require(Reach.ANYWHERE);
            return new Page<>(List.of(new Tag("z")), false);
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            go();
            return Page.empty();
        }
    }
}
