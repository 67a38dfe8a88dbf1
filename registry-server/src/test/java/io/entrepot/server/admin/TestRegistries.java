package io.entrepot.server.admin;

import io.entrepot.core.Digest;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.RegistryId.Kind;
import io.entrepot.core.store.ProxyState.Pin;
import io.entrepot.proxy.download.Downloads.Progress;
import io.entrepot.proxy.upstream.Ledger.Figures;
import io.entrepot.proxy.upstream.Ledger.Trouble;
import io.entrepot.proxy.upstream.UpstreamState;
import io.entrepot.proxy.upstream.UpstreamState.Condition;
import io.entrepot.proxy.upstream.UpstreamState.OfSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A hosted registry, a proxy of Docker Hub and the group of both, as far as they are administered. */
public final class TestRegistries implements RegistryAdmin, ProxyControl {
    public static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));

    /** What was done, in order. */
    public final List<String> done = new ArrayList<>();

    private final Set<Pin> pins = new LinkedHashSet<>();
    private boolean blocked;

    @Override
    public List<RegistryInfo> registries() {
        return List.of(
                info("all", Kind.GROUP, true, "", List.of("private", "hub")),
                info("private", Kind.HOSTED, false, "/private", List.of()),
                info("hub", Kind.PROXY, false, "/hub", List.of()));
    }

    private static RegistryInfo info(String name, Kind kind, boolean main, String path, List<String> members) {
        boolean proxy = kind == Kind.PROXY;
        return new RegistryInfo(
                name,
                kind,
                main,
                true,
                "default",
                proxy ? List.of(URI.create("https://registry-1.docker.io")) : List.of(),
                proxy ? List.of("docker.io", "index.docker.io", "registry-1.docker.io") : List.of(),
                members,
                members.stream().findFirst(),
                new RegistryInfo.Reached(
                        List.of(URI.create("https://registry.example:5000" + path)), Optional.empty(), true));
    }

    @Override
    public Optional<ProxyControl> proxy(String name) {
        return name.equals("hub") ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Optional<GroupControl> group(String name) {
        return name.equals("all") ? Optional.of(this::explain) : Optional.empty();
    }

    private Explanation explain(RepositoryName repository, Reference reference, boolean ask) {
        String image = new ImageName(repository, reference).toString();
        Explanation.Verdict absent = new Explanation.Verdict("private", "unknown", "");
        return ask
                ? new Explanation(
                        image,
                        Optional.of("hub"),
                        Optional.of(DIGEST.toString()),
                        List.of(absent, new Explanation.Verdict("hub", "found", "")))
                : new Explanation(
                        image,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(absent, new Explanation.Verdict("hub", "not asked", "only its upstream knows")));
    }

    @Override
    public UpstreamState state() {
        Figures figures = new Figures(
                Map.of("manifest", 7L, "blob", 3L),
                4096,
                2,
                OptionalLong.of(100),
                OptionalLong.of(7),
                Optional.of(Duration.ofHours(6)),
                Optional.of(new Trouble(Instant.EPOCH, "connection refused")));
        OfSource source = new OfSource(
                "registry-1.docker.io",
                Condition.COOLING,
                Instant.EPOCH,
                Optional.of(Instant.EPOCH.plusSeconds(60)),
                figures);
        return new UpstreamState("hub", blocked, 1, 2, List.of(source));
    }

    @Override
    public List<Progress> downloads() {
        return List.of(new Progress(DIGEST, 2048, 1024, 3));
    }

    @Override
    public long heldBytes() {
        return 5L << 30;
    }

    @Override
    public long limitBytes() {
        return 10L << 30;
    }

    @Override
    public void invalidate(Optional<RepositoryName> repository) {
        done.add("invalidate " + repository.map(RepositoryName::value).orElse("all"));
    }

    @Override
    public void evict(RepositoryName repository, Reference reference) {
        if (reference.toString().equals("missing")) {
            throw RegistryException.unknownManifest(reference);
        }
        done.add("evict " + new ImageName(repository, reference));
    }

    @Override
    public void block(boolean newBlocked) {
        blocked = newBlocked;
        done.add("block " + newBlocked);
    }

    @Override
    public void reset() {
        done.add("reset");
    }

    @Override
    public void pin(RepositoryName repository, Reference reference) {
        pins.add(new Pin(repository, reference));
        done.add("pin " + new ImageName(repository, reference));
    }

    @Override
    public boolean unpin(RepositoryName repository, Reference reference) {
        return pins.remove(new Pin(repository, reference));
    }

    @Override
    public List<Pin> pins() {
        return List.copyOf(pins);
    }
}
