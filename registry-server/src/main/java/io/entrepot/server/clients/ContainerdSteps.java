package io.entrepot.server.clients;

/** What containerd has to be told: on Kubernetes nodes, and for nerdctl. */
final class ContainerdSteps {
    private static final String INTRODUCTION = """
            containerd, for PREFIX
            In /etc/containerd/config.toml, once, one of both; then sudo systemctl restart containerd
              [plugins."io.containerd.cri.v1.images".registry]        # containerd 2
                config_path = "/etc/containerd/certs.d"
              [plugins."io.containerd.grpc.v1.cri".registry]          # containerd 1
                config_path = "/etc/containerd/certs.d"
            What is below that folder is read with each pull: nothing has to be restarted.

            """;
    private static final String SELF = """
            /etc/containerd/certs.d/ADDRESS/hosts.toml
              server = "ROOT"
              [host."ROOT"]
                capabilities = ["pull", "resolve", "push"]
            """;
    private static final String MIRRORS = """

            Images of other registries, by their own names, come from here first and from there if this cannot be reached.
            Here everybody has to be allowed to pull them (anonymousPull), or a header has to say who pulls:
              [host."HOST".header]
                authorization = "Basic BASE64 OF USER:API-KEY"
            """;
    private static final String DEFAULT = """

            Or one file for all others; what this server does not stand in for is fetched where it is, as before.
            /etc/containerd/certs.d/_default/hosts.toml
              [host."HOST"]
                capabilities = ["pull", "resolve"]
            """;

    private ContainerdSteps() {}

    static String of(ClientFacts facts) {
        StringBuilder text = new StringBuilder(INTRODUCTION).append(SELF);
        if (facts.ownAuthority()) {
            text.append(ca(facts));
        }
        if (!facts.upstreams().isEmpty()) {
            text.append(MIRRORS);
            facts.upstreams().forEach(upstream -> text.append(mirror(facts, upstream)));
        }
        // Elsewhere nobody looks at whose images are asked for, and Docker Hub would answer for everybody.
        if (facts.main() && !facts.upstreams().isEmpty()) {
            text.append(DEFAULT);
            if (facts.ownAuthority()) {
                text.append(ca(facts));
            }
        }
        if (facts.ownAuthority()) {
            text.append('\n').append(TrustSteps.fetch(facts.address()));
            text.append("  sudo cp ca.crt /etc/containerd/certs.d/ADDRESS/ca.crt\n");
        }
        return text.toString()
                .replace("PREFIX", facts.prefix())
                .replace("ADDRESS", facts.address())
                .replace("ROOT", facts.root())
                .replace("HOST", host(facts));
    }

    private static String mirror(ClientFacts facts, String upstream) {
        String server = upstream.equals(ClientFacts.DOCKER_HUB) ? "registry-1.docker.io" : upstream;
        String text = """

                /etc/containerd/certs.d/UPSTREAM/hosts.toml
                  server = "https://SERVER"
                  [host."HOST"]
                    capabilities = ["pull", "resolve"]
                """.replace("UPSTREAM", upstream).replace("SERVER", server);
        String path = facts.path().isEmpty() ? "" : "    override_path = true\n";
        return text + path + (facts.ownAuthority() ? ca(facts) : "");
    }

    private static String host(ClientFacts facts) {
        return facts.root() + (facts.path().isEmpty() ? "" : "/v2" + facts.path());
    }

    private static String ca(ClientFacts facts) {
        return "    ca = \"/etc/containerd/certs.d/" + facts.address() + "/ca.crt\"\n";
    }
}
