package io.entrepot.server.clients;

import java.util.function.Function;

/** The kinds of clients, and what to do on each. */
@SuppressWarnings("ImmutableEnumChecker") // The functions are of nothing but their argument.
public enum ClientSteps {
    DOCKER("docker", DockerSteps::of),
    CONTAINERD("containerd", ContainerdSteps::of),
    PODMAN("podman", PodmanSteps::of),
    K3S("k3s", K3sSteps::of),
    KUBESPRAY("kubespray", KubespraySteps::of),
    HELM("helm", HelmSteps::of),
    NGINX("nginx", NginxSteps::of);

    private final String word;
    private final Function<ClientFacts, String> text;

    ClientSteps(String word, Function<ClientFacts, String> text) {
        this.word = word;
        this.text = text;
    }

    /** As commands and requests call it. */
    public String word() {
        return word;
    }

    /** Lines, ready to be copied. */
    public String text(ClientFacts facts) {
        return text.apply(facts);
    }
}
