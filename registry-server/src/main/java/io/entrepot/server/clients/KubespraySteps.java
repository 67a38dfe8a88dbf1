package io.entrepot.server.clients;

import java.util.LinkedHashMap;
import java.util.Map;

/** The variables of Kubespray, so that a cluster is made of images that come from here. */
final class KubespraySteps {
    private static final String HOST = "{{ registry_host }}";
    private static final Map<String, String> VARIABLES = variables();

    private KubespraySteps() {}

    private static Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("kube_image_repo", "registry.k8s.io");
        variables.put("gcr_image_repo", "gcr.io");
        variables.put("docker_image_repo", "docker.io");
        variables.put("quay_image_repo", "quay.io");
        variables.put("github_image_repo", "ghcr.io");
        return variables;
    }

    static String of(ClientFacts facts) {
        StringBuilder text = new StringBuilder("""
                Kubespray, for PREFIX
                inventory/CLUSTER/group_vars/all/offline.yml
                  registry_host: "ADDRESS"
                """);
        VARIABLES.forEach((variable, upstream) -> text.append(
                facts.standsIn(upstream)
                        ? "  " + variable + ": \"" + facts.prefixOf(upstream).replace(facts.address(), HOST) + "\"\n"
                        : "  # " + variable + ": nothing here stands in for " + upstream + "\n"));
        text.append("""
                inventory/CLUSTER/group_vars/all/containerd.yml
                  containerd_registries_mirrors:
                    - prefix: "ADDRESS"
                      mirrors:
                        - host: "ROOT"
                          capabilities: ["pull", "resolve"]
                          skip_verify: false
                  containerd_registry_auth:        # leave it out where everybody may pull
                    - registry: "ADDRESS"
                      username: USER
                      password: API-KEY            # of entrepot token add USER
                """);
        if (facts.ownAuthority()) {
            text.append(TrustSteps.fetch(facts.address()));
            text.append("Every node has to trust it before the first run:\n").append(TrustSteps.machine());
        }
        return text.toString()
                .replace("PREFIX", facts.prefix())
                .replace("ADDRESS", facts.address())
                .replace("ROOT", facts.root());
    }
}
