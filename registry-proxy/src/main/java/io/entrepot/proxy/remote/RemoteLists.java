package io.entrepot.proxy.remote;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.ListingReader;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The three lists of a remote registry: tags, repositories, referrers. */
final class RemoteLists {
    private final Sender sender;
    private final Call call;

    RemoteLists(Sender sender, Call call) {
        this.sender = sender;
        this.call = call;
    }

    Page<Tag> tags(RepositoryName name, PageRequest page) {
        return new PagedList<>(
                        sender,
                        call,
                        paging -> new Endpoint.TagList(name, paging),
                        (reply, body) -> ListingReader.tags(body),
                        Tag::name,
                        () -> RegistryException.unknownName(name))
                .page(page);
    }

    Page<RepositoryName> repositories(PageRequest page) {
        return new PagedList<>(
                        sender,
                        call,
                        Endpoint.Catalog::new,
                        (reply, body) -> ListingReader.catalog(body),
                        RepositoryName::value,
                        () -> new RegistryException.Unsupported("the remote registry does not list its repositories"))
                .page(page);
    }

    /** Read whole at each call: nothing says in which order a registry lists them, and few have many. */
    Page<Descriptor> referrers(RepositoryName name, Digest subject, Set<MediaType> types, PageRequest page) {
        return PagedList.cut(referrers(name, subject, types), d -> d.digest().toString(), page);
    }

    private List<Descriptor> referrers(RepositoryName name, Digest subject, Set<MediaType> types) {
        // Of several types some registries look at the first alone.
        Set<MediaType> asked = types.size() == 1 ? types : Set.of();
        try {
            return new PagedList<>(
                            sender,
                            call,
                            paging -> new Endpoint.Referrers(name, subject, asked, paging),
                            (reply, body) -> filtered(
                                    ListingReader.referrers(body), isFiltered(reply, asked) ? Set.of() : types),
                            d -> d.digest().toString(),
                            () -> RegistryException.unknownName(name))
                    .whole();
        } catch (RegistryException.Unknown | RegistryException.Unsupported e) {
            return filtered(tagged(name, subject), types);
        }
    }

    private static boolean isFiltered(Reply reply, Set<MediaType> asked) {
        return !asked.isEmpty()
                && reply.header("OCI-Filters-Applied").toLowerCase(Locale.ROOT).contains("artifacttype");
    }

    private static List<Descriptor> filtered(List<Descriptor> all, Set<MediaType> types) {
        return types.isEmpty()
                ? all
                : all.stream()
                        .filter(d -> d.artifactType().filter(types::contains).isPresent())
                        .toList();
    }

    /** Those that clients listed in an index of their own, where the registry does not know the subject of anything. */
    private List<Descriptor> tagged(RepositoryName name, Digest subject) {
        try {
            Manifest index = new RemoteManifests(name, sender, call).get(fallbackTag(subject));
            return index.mediaType().equals(MediaType.OCI_INDEX) ? ListingReader.referrers(bytes(index)) : List.of();
        } catch (RegistryException.Unknown e) {
            return List.of();
        }
    }

    /** "Referrers Tag Schema" of the distribution specification: tags are shorter than some digests. */
    private static Tag fallbackTag(Digest subject) {
        String hex = subject.hex();
        return new Tag(subject.algorithm().label() + "-" + hex.substring(0, Math.min(64, hex.length())));
    }

    private static byte[] bytes(Manifest manifest) {
        byte[] bytes = new byte[manifest.size()];
        manifest.bytes().get(bytes);
        return bytes;
    }
}
