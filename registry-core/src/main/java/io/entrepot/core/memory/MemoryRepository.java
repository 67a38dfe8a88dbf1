package io.entrepot.core.memory;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Links;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One repository of a {@link MemoryMetadata}: its manifests and tags, and what those refer to. The store's lock guards it. */
final class MemoryRepository {
    private final RepositoryName name;
    private final Map<Digest, Held> manifests = new LinkedHashMap<>();
    private final NavigableMap<String, Digest> tags = new TreeMap<>();
    /** How many manifests here refer to a digest as their config, layer or child. */
    private final Map<Digest, Integer> mentions = new HashMap<>();
    /** By subject, then by the manifest's digest. */
    private final Map<Digest, NavigableMap<String, Descriptor>> referrers = new HashMap<>();
    /** When each manifest was last read, else stored. */
    private final Map<Digest, Instant> used = new HashMap<>();

    private record Held(Manifest manifest, Links links) {
        Set<Digest> mentioned() {
            return Stream.of(links.config().stream(), links.layers().stream(), links.children().stream())
                    .flatMap(s -> s)
                    .map(Descriptor::digest)
                    .collect(Collectors.toSet());
        }
    }

    MemoryRepository(RepositoryName name) {
        this.name = name;
    }

    RepositoryName name() {
        return name;
    }

    boolean isEmpty() {
        return manifests.isEmpty();
    }

    boolean mentions(Digest digest) {
        return mentions.containsKey(digest);
    }

    Optional<Manifest> manifest(Digest digest) {
        return Optional.ofNullable(manifests.get(digest)).map(Held::manifest);
    }

    Optional<Digest> tagged(Tag tag) {
        return Optional.ofNullable(tags.get(tag.name()));
    }

    NavigableMap<String, Digest> tags() {
        return tags;
    }

    /** Whose subject is {@code subject}, by the text of their digests. */
    NavigableMap<String, Descriptor> referrers(Digest subject, Set<MediaType> types) {
        NavigableMap<String, Descriptor> all = referrers.getOrDefault(subject, new TreeMap<>());
        if (types.isEmpty()) {
            return all;
        }
        NavigableMap<String, Descriptor> some = new TreeMap<>(all);
        some.values().removeIf(d -> d.artifactType().filter(types::contains).isEmpty());
        return some;
    }

    void put(Manifest manifest, Links links, Collection<Tag> newTags, Instant now) {
        Held held = new Held(manifest, links);
        if (manifests.putIfAbsent(manifest.digest(), held) == null) {
            used.put(manifest.digest(), now);
            held.mentioned().forEach(d -> mentions.merge(d, 1, Integer::sum));
            links.subject()
                    .ifPresent(subject -> referrers
                            .computeIfAbsent(subject.digest(), d -> new TreeMap<>())
                            .put(manifest.digest().toString(), links.asReferrer(manifest.descriptor())));
        }
        newTags.forEach(tag -> tags.put(tag.name(), manifest.digest()));
    }

    /** Every manifest, and when it was last read or else stored. */
    Map<Digest, Instant> used() {
        return Collections.unmodifiableMap(used);
    }

    void touch(Digest manifest, Instant at) {
        used.computeIfPresent(manifest, (digest, before) -> at.isAfter(before) ? at : before);
    }

    /** What a manifest here refers to as its config, layer or child. */
    Set<Digest> mentioned(Digest manifest) {
        return Optional.ofNullable(manifests.get(manifest)).map(Held::mentioned).orElse(Set.of());
    }

    /** A blob as some manifest here refers to it. */
    Optional<Descriptor> referred(Digest blob) {
        if (!mentions(blob)) {
            return Optional.empty();
        }
        return manifests.values().stream()
                .flatMap(held -> held.links().blob(blob).stream())
                .findFirst();
    }

    boolean untag(Tag tag) {
        return tags.remove(tag.name()) != null;
    }

    boolean remove(Digest digest) {
        Held held = manifests.remove(digest);
        if (held == null) {
            return false;
        }
        used.remove(digest);
        tags.values().removeIf(digest::equals);
        held.mentioned().forEach(d -> mentions.computeIfPresent(d, (key, count) -> count == 1 ? null : count - 1));
        held.links()
                .subject()
                .ifPresent(subject -> referrers.computeIfPresent(subject.digest(), (key, list) -> {
                    list.remove(digest.toString());
                    return list.isEmpty() ? null : list;
                }));
        return true;
    }
}
