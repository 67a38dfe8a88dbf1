package io.entrepot.server.clients;

/** What k3s and RKE2 have to be told. */
final class K3sSteps {
    private K3sSteps() {}

    static String of(ClientFacts facts) {
        StringBuilder text = new StringBuilder("""
                k3s, for PREFIX
                /etc/rancher/k3s/registries.yaml on every node (RKE2: /etc/rancher/rke2/registries.yaml), then restart k3s
                """);
        if (facts.http() || !facts.upstreams().isEmpty()) {
            text.append("  mirrors:\n");
        }
        if (facts.http()) {
            // Without it, HTTPS is tried.
            text.append(mirror(facts.address(), facts.root()));
        }
        String endpoint = facts.root() + (facts.path().isEmpty() ? "" : "/v2" + facts.path());
        facts.upstreams().forEach(upstream -> text.append(mirror(upstream, endpoint)));
        text.append("""
                  configs:
                    "ADDRESS":
                      auth:
                        username: USER
                        password: API-KEY        # of entrepot token add USER; leave auth out where everybody may pull
                """);
        if (facts.ownAuthority()) {
            text.append("      tls:\n        ca_file: /etc/rancher/k3s/ca.crt\n");
            text.append(TrustSteps.fetch(facts.address()));
            text.append("  sudo cp ca.crt /etc/rancher/k3s/ca.crt\n");
        }
        return text.toString().replace("PREFIX", facts.prefix()).replace("ADDRESS", facts.address());
    }

    private static String mirror(String name, String endpoint) {
        return "    \"" + name + "\":\n      endpoint:\n        - \"" + endpoint + "\"\n";
    }
}
