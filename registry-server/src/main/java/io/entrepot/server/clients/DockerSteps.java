package io.entrepot.server.clients;

import java.util.ArrayList;
import java.util.List;

/** What Docker has to be told. */
final class DockerSteps {
    private DockerSteps() {}

    static String of(ClientFacts facts) {
        StringBuilder text = new StringBuilder("""
                Docker, for PREFIX
                  docker login ADDRESS -u USER        with a password, or an API key of entrepot token add USER
                  docker pull EXAMPLE
                """);
        List<String> settings = settings(facts);
        if (!settings.isEmpty()) {
            text.append(
                    "In /etc/docker/daemon.json, beside what is there; then sudo systemctl reload docker\n  {\n    ");
            text.append(String.join(",\n    ", settings));
            text.append("\n  }\n");
        }
        if (facts.standsIn(ClientFacts.DOCKER_HUB)) {
            text.append(facts.mirror().isPresent() ? """
                            With registry-mirrors, docker pull alpine comes from here, too. Docker shows a mirror no
                            credentials: it is a port at which everybody may pull.
                            """ : """
                            For docker pull alpine to come from here, too, Docker's registry-mirrors needs a port at which
                            everybody may pull: set registries.REGISTRY.connectors.mirror on the server.
                            """);
        }
        if (facts.ownAuthority()) {
            text.append(TrustSteps.fetch(facts.address())).append(TrustSteps.docker(facts.address()));
        }
        return text.toString()
                .replace("PREFIX", facts.prefix())
                .replace("ADDRESS", facts.address())
                .replace("EXAMPLE", facts.example())
                .replace("REGISTRY", facts.registry());
    }

    /** Docker allows HTTP to this very machine by itself, which does no harm here. */
    private static List<String> settings(ClientFacts facts) {
        List<String> settings = new ArrayList<>();
        if (facts.http()) {
            settings.add("\"insecure-registries\": [\"" + facts.address() + "\"]");
        }
        // It is asked for Docker Hub's images only.
        facts.mirror()
                .filter(mirror -> facts.standsIn(ClientFacts.DOCKER_HUB))
                .ifPresent(mirror -> settings.add("\"registry-mirrors\": [\"" + mirror + "\"]"));
        return settings;
    }
}
