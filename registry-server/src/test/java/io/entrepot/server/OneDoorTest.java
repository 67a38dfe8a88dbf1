package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Threads;
import io.entrepot.proxy.remote.RemoteOptions;
import io.entrepot.proxy.remote.RemoteRegistry;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story that people run a registry for: their own images, and those of Docker Hub and Google, behind one address. The
 * two upstreams are played.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneDoorTest {
    private static final Tag V1 = new Tag("1");
    private static final RepositoryName APP = new RepositoryName("app");
    private static final RepositoryName DASHBOARD = new RepositoryName("google-containers/kubernetes-dashboard-amd64");
    private static final Content CONFIG = Content.of("{\"os\":\"linux\"}");

    @TempDir
    Path data;

    private final ScriptedUpstream hub = new ScriptedUpstream();
    private final ScriptedUpstream google = new ScriptedUpstream();
    private RegistryServer server;
    private RemoteRegistry client;

    private void start() {
        server = RegistryServer.at(data)
                .set("access.open", "true")
                .set("server.stopTimeout", "5s")
                .port(0)
                .bind("127.0.0.1")
                .set("server.main", "registry")
                .set("registries.private.type", "hosted")
                .set("registries.docker-hub.type", "proxy")
                .set("registries.docker-hub.preset", "docker-hub")
                .set("registries.docker-hub.remote", hub.root().toString())
                .set("registries.docker-hub.index", "proxied")
                .set("registries.google.type", "proxy")
                .set("registries.google.preset", "gcr.io")
                .set("registries.google.remote", google.root().toString())
                .set("registries.registry.type", "group")
                .set("registries.registry.v1", "true")
                .set("registries.registry.members", "private,docker-hub,google")
                .set("registries.registry.writable", "private")
                .start();
        client = new RemoteRegistry(server.url(), RemoteOptions.DEFAULT);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
        hub.close();
        google.close();
    }

    private static byte[] layer(int seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Digest pull(RepositoryName name, Tag tag) {
        return pull(client, name, tag);
    }

    /** As a client does: the manifest, then all its blobs, each judged by its digest. */
    private static Digest pull(Registry from, RepositoryName name, Tag tag) {
        var repository = from.repository(name, Call.internal());
        var manifest = repository.manifest(tag);
        manifest.links().blobs().forEach(blob -> {
            Content content = new Content(Client.pull(repository, blob.digest()));
            assertThat(content.digest()).isEqualTo(blob.digest());
        });
        return manifest.digest();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void own_images_come_first_and_all_others_from_the_right_place() {
        Sample nginx = hub.image("library/nginx", "1", CONFIG, new Content(layer(1, 300_000)));
        Sample dashboard = google.image(DASHBOARD.value(), "1", CONFIG, new Content(layer(2, 3_000_000)));
        hub.image(DASHBOARD.value(), "1", CONFIG, Content.of("squatted"));
        hub.image("library/app", "1", CONFIG, Content.of("somebody else's"));
        start();
        Sample own =
                Client.pushImage(client.repository(APP, Call.internal()), V1, CONFIG, new Content(layer(3, 100_000)));
        assertThat(pull(APP, V1)).isEqualTo(own.digest());
        assertThat(pull(new RepositoryName("nginx"), V1)).isEqualTo(nginx.digest());
        assertThat(pull(new RepositoryName("library/nginx"), V1)).isEqualTo(nginx.digest());
        assertThat(pull(DASHBOARD, V1)).isEqualTo(dashboard.digest());
        assertThat(hub.requests())
                .noneSatisfy(request -> assertThat(request.path()).contains("google-containers"));
        assertThat(hub.requests())
                .noneSatisfy(request -> assertThat(request.path()).contains("/app/"));
        assertThat(client.repositories(PageRequest.first(100), Call.internal()).items())
                .contains(APP, new RepositoryName("library/nginx"), DASHBOARD);
        assertThat(server.registry("private")
                        .repository(APP, Call.internal())
                        .resolve(V1)
                        .digest())
                .isEqualTo(own.digest());
    }

    @Test
    void what_was_pulled_stays_while_the_upstreams_are_down_and_after_a_restart() throws Exception {
        Sample nginx = hub.image("library/nginx", "1", CONFIG, new Content(layer(1, 300_000)));
        start();
        pull(new RepositoryName("nginx"), V1);
        hub.stop();
        google.stop();
        assertThat(pull(new RepositoryName("nginx"), V1)).isEqualTo(nginx.digest());
        assertThat(get("/v2/nginx/manifests/2").statusCode()).isEqualTo(503);
        assertThat(get("/v2/library/nginx/manifests/2").headers().firstValue("Retry-After"))
                .isPresent();
        client.close();
        server.close();
        start();
        assertThat(pull(new RepositoryName("nginx"), V1)).isEqualTo(nginx.digest());
        Sample own =
                Client.pushImage(client.repository(APP, Call.internal()), V1, CONFIG, new Content(layer(3, 100_000)));
        assertThat(pull(APP, V1)).isEqualTo(own.digest());
    }

    @Test
    void one_hundred_clients_and_one_transfer() throws Exception {
        Content large = new Content(layer(4, 2 << 20));
        hub.image("library/big", "1", CONFIG, large);
        hub.limit(4 << 20);
        start();
        RepositoryName big = new RepositoryName("library/big");
        client.repository(big, Call.internal()).manifest(V1);
        List<byte[]> pulled =
                Threads.together(100, thread -> Client.pull(client.repository(big, Call.internal()), large.digest()));
        assertThat(pulled)
                .allSatisfy(bytes -> assertThat(new Content(bytes).digest()).isEqualTo(large.digest()));
        assertThat(hub.bodyBytes(large.digest())).isEqualTo(large.size());
    }

    @Test
    void port_path_host_name_and_namespace_lead_to_the_same_engine() throws Exception {
        Sample nginx = hub.image("library/nginx", "1", CONFIG, Content.of("layer"));
        Sample pause = google.image("pause", "1", CONFIG, Content.of("pause"));
        start();
        for (String path : List.of(
                "/v2/nginx/manifests/1",
                "/v2/docker-hub/nginx/manifests/1",
                "/v2/docker.io/library/nginx/manifests/1",
                "/v2/library/nginx/manifests/1?ns=docker.io",
                "/v2/library/nginx/manifests/1?ns=" + server.address())) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Docker-Content-Digest"))
                    .as(path)
                    .contains(nginx.digest().toString());
            assertThat(answer.headers().firstValue("Entrepot-Source")).as(path).contains("docker-hub");
        }
        assertThat(get("/v2/gcr.io/pause/manifests/1").headers().firstValue("Docker-Content-Digest"))
                .contains(pause.digest().toString());
        assertThat(get("/v2/pause/manifests/1?ns=gcr.io").statusCode()).isEqualTo(200);
        assertThat(get("/v2/pause/manifests/1?ns=registry.evil.example").statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_mirror_asks_nobody_who_he_is_and_takes_nothing() throws Exception {
        Sample nginx = hub.image("library/nginx", "1", CONFIG, Content.of("layer"));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (RegistryServer guarded = RegistryServer.at(data)
                .port(0)
                .bind("127.0.0.1")
                .set("access.adminPassword", "a password of some length")
                .set("server.main", "docker-hub")
                .set("registries.docker-hub.type", "proxy")
                .set("registries.docker-hub.preset", "docker-hub")
                .set("registries.docker-hub.remote", hub.root().toString())
                .set("registries.docker-hub.connectors.mirror", Integer.toString(port))
                .start()) {
            URI mirror = URI.create("http://127.0.0.1:" + port);
            try (RemoteRegistry anybody = new RemoteRegistry(mirror, RemoteOptions.DEFAULT);
                    RemoteRegistry main = new RemoteRegistry(guarded.url(), RemoteOptions.DEFAULT)) {
                RepositoryName name = new RepositoryName("library/nginx");
                assertThat(pull(anybody, name, V1)).isEqualTo(nginx.digest());
                assertThatThrownBy(() -> Client.push(anybody.repository(name, Call.internal()), CONFIG))
                        .isInstanceOf(RegistryException.Unsupported.class);
                assertThatThrownBy(() -> pull(main, name, V1)).isInstanceOf(RegistryException.class);
            }
            HttpResponse<String> ping = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(mirror.resolve("/v2/")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(ping.statusCode()).isEqualTo(200);
            assertThat(ping.headers().firstValue("WWW-Authenticate")).isEmpty();
        }
    }

    @Test
    void a_stale_answer_says_so() throws Exception {
        hub.image("library/nginx", "1", CONFIG, Content.of("layer"));
        start();
        pull(new RepositoryName("nginx"), V1);
        server.close();
        client.close();
        hub.stop();
        google.stop();
        // The hub's word is fresh for five minutes; a proxy that always asks has nothing but stale ones.
        server = RegistryServer.at(data)
                .set("access.open", "true")
                .port(0)
                .bind("127.0.0.1")
                .set("server.main", "docker-hub")
                .set("registries.docker-hub.type", "proxy")
                .set("registries.docker-hub.preset", "docker-hub")
                .set("registries.docker-hub.remote", hub.root().toString())
                .set("registries.docker-hub.tagFreshness", "0")
                .start();
        client = new RemoteRegistry(server.url(), RemoteOptions.DEFAULT);
        HttpResponse<String> answer = get("/v2/nginx/manifests/1");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Warning").orElse("")).startsWith("299 - \"stale");
    }

    @Test
    void what_is_pushed_through_the_group_may_lie_upon_what_others_hold() {
        Content base = new Content(layer(5, 500_000));
        hub.image("library/base", "1", CONFIG, base);
        start();
        RepositoryName name = new RepositoryName("library/base");
        pull(name, V1);
        hub.stop();
        google.stop();
        var pusher = client.repository(name, Call.internal());
        assertThat(pusher.stat(base.digest()).size()).isEqualTo(base.size());
        Content own = Content.of("own layer");
        Client.push(pusher, own);
        Sample image = Sample.image(CONFIG, base, own);
        Client.put(pusher, image, new Tag("mine"));
        assertThat(pull(server.registry("private"), name, new Tag("mine"))).isEqualTo(image.digest());
    }

    @Test
    void searching_finds_own_images_and_the_upstreams() throws Exception {
        hub.image("library/nginx", "1", CONFIG, Content.of("layer"));
        start();
        Client.pushImage(
                client.repository(new RepositoryName("team/nginx-fork"), Call.internal()),
                V1,
                CONFIG,
                Content.of("fork"));
        HttpResponse<String> found = get("/v1/search?q=nginx&n=25");
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.body()).contains("\"team/nginx-fork\"", "\"library/nginx\"");
        assertThat(found.body().indexOf("team/nginx-fork"))
                .isLessThan(found.body().indexOf("library/nginx"));
        assertThat(get("/v1/_ping").headers().firstValue("X-Docker-Registry-Standalone"))
                .contains("true");
        assertThat(get("/v1/repositories/a/images").statusCode()).isEqualTo(405);
    }

    @Test
    void nothing_is_ever_pushed_to_an_upstream() {
        start();
        for (String proxied : List.of("docker-hub/x", "docker.io/x", "gcr.io/x")) {
            assertThatThrownBy(() -> Client.push(
                            client.repository(new RepositoryName(proxied), Call.internal()), Content.of("x")))
                    .isInstanceOf(RegistryException.Unsupported.class);
        }
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void a_url_that_is_no_registrys_is_refused_at_the_start() {
        assertThatThrownBy(() -> RegistryServer.inMemory()
                        .set("server.main", "p")
                        .set("registries.p.type", "proxy")
                        .set("registries.p.remote", "ftp://x")
                        .start())
                .hasMessageContaining("registries.p.remote");
    }
}
