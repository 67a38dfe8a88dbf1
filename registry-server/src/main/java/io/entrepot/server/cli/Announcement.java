package io.entrepot.server.cli;

import io.entrepot.server.RegistryServer;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.MetadataSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;

/** What a server says when it is ready: a few lines for a person, or one line for a log. */
final class Announcement {
    private final RegistryServer server;
    private final Configuration configuration;
    private final Optional<Path> file;
    private final double seconds;

    Announcement(RegistryServer server, Configuration configuration, Optional<Path> file) {
        this.server = server;
        this.configuration = configuration;
        this.file = file;
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        this.seconds = (System.currentTimeMillis() - started) / 1000.0;
    }

    String banner() {
        return String.format(
                """

                  Entrepot %s, ready in %.1f s

                  Docker  docker push %s/team/app:1
                  Data    %s
                  Config  %s
                  Login   %s

                """,
                Version.text(),
                seconds,
                address(),
                data(),
                file.map(Path::toString).orElse("no file; entrepot config show --effective tells what holds"),
                login());
    }

    private String login() {
        if (server.access().isEmpty()) {
            return onlyHere()
                    ? "none (access.open), so it listens on "
                            + String.join(", ", configuration.server().bind()) + " only"
                    : "none (access.open): EVERYBODY who reaches " + address() + " may pull, push and delete";
        }
        return server.initialPassword()
                .map(password -> "user admin   password " + password + "   (shown once; entrepot user passwd admin)")
                .orElse("docker login " + address());
    }

    void log(Logger log) {
        server.initialPasswordFile()
                .ifPresent(f -> log.atWarn()
                        .addKeyValue("file", f)
                        .log("there is a user admin now, whose password stands in {} until it is changed", f));
        log.atInfo()
                .addKeyValue("url", server.url())
                .addKeyValue("data", data())
                .addKeyValue("config", file.map(Path::toString).orElse("none"))
                .addKeyValue("version", Version.text())
                .addKeyValue("seconds", seconds)
                .log("ready");
    }

    private boolean onlyHere() {
        return server.addresses().stream().allMatch(a -> a.getAddress().isLoopbackAddress());
    }

    /** Docker trusts 127.0.0.1 and localhost without TLS; people know the latter. */
    private String address() {
        return onlyHere() ? "localhost:" + server.port() : server.address();
    }

    private String data() {
        if (configuration.metadata().type() == MetadataSettings.Type.MEMORY) {
            return "in memory only, gone at the end";
        }
        Path data = configuration.server().data().toAbsolutePath().normalize();
        try {
            return data + " (" + (Files.getFileStore(data).getUsableSpace() >> 30) + " GiB free)";
        } catch (IOException e) {
            return data.toString();
        }
    }
}
