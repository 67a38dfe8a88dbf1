package io.entrepot.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.RegistryId;
import io.entrepot.proxy.remote.OutboundProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxySettingsTest {
    @TempDir
    Path folder;

    private Configuration read(String yaml) throws IOException {
        return Configuration.read(Sources.NONE.withFile(Files.writeString(folder.resolve("entrepot.yaml"), yaml)));
    }

    private static ProxySettings proxy(Configuration configuration, String name) {
        return (ProxySettings) configuration.registries().get(name);
    }

    @Test
    void a_preset_brings_what_is_special_about_a_registry() throws IOException {
        ProxySettings hub = proxy(read("registries: {hub: {type: proxy, preset: docker-hub}}"), "hub");
        assertThat(hub.kind()).isEqualTo(RegistryId.Kind.PROXY);
        assertThat(hub.remotes()).containsExactly(URI.create("https://registry-1.docker.io"));
        assertThat(hub.officialLibrary()).isTrue();
        assertThat(hub.index()).contains(URI.create("https://index.docker.io"));
        assertThat(hub.hosts()).startsWith("docker.io");
        assertThat(hub.tagFreshness()).contains(Duration.ofMinutes(5));
        assertThat(hub.maxStale()).isEmpty();
        assertThat(hub.cacheLimit()).isEmpty();
    }

    @Test
    void a_remote_beside_a_preset_replaces_the_address_only() throws IOException {
        ProxySettings hub = proxy(
                read("registries: {hub: {type: proxy, preset: docker-hub, remote: ['https://mirror.example',"
                        + " 'https://r.example/hub']}}"),
                "hub");
        assertThat(hub.remotes())
                .containsExactly(URI.create("https://mirror.example"), URI.create("https://r.example/hub"));
        assertThat(hub.officialLibrary()).isTrue();
        assertThat(hub.hosts()).contains("docker.io", "r.example");
    }

    @Test
    void a_remote_with_a_port_is_named_with_it() throws IOException {
        ProxySettings own =
                proxy(read("registries: {p: {type: proxy, remote: 'http://Registry.corp:5001/docker'}}"), "p");
        assertThat(own.hosts()).containsExactly("registry.corp:5001");
    }

    @Test
    void every_preset_with_an_address_is_enough_by_itself() throws IOException {
        for (Preset preset : Preset.values()) {
            if (preset.remote().isPresent()) {
                ProxySettings proxy = proxy(read("registries: {p: {type: proxy, preset: " + preset.word() + "}}"), "p");
                assertThat(proxy.remotes()).containsExactly(preset.remote().get());
                assertThat(proxy.hosts()).containsAll(preset.hosts());
            }
        }
    }

    @Test
    void a_file_says_it_all() throws IOException {
        ProxySettings proxy = proxy(read("""
                        outbound: { proxy: "socks5://u%40x:s3cret@10.0.0.1", exclude: [localhost, "*.corp.example"] }
                        registries:
                          p:
                            type: proxy
                            remote: https://r.example
                            credentials: { user: u, password: p }
                            index: https://index.example
                            tagFreshness: forever
                            notFoundFreshness: 10s
                            listFreshness: 0
                            maxStale: 7d
                            followDeletions: true
                            allow: ["team/**"]
                            deny: ["team/secret"]
                            remoteNamespace: mirrored
                            cacheLimit: 2 GiB
                            transfers: 4
                            blocked: true
                            finishDownloads: false
                            pinnedRealms: https://auth.example
                            mayReach: 10.0.0.0/8
                            tls: { ca: /ca.pem, insecure: false }
                            online: false
                        """), "p");
        assertThat(proxy.login().orElseThrow().password()).contains("p");
        assertThat(proxy.login().orElseThrow().toString()).doesNotContain("p,", "Optional");
        assertThat(proxy.index()).contains(URI.create("https://index.example"));
        assertThat(proxy.tagFreshness()).isEmpty();
        assertThat(proxy.listFreshness()).isZero();
        assertThat(proxy.maxStale()).contains(Duration.ofDays(7));
        assertThat(proxy.allow()).containsExactly(new RepositoryPattern("team/**"));
        assertThat(proxy.deny()).containsExactly(new RepositoryPattern("team/secret"));
        assertThat(proxy.remoteNamespace()).contains(new RepositoryName("mirrored"));
        assertThat(proxy.cacheLimit()).contains(2L << 30);
        assertThat(proxy.connection().transfers()).isEqualTo(4);
        assertThat(proxy.connection().pinnedRealms()).containsExactly(URI.create("https://auth.example"));
        assertThat(proxy.blocked()).isTrue();
        assertThat(proxy.finishDownloads()).isFalse();
        assertThat(proxy.followDeletions()).isTrue();
        assertThat(proxy.tls().ca()).contains(Path.of("/ca.pem"));
        assertThat(proxy.manners().online()).isFalse();
        OutboundProxy.Server server = proxy.outbound().https().orElseThrow();
        assertThat(server)
                .isEqualTo(new OutboundProxy.Server(OutboundProxy.Kind.SOCKS5, "10.0.0.1", 1080, "u@x", "s3cret"));
        assertThat(proxy.outbound().except()).containsExactly("localhost", "*.corp.example");
    }

    @Test
    void a_proxy_may_go_its_own_way_out() throws IOException {
        String outbound =
                "outbound: {proxy: 'http://10.0.0.1:3128'}\nregistries: {p: {type: proxy, remote: 'https://r.example'";
        assertThat(proxy(read(outbound + "}}"), "p")
                        .outbound()
                        .http()
                        .orElseThrow()
                        .port())
                .isEqualTo(3128);
        assertThat(proxy(read(outbound + ", outbound: direct}}"), "p").outbound())
                .isEqualTo(OutboundProxy.DIRECT);
        OutboundProxy own = proxy(read(outbound + ", outbound: {https: 'http://10.0.0.2:8080'}}}"), "p")
                .outbound();
        assertThat(own.http()).isEmpty();
        assertThat(own.https().orElseThrow().host()).isEqualTo("10.0.0.2");
    }

    @Test
    void secrets_are_not_shown() throws IOException {
        Path file = Files.writeString(folder.resolve("entrepot.yaml"), """
                outbound: { proxy: "http://u:s3cret@10.0.0.1:3128" }
                registries: { p: { type: proxy, remote: "https://r.example", credentials: { user: u, password: s3cret } } }
                """);
        assertThat(Answer.asYaml(
                        Configuration.explain(Sources.NONE.withFile(file)).answers()))
                .contains("(hidden)", "user: u")
                .doesNotContain("s3cret");
    }

    @Test
    void the_environment_alone_can_say_who_we_are_and_which_way_we_go() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "s3cret\n");
        Sources sources = new Sources(
                List.of(),
                Map.of(
                        "ENTREPOT_REGISTRIES_DOCKER_HUB_CREDENTIALS_USER", "team",
                        "ENTREPOT_REGISTRIES_DOCKER_HUB_CREDENTIALS_PASSWORD_FILE", password.toString(),
                        "ENTREPOT_REGISTRIES_QUAY_IO_OUTBOUND_PROXY", "http://10.0.0.2:8080",
                        "ENTREPOT_OUTBOUND_PROXY", "http://u:s3cret@10.0.0.1"),
                Optional.empty(),
                true);
        Configuration.Explained explained = Configuration.explain(sources);
        ProxySettings hub = proxy(explained.configuration(), "docker-hub");
        assertThat(hub.login().orElseThrow().user()).contains("team");
        assertThat(hub.login().orElseThrow().password()).contains("s3cret");
        assertThat(hub.outbound().https().orElseThrow().host()).isEqualTo("10.0.0.1");
        ProxySettings quay = proxy(explained.configuration(), "quay.io");
        assertThat(quay.outbound().https().orElseThrow().host()).isEqualTo("10.0.0.2");
        assertThat(quay.login()).isEmpty();
        assertThat(Answer.asYaml(explained.answers())).contains("(hidden)").doesNotContain("s3cret");
    }

    @Test
    void each_way_to_know_who_we_are_is_enough() throws IOException {
        for (String way : List.of("user: u, password: p", "token: t", "file: /config.json", "helper: ecr-login")) {
            Configuration read = read("registries: {p: {type: proxy, preset: ecr-public, credentials: {" + way + "}}}");
            assertThat(proxy(read, "p").login()).as(way).isPresent();
        }
    }

    @Test
    void everybody_may_have_with_our_credentials_what_somebody_chose() throws IOException {
        String proxy = "p: {type: proxy, remote: 'https://r.example', credentials: {token: t}, allow: ['**']}}";
        assertThat(proxy(read("registries: {registry: {type: group, members: [p], anonymousPull: true}, " + proxy), "p")
                        .login())
                .isPresent();
        assertThat(proxy(read("access: {open: true}\nregistries: {" + proxy), "p")
                        .login())
                .isPresent();
    }

    @Test
    void presets_without_an_address_are_kinds_of_registries_that_need_one() throws IOException {
        for (Preset preset : Preset.values()) {
            if (preset.remote().isEmpty()) {
                ProxySettings own = proxy(
                        read("registries: {p: {type: proxy, preset: " + preset.word()
                                + ", remote: 'https://R.example/docker'}}"),
                        "p");
                assertThat(own.hosts()).containsExactly("r.example");
                assertThat(own.officialLibrary()).isFalse();
                assertThat(own.index()).isEmpty();
            }
        }
    }

    @Test
    void old_names_lead_to_those_who_have_their_images_now() {
        assertThat(Preset.KUBERNETES.hosts()).containsExactly("registry.k8s.io", "k8s.gcr.io");
        assertThat(Preset.GCR.owns())
                .contains(new RepositoryPattern("google-containers/**"), new RepositoryPattern("google_containers/**"));
    }

    @Test
    void what_a_proxy_owns_is_what_its_preset_brings_and_what_was_given_to_it() throws IOException {
        Configuration configuration = read("""
                server: { main: corp }
                registries:
                  google: { type: proxy, preset: gcr.io, owns: ["acme-gke/**"] }
                  corp: { type: proxy, remote: "https://r.example", owns: ["corp/**"] }
                """);
        assertThat(configuration.registries().get("google").owns())
                .containsAll(Preset.GCR.owns())
                .contains(new RepositoryPattern("acme-gke/**"));
        assertThat(configuration.registries().get("corp").owns()).containsExactly(new RepositoryPattern("corp/**"));
    }

    @Test
    void a_group_is_members_in_order() throws IOException {
        Configuration configuration = read("""
                registries:
                  private: { type: hosted }
                  hub: { type: proxy, preset: docker-hub }
                  registry:
                    type: group
                    members: [private, hub, private]
                    writable: private
                    onMemberError: skip
                    wholeLists: true
                    routes: { "team/**": private }
                """);
        GroupSettings group = (GroupSettings) configuration.registries().get("registry");
        assertThat(group.members()).containsExactly("private", "hub");
        assertThat(group.writable()).contains("private");
        assertThat(group.options().lenient()).isTrue();
        assertThat(group.options().wholeLists()).isTrue();
        assertThat(group.options().routes()).isEqualTo(Map.of(new RepositoryPattern("team/**"), List.of("private")));
        assertThat(configuration.server().main()).isEqualTo("registry");
    }

    @Test
    void who_defines_no_registries_has_the_usual_ones() {
        Configuration usual =
                Configuration.read(Sources.NONE.withUsual().with("registries.private.writePolicy", "deny", "--set"));
        assertThat(usual.registries().keySet())
                .containsExactly(
                        "private",
                        "docker-hub",
                        "registry.k8s.io",
                        "gcr.io",
                        "quay.io",
                        "ghcr.io",
                        "mcr.microsoft.com",
                        "ecr-public",
                        "registry");
        assertThat(usual.server().main()).isEqualTo("registry");
        GroupSettings group = (GroupSettings) usual.registries().get("registry");
        assertThat(group.members()).containsExactly("private", "docker-hub", "gcr.io");
        assertThat(group.options().routes().get(new RepositoryPattern("**"))).containsExactly("private", "docker-hub");
        assertThat(group.manners().v1()).isTrue();
        assertThat(Configuration.read(Sources.NONE
                                .withUsual()
                                .with("registries.mine.type", "hosted", "--set")
                                .with("server.main", "mine", "--set"))
                        .registries())
                .doesNotContainKey("docker-hub");
        assertThat(Optional.ofNullable(
                        Configuration.read(Sources.NONE).registries().get("docker-hub")))
                .isEmpty();
    }
}
