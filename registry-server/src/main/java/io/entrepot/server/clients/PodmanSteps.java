package io.entrepot.server.clients;

/** What podman, skopeo, buildah and CRI-O have to be told. */
final class PodmanSteps {
    private PodmanSteps() {}

    static String of(ClientFacts facts) {
        StringBuilder text = new StringBuilder("""
                podman, skopeo, buildah, CRI-O, for PREFIX
                  podman login ADDRESS -u USER        with a password, or an API key of entrepot token add USER
                  podman pull EXAMPLE
                """);
        if (facts.http() || !facts.upstreams().isEmpty()) {
            text.append("/etc/containers/registries.conf.d/entrepot.conf; nothing has to be restarted but CRI-O\n");
        }
        if (facts.http()) {
            text.append("""
                      [[registry]]
                      location = "ADDRESS"
                      insecure = true
                    """);
        }
        facts.upstreams().forEach(upstream -> text.append(mirror(facts, upstream)));
        if (!facts.upstreams().isEmpty()) {
            text.append("""
                    Their images, by their own names, come from here first, with the login of here, and from there if this
                    cannot be reached.
                    """);
        }
        if (facts.ownAuthority()) {
            text.append(TrustSteps.fetch(facts.address())).append(TrustSteps.podman(facts.address()));
        }
        return text.toString()
                .replace("PREFIX", facts.prefix())
                .replace("ADDRESS", facts.address())
                .replace("EXAMPLE", facts.example());
    }

    /** Below the path of its name, where it can be one: no part of an image's name has a port. */
    private static String mirror(ClientFacts facts, String upstream) {
        if (facts.main() && upstream.contains(":")) {
            return "";
        }
        String text = """
                  [[registry]]
                  prefix = "UPSTREAM"
                  location = "UPSTREAM"
                  [[registry.mirror]]
                  location = "LOCATION"
                """.replace("UPSTREAM", upstream).replace("LOCATION", facts.prefixOf(upstream));
        return text + (facts.http() ? "  insecure = true\n" : "");
    }
}
