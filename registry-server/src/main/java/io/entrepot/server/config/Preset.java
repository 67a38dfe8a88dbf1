package io.entrepot.server.config;

import io.entrepot.core.RepositoryPattern;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A registry that many proxies stand in for, and what is special about it. Those without an address are kinds of registries
 * that people run themselves.
 */
@SuppressWarnings("ImmutableEnumChecker") // Their lists are.
public enum Preset {
    DOCKER_HUB(
            "docker-hub",
            "https://registry-1.docker.io",
            List.of("docker.io", "index.docker.io", "registry-1.docker.io"),
            true,
            List.of()),
    KUBERNETES(
            "registry.k8s.io", "https://registry.k8s.io", List.of("registry.k8s.io", "k8s.gcr.io"), false, List.of()),
    /** Google's own images were published here under these names; squatters of them elsewhere answer nobody. */
    GCR("gcr.io", "https://gcr.io", List.of("gcr.io"), false, List.of("google-containers/**", "google_containers/**")),
    ARTIFACT_REGISTRY("artifact-registry", "", List.of(), false, List.of()),
    QUAY("quay.io", "https://quay.io", List.of("quay.io"), false, List.of()),
    GITHUB("ghcr.io", "https://ghcr.io", List.of("ghcr.io"), false, List.of()),
    MICROSOFT("mcr.microsoft.com", "https://mcr.microsoft.com", List.of("mcr.microsoft.com"), false, List.of()),
    ECR_PUBLIC("ecr-public", "https://public.ecr.aws", List.of("public.ecr.aws"), false, List.of()),
    GITLAB("gitlab", "https://registry.gitlab.com", List.of("registry.gitlab.com"), false, List.of()),
    HARBOR("harbor", "", List.of(), false, List.of()),
    NEXUS("nexus", "", List.of(), false, List.of()),
    ARTIFACTORY("artifactory", "", List.of(), false, List.of());

    private final String word;
    private final Optional<URI> remote;
    private final List<String> hosts;
    private final boolean officialLibrary;
    private final List<RepositoryPattern> owns;

    Preset(String word, String remote, List<String> hosts, boolean officialLibrary, List<String> owns) {
        this.word = word;
        this.remote = remote.isEmpty() ? Optional.empty() : Optional.of(URI.create(remote));
        this.hosts = hosts;
        this.officialLibrary = officialLibrary;
        this.owns = owns.stream().map(RepositoryPattern::new).toList();
    }

    /** As the settings call it. */
    public String word() {
        return word;
    }

    public Optional<URI> remote() {
        return remote;
    }

    /** Under which it is known in names of images, today's first. */
    public List<String> hosts() {
        return hosts;
    }

    /** Whether a name of one component stands for one below {@code library/}. */
    public boolean officialLibrary() {
        return officialLibrary;
    }

    /** Names that in a group only it may be asked for. */
    public List<RepositoryPattern> owns() {
        return owns;
    }

    static Kind<Preset> kind() {
        return Kind.choice(Arrays.stream(values()).map(Preset::word).toList())
                .to(word -> Arrays.stream(values())
                        .filter(preset -> preset.word.equals(word))
                        .findFirst()
                        .orElseThrow());
    }
}
