package io.entrepot.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.TagPattern;
import io.entrepot.core.hosted.WritePolicy;
import io.entrepot.server.config.RegistrySettings.Manners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final String FILE = """
            # what a small team sets
            server:
              data: /srv/entrepot
              bind: [127.0.0.1, "::1"]
              port: 6000
              main: team
              drainDelay: 5s
            uploads: { expireAfter: 2h }
            blobStores:
              default: { type: file, path: /big/disk, reserve: 2 GiB, cacheLimit: 50 GiB }
            registries:
              team:
                type: hosted
                writePolicy: allow_once
                redeployTags: [latest, "*-snapshot"]
                owns: ["acme/**"]
                connectors: { http: 8090 }
              lab.two: { type: hosted, sparseManifests: true }
            logging: { format: json, level: debug }
            """;

    @TempDir
    Path folder;

    @Test
    void without_any_source_there_is_one_hosted_registry_on_port_5000_and_everybody_logs_in() {
        Configuration configuration = Configuration.read(Sources.NONE);

        assertThat(configuration.access().open()).isFalse();
        assertThat(configuration.server())
                .isEqualTo(new ServerSettings(
                        Path.of("./entrepot-data"),
                        List.of("0.0.0.0"),
                        5000,
                        "private",
                        Optional.empty(),
                        List.of("127.0.0.0/8", "::1/128"),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ofSeconds(60)));
        assertThat(configuration.registries())
                .containsExactly(Map.entry(
                        "private",
                        new RegistrySettings.Hosted(
                                "default",
                                WritePolicy.ALLOW,
                                List.of(),
                                false,
                                List.of(),
                                ConnectorSettings.DEFAULT,
                                Manners.DEFAULT)));
    }

    @Test
    void a_file_says_it_all() throws IOException {
        Configuration configuration = Configuration.read(Sources.NONE.withFile(file()));

        assertThat(configuration)
                .isEqualTo(new Configuration(
                        new ServerSettings(
                                Path.of("/srv/entrepot"),
                                List.of("127.0.0.1", "::1"),
                                6000,
                                "team",
                                Optional.empty(),
                                List.of("127.0.0.0/8", "::1/128"),
                                Optional.empty(),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(60)),
                        Configuration.read(Sources.NONE).access(),
                        new MetadataSettings(MetadataSettings.Type.SQLITE),
                        new UploadSettings(Duration.ofHours(2)),
                        Map.of(
                                "default",
                                new BlobStoreSettings.File(
                                        Path.of("/big/disk"), Optional.of(2L << 30), Optional.of(50L << 30))),
                        Map.of(
                                "team",
                                new RegistrySettings.Hosted(
                                        "default",
                                        WritePolicy.ALLOW_ONCE,
                                        List.of(new TagPattern("latest"), new TagPattern("*-snapshot")),
                                        false,
                                        List.of(new RepositoryPattern("acme/**")),
                                        new ConnectorSettings(
                                                Optional.of(8090), Optional.empty(), Optional.empty(), List.of(), true),
                                        Manners.DEFAULT),
                                "lab.two",
                                new RegistrySettings.Hosted(
                                        "default",
                                        WritePolicy.ALLOW,
                                        List.of(),
                                        true,
                                        List.of(),
                                        ConnectorSettings.DEFAULT,
                                        Manners.DEFAULT)),
                        new LoggingSettings(LoggingSettings.Format.JSON, LoggingSettings.Level.DEBUG)));
    }

    @Test
    void a_flag_counts_more_than_the_environment_and_that_more_than_the_file() throws IOException {
        Sources sources = Sources.NONE.withFile(file());
        assertThat(Configuration.read(sources).server().port()).isEqualTo(6000);

        sources = new Sources(List.of(), Map.of("ENTREPOT_SERVER_PORT", "6001"), sources.file());
        assertThat(Configuration.read(sources).server().port()).isEqualTo(6001);

        sources = sources.with("server.port", "6002", "--set").with("server.port", "6003", "--port");
        assertThat(Configuration.read(sources).server().port()).isEqualTo(6003);
    }

    @Test
    void names_in_variables_are_written_in_capitals_with_underscores() throws IOException {
        Map<String, String> environment = Map.of(
                "ENTREPOT_REGISTRIES_LAB_TWO_SPARSE_MANIFESTS", "false", "ENTREPOT_SERVER_BIND", "10.0.0.1, ::1");
        Configuration configuration = Configuration.read(new Sources(List.of(), environment, Optional.of(file())));

        assertThat(((RegistrySettings.Hosted) configuration.registries().get("lab.two")).sparseManifests())
                .isFalse();
        assertThat(configuration.server().bind()).containsExactly("10.0.0.1", "::1");
    }

    @Test
    void variables_of_others_are_left_alone() {
        Map<String, String> kubernetes = Map.of(
                "ENTREPOT_SERVER_PORT", "tcp://10.0.0.7:5000",
                "ENTREPOT_SERVER_SERVICE_HOST", "10.0.0.7",
                "ENTREPOT_SERVER_PORT_5000_TCP_ADDR", "10.0.0.7",
                "ENTREPOT_JAVA_OPTS", "-Xmx1g",
                "PATH", "/bin");

        assertThat(Configuration.read(new Sources(List.of(), kubernetes, Optional.empty())))
                .isEqualTo(Configuration.read(Sources.NONE));
    }

    @Test
    void a_value_may_stand_in_a_variable_or_a_file() throws IOException {
        Path port = Files.writeString(folder.resolve("port"), "6004\n");
        Path yaml = Files.writeString(
                folder.resolve("refers.yaml"),
                "server: { port: '${file:" + port + "}', data: '/srv/${env:WHERE}/$${x}' }");
        Sources sources = new Sources(List.of(), Map.of("WHERE", "here"), Optional.of(yaml));

        assertThat(Configuration.read(sources).server().port()).isEqualTo(6004);
        assertThat(Configuration.read(sources).server().data()).isEqualTo(Path.of("/srv/here/${x}"));

        Sources byFile = new Sources(List.of(), Map.of("ENTREPOT_SERVER_PORT_FILE", port.toString()), Optional.empty());
        assertThat(Configuration.read(byFile).server().port()).isEqualTo(6004);
    }

    @Test
    void a_flag_may_add_a_registry_and_change_one_whose_name_has_dots() throws IOException {
        Configuration configuration = Configuration.read(Sources.NONE
                .withFile(file())
                .with("registries.more.type", "hosted", "--set")
                .with("registries.lab.two.writePolicy", "deny", "--set"));

        assertThat(configuration.registries().keySet()).containsExactly("team", "lab.two", "more");
        assertThat(((RegistrySettings.Hosted) configuration.registries().get("lab.two")).writePolicy())
                .isEqualTo(WritePolicy.DENY);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1048576, 1048576",
        "7 B, 7",
        "64KiB, 65536",
        "200 GiB, 214748364800",
        "1 kB, 1000",
        "3 MB, 3000000",
        "2TiB, 2199023255552"
    })
    void sizes_have_units_of_both_kinds(String text, long bytes) {
        assertThat(Kind.SIZE_BYTES.parse().apply(text)).contains(bytes);
    }

    @ParameterizedTest
    @CsvSource({"''", "GiB", "1.5 GiB", "-1", "1 gib", "99999999999999999999", "999999999999999999 TiB"})
    void other_texts_are_no_sizes(String text) {
        assertThat(Kind.SIZE_BYTES.parse().apply(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "500 ms, 500", "30s, 30000", "5m, 300000", "24h, 86400000", "7d, 604800000"})
    void durations_have_units(String text, long millis) {
        assertThat(Kind.DURATION_FROM_ZERO.parse().apply(text)).contains(Duration.ofMillis(millis));
    }

    @Test
    void every_answer_names_its_origin_and_can_be_read_again() throws IOException {
        Path file = file();
        Sources sources = new Sources(List.of(), Map.of("ENTREPOT_SERVER_PORT", "6001"), Optional.of(file))
                .with("logging.level", "warn", "--set logging.level");
        Configuration.Explained explained = Configuration.explain(sources);
        String shown = Answer.asYaml(explained.answers());

        assertThat(shown)
                .contains("\n  port: 6001  ")
                .containsPattern("\n {2}port: 6001 +# ENTREPOT_SERVER_PORT\n")
                .containsPattern("\n {2}data: /srv/entrepot +# \\Q" + file + "\\E, line 3\n")
                .containsPattern("\n {2}stopTimeout: 60s +# default\n")
                .containsPattern("\n {2}level: warn +# --set logging.level\n");
        Path again = Files.writeString(folder.resolve("again.yaml"), shown);
        assertThat(Configuration.read(Sources.NONE.withFile(again))).isEqualTo(explained.configuration());
    }

    private Path file() throws IOException {
        return Files.writeString(folder.resolve("entrepot.yaml"), FILE);
    }
}
