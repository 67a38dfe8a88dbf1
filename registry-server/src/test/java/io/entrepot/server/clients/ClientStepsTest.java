package io.entrepot.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people copy, whole, as {@code src/test/resources/clients} has it. */
class ClientStepsTest {
    enum Known {
        MAIN_HTTPS(new ClientFacts(
                "all",
                URI.create("https://registry.example:5000"),
                true,
                true,
                List.of("docker.io", "registry.k8s.io"),
                Optional.empty())),
        PROXY_HTTP(new ClientFacts(
                "hub",
                URI.create("http://registry.example:5000/hub"),
                false,
                false,
                List.of("docker.io"),
                Optional.of(URI.create("http://registry.example:5001")))),
        HOSTED_PUBLIC(new ClientFacts(
                "private", URI.create("https://registry.example"), false, false, List.of(), Optional.empty()));

        private final ClientFacts facts;

        Known(ClientFacts facts) {
            this.facts = facts;
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_client_is_told_this(Known known) throws IOException {
        String all = Stream.of(ClientSteps.values())
                .map(client -> "=== " + client.word() + "\n" + client.text(known.facts))
                .collect(Collectors.joining());

        assertThat(all).isEqualTo(golden(known));
    }

    private static String golden(Known known) throws IOException {
        String name = "/clients/" + known.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt";
        try (InputStream in = ClientStepsTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_left_to_be_filled_in_but_what_only_the_reader_knows(Known known) {
        for (ClientSteps client : ClientSteps.values()) {
            assertThat(client.text(known.facts))
                    .doesNotContain(
                            "ADDRESS", "PREFIX", "EXAMPLE", "UPSTREAM", "ROOT\"", "OPTION", "SCHEME", "LOCATION");
        }
    }

    @Test
    void a_name_with_a_port_is_no_path() {
        List<String> upstreams = List.of("quay.io", "registry.corp:5001");
        URI url = URI.create("http://registry.example:5000");
        ClientFacts main = new ClientFacts("all", url, true, false, upstreams, Optional.empty());
        assertThat(ClientSteps.PODMAN.text(main))
                .contains("registry.example:5000/quay.io")
                .doesNotContain("corp");
        assertThat(ClientSteps.CONTAINERD.text(main)).contains("certs.d/registry.corp:5001/hosts.toml");
        ClientFacts one = new ClientFacts("p", url.resolve("/p"), false, false, upstreams, Optional.empty());
        assertThat(ClientSteps.PODMAN.text(one))
                .contains("prefix = \"registry.corp:5001\"")
                .contains("location = \"registry.example:5000/p\"");
    }

    @Test
    void only_the_main_registry_is_asked_for_whatever_images_there_are() {
        String elsewhere = ClientSteps.CONTAINERD.text(Known.PROXY_HTTP.facts);

        // It would answer for every registry of the world with what it has by that name.
        assertThat(elsewhere).doesNotContain("_default");
    }

    @Test
    void a_mirror_port_is_told_of_only_where_docker_would_ask_it() {
        ClientFacts quay = new ClientFacts(
                "quay",
                URI.create("https://registry.example/quay"),
                false,
                false,
                List.of("quay.io"),
                Optional.of(URI.create("https://registry.example:5001")));

        assertThat(ClientSteps.DOCKER.text(quay)).doesNotContain("registry-mirrors", "daemon.json");
    }

    @Test
    void an_address_may_be_written_in_capitals_and_end_with_a_slash() {
        ClientFacts shouted = new ClientFacts(
                "all", URI.create("HTTPS://registry.example:5000/"), true, false, List.of(), Optional.empty());

        assertThat(shouted.prefix()).isEqualTo("registry.example:5000");
        assertThat(ClientSteps.CONTAINERD.text(shouted)).contains("server = \"https://registry.example:5000\"");
        assertThat(ClientSteps.DOCKER.text(shouted)).doesNotContain("insecure");
    }

    @Test
    void machines_have_names_that_urls_do_not_know() {
        ClientFacts odd = new ClientFacts(
                "all", URI.create("http://build_server:5001"), true, false, List.of("docker.io"), Optional.empty());

        assertThat(ClientSteps.NGINX.text(odd))
                .contains("server_name build_server;", "proxy_pass http://127.0.0.1:5001;");
        assertThat(ClientSteps.DOCKER.text(odd)).contains("[\"build_server:5001\"]");
    }

    @Test
    void facts_have_an_address() {
        assertThatThrownBy(
                        () -> new ClientFacts("x", URI.create("ftp://host"), false, false, List.of(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ClientFacts("x", URI.create("/path"), false, false, List.of(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
