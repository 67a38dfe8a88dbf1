package io.entrepot.core.hosted;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.store.MetadataStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The referrers of a subject: those that name it, and those that a client without the referrers API listed in an index
 * tagged {@code <algorithm>-<hex>} (distribution specification, "Referrers Tag Schema" and "Enabling the Referrers API").
 */
final class Referrers {
    private final MetadataStore metadata;
    private final RepositoryName repository;

    Referrers(MetadataStore metadata, RepositoryName repository) {
        this.metadata = metadata;
        this.repository = repository;
    }

    Page<Descriptor> of(Digest subject, Set<MediaType> types, PageRequest page) {
        Page<Descriptor> named = metadata.referrers(repository, subject, types, page);
        List<Descriptor> tagged = tagged(subject).stream()
                .filter(d -> types.isEmpty()
                        || d.artifactType().filter(types::contains).isPresent())
                .filter(d -> page.last().isEmpty()
                        || d.digest().toString().compareTo(page.last().get()) > 0)
                .toList();
        return tagged.isEmpty() ? named : merge(named, tagged, page.limit());
    }

    private List<Descriptor> tagged(Digest subject) {
        return metadata.manifest(repository, fallbackTag(subject), Reach.LOCAL)
                .filter(m -> m.mediaType().equals(MediaType.OCI_INDEX))
                .map(Manifest::links)
                .map(links -> links.children())
                .orElse(List.of());
    }

    /** Tags have at most 128 characters, of which the encoded part of a digest takes at most 64 here. */
    private static Tag fallbackTag(Digest subject) {
        String hex = subject.hex();
        return new Tag(subject.algorithm().label() + "-" + hex.substring(0, Math.min(64, hex.length())));
    }

    /** By digest; what names the subject itself knows better than a list that a client wrote. */
    private static Page<Descriptor> merge(Page<Descriptor> named, List<Descriptor> tagged, int limit) {
        Map<String, Descriptor> byDigest = new TreeMap<>();
        Optional<String> end = named.more()
                ? Optional.of(
                        named.items().get(named.items().size() - 1).digest().toString())
                : Optional.empty();
        for (Descriptor d : tagged) {
            String digest = d.digest().toString();
            if (end.isEmpty() || digest.compareTo(end.get()) <= 0) {
                byDigest.put(digest, d);
            }
        }
        named.items().forEach(d -> byDigest.put(d.digest().toString(), d));
        Page<Descriptor> page = Page.cut(List.copyOf(byDigest.values()), limit);
        return new Page<>(page.items(), page.more() || named.more());
    }
}
