package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Threads;
import io.entrepot.server.config.ConfigurationException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryServerTest {
    private static final byte[] CONTENT = "a note".getBytes(StandardCharsets.UTF_8);
    private static final Set<String> OF_THE_JDK = Set.of("HttpClient", "process reaper");
    private static final RepositoryName NOTES = new RepositoryName("team/notes");

    @TempDir
    Path folder;

    @Test
    void what_is_pushed_over_http_is_there_for_the_program_that_embeds_the_server() throws Exception {
        try (RegistryServer server = RegistryServer.inMemory().start()) {
            PushedArtifact pushed = PushedArtifact.push(server.url(), NOTES.value(), "v1", CONTENT);

            var repository = server.registry().repository(NOTES, Call.internal());
            assertThat(repository.resolve(new Tag("v1")).digest()).isEqualTo(pushed.manifest());
            assertThat(repository.tags(PageRequest.first(10)).items()).containsExactly(new Tag("v1"));
            assertThat(server.registry("private")).isSameAs(server.registry());
            assertThatThrownBy(() -> server.registry("privat"))
                    .hasMessage("no registry is named privat; there are private");
        }
    }

    @Test
    void an_address_begins_image_names_and_a_url_is_where_http_goes() {
        try (RegistryServer server = RegistryServer.inMemory().start()) {
            assertThat(server.address()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(server.url()).isEqualTo(URI.create("http://127.0.0.1:" + server.port() + "/"));
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void two_servers_in_one_process_know_nothing_of_each_other() throws Exception {
        try (RegistryServer one = RegistryServer.inMemory().start();
                RegistryServer other = RegistryServer.inMemory().start()) {
            PushedArtifact.push(one.url(), NOTES.value(), "v1", CONTENT);

            assertThat(PushedArtifact.answer(one.url(), "/v2/team/notes/manifests/v1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(PushedArtifact.answer(other.url(), "/v2/team/notes/manifests/v1")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void a_second_server_starts_in_less_than_300_milliseconds_and_a_close_takes_no_longer() {
        RegistryServer.inMemory().start().close();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            RegistryServer.inMemory().start().close();
            best = Math.min(best, (System.nanoTime() - begin) / 1_000_000);
        }
        assertThat(best).isLessThan(300);
    }

    @Test
    void nothing_is_left_of_a_server_that_is_closed() throws Exception {
        // The client's own threads are there before and after.
        try (RegistryServer first = RegistryServer.inMemory().start()) {
            PushedArtifact.push(first.url(), NOTES.value(), "v1", CONTENT);
        }
        Set<Thread> before = Threads.all();

        RegistryServer server = RegistryServer.at(folder.resolve("data"))
                .set("access.open", "true")
                .port(0)
                .start();
        PushedArtifact.push(server.url(), NOTES.value(), "v1", CONTENT);
        assertThat(Threads.all()).hasSizeGreaterThan(before.size());
        server.close();
        server.close();

        assertThat(Threads.since(before)).allMatch(name -> OF_THE_JDK.contains(name.split("-")[0]));
        assertThatThrownBy(() -> PushedArtifact.answer(server.url(), "/v2/")).isInstanceOf(ConnectException.class);
        new ServerSocket(server.port(), 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void what_was_pushed_is_served_after_a_restart() throws Exception {
        Path data = folder.resolve("data");
        PushedArtifact pushed;
        try (RegistryServer server =
                RegistryServer.at(data).set("access.open", "true").port(0).start()) {
            pushed = PushedArtifact.push(server.url(), NOTES.value(), "v1", CONTENT);
        }
        try (RegistryServer server =
                RegistryServer.at(data).set("access.open", "true").port(0).start()) {
            assertThat(PushedArtifact.get(server.url(), "/v2/team/notes/blobs/" + pushed.layer()))
                    .isEqualTo(CONTENT);
            assertThat(PushedArtifact.answer(server.url(), "/v2/team/notes/manifests/v1")
                            .headers()
                            .firstValue("Docker-Content-Digest"))
                    .contains(pushed.manifest().toString());
        }
    }

    @Test
    void a_data_folder_has_one_server_at_a_time() throws IOException {
        Path data = folder.resolve("data");
        RegistryServer first =
                RegistryServer.at(data).set("access.open", "true").port(0).start();
        assertThatThrownBy(() -> RegistryServer.at(data)
                        .set("access.open", "true")
                        .port(0)
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining(data.toRealPath().toString());

        first.close();
        RegistryServer.at(data).set("access.open", "true").port(0).start().close();
    }

    @Test
    void a_port_that_is_taken_leaves_nothing_open() throws IOException {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> RegistryServer.at(data)
                            .set("access.open", "true")
                            .port(taken.getLocalPort())
                            .start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
        }
        RegistryServer.at(data).set("access.open", "true").port(0).start().close();
    }

    @Test
    void a_registry_may_have_a_connector_of_its_own() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (RegistryServer server = RegistryServer.inMemory()
                .set("registries.lab.type", "hosted")
                .set("registries.lab.connectors.http", Integer.toString(port))
                .set("server.main", "private")
                .start()) {
            URI lab = URI.create("http://127.0.0.1:" + port + "/");
            PushedArtifact.push(lab, NOTES.value(), "v1", CONTENT);

            assertThat(PushedArtifact.answer(server.url(), "/v2/team/notes/manifests/v1")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(server.registry("lab")
                            .repositories(PageRequest.first(10), Call.internal())
                            .items())
                    .containsExactly(NOTES);
        }
    }

    @Test
    void settings_hold_for_an_embedded_server_too() throws IOException {
        Path file = Files.writeString(
                folder.resolve("entrepot.yaml"), "registries: {private: {type: hosted, writePolicy: deny}}");
        try (RegistryServer server = RegistryServer.inMemory().config(file).start()) {
            assertThatThrownBy(() -> PushedArtifact.push(server.url(), NOTES.value(), "v1", CONTENT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("status 403");
        }
        assertThatThrownBy(
                        () -> RegistryServer.inMemory().set("server.prot", "1").start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("set(\"server.prot\"): server.prot is not a setting; did you mean server.port?");
    }
}
