package io.entrepot.core.wire;

import io.entrepot.core.Digest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a request addresses: every route of the distribution specification, its parts checked. The server parses them
 * and the client renders them.
 */
public sealed interface Endpoint {
    /**
     * The parameter by which containerd tells a mirror which registry it stands in for. No endpoint has it, and any may
     * bring it.
     */
    String NAMESPACE = "ns";

    /** What a raw query names there, decoded; a host name, perhaps with a port, if anything that makes sense. */
    static Optional<String> namespace(String rawQuery) {
        return Query.parse(rawQuery).first(NAMESPACE).filter(name -> !name.isEmpty());
    }

    /**
     * Reads a request line's path and query, neither of them decoded; an absent query is empty.
     *
     * @param method decides which errors a reference deserves: what cannot exist is unknown to a reader and invalid to
     *     a writer
     * @throws RegistryException.Invalid with NAME_INVALID for a path that anybody could understand as another one, and
     *     with the part's own code for a part that is malformed
     * @throws RegistryException.Unknown for a path that is none of ours
     */
    static Endpoint parse(String method, String rawPath, String rawQuery) {
        return new EndpointParser(method, rawPath, Query.parse(rawQuery)).parse();
    }

    /** Path and query, percent-encoded: what {@link #parse} reads. */
    String render();

    /** The methods that it has, as in {@code Allow}. Whether it takes them is for the repository to say. */
    Set<String> methods();

    /** What a token must be good for to do this: what the challenge asks for, by the names that the client used. */
    List<Scope> scopes(String method);

    /** An endpoint within one repository. */
    sealed interface InRepository extends Endpoint {
        RepositoryName name();
    }

    /** {@code /v2/}: says that this is a registry, and whether one must log in. */
    record Base() implements Endpoint {
        @Override
        public String render() {
            return "/v2/";
        }

        @Override
        public Set<String> methods() {
            return Methods.READ;
        }

        @Override
        public List<Scope> scopes(String method) {
            return List.of();
        }
    }

    /** The names of repositories. */
    record Catalog(Paging paging) implements Endpoint {
        @Override
        public String render() {
            return paging.addTo(new UriBuilder("/v2/_catalog")).toString();
        }

        @Override
        public Set<String> methods() {
            return Methods.READ;
        }

        @Override
        public List<Scope> scopes(String method) {
            return List.of(Scope.CATALOG);
        }
    }

    /** The extensions of a repository, or of the whole registry. */
    record Extensions(Optional<RepositoryName> in) implements Endpoint {
        @Override
        public String render() {
            return "/v2/" + in.map(name -> name + "/").orElse("") + "_oci/ext/discover";
        }

        @Override
        public Set<String> methods() {
            return Methods.READ;
        }

        @Override
        public List<Scope> scopes(String method) {
            return in.map(name -> List.of(Scope.repository(name.value(), Scope.PULL)))
                    .orElse(List.of());
        }
    }

    /** The tags of a repository. */
    record TagList(RepositoryName name, Paging paging) implements InRepository {
        @Override
        public String render() {
            return paging.addTo(new UriBuilder("/v2/" + name + "/tags/list")).toString();
        }

        @Override
        public Set<String> methods() {
            return Methods.READ;
        }

        @Override
        public List<Scope> scopes(String method) {
            return Methods.scopes(name, method);
        }
    }

    /**
     * A manifest. The further tags of a push by digest, and the digest of a push by tag, are empty for all other
     * requests.
     */
    record ManifestAt(RepositoryName name, Reference reference, List<Tag> tags, Optional<Digest> digest)
            implements InRepository {
        public ManifestAt {
            tags = List.copyOf(tags);
            if (reference instanceof Tag && !tags.isEmpty()) {
                throw RegistryException.invalidManifest("further tags can be set by a push under a digest only");
            }
            if (reference instanceof Digest && digest.isPresent()) {
                throw RegistryException.invalidDigest("the digest stands in the path already");
            }
        }

        public ManifestAt(RepositoryName name, Reference reference) {
            this(name, reference, List.of(), Optional.empty());
        }

        @Override
        public String render() {
            UriBuilder uri = new UriBuilder("/v2/" + name + "/manifests/" + reference);
            tags.forEach(tag -> uri.add("tag", tag.name()));
            digest.ifPresent(d -> uri.add("digest", d.toString()));
            return uri.toString();
        }

        @Override
        public Set<String> methods() {
            return Methods.MANIFEST;
        }

        @Override
        public List<Scope> scopes(String method) {
            return Methods.scopes(name, method);
        }
    }

    /** A blob. */
    record BlobAt(RepositoryName name, Digest digest) implements InRepository {
        @Override
        public String render() {
            return "/v2/" + name + "/blobs/" + digest;
        }

        @Override
        public Set<String> methods() {
            return Methods.BLOB;
        }

        @Override
        public List<Scope> scopes(String method) {
            return Methods.scopes(name, method);
        }
    }

    /**
     * Where uploads begin.
     *
     * @param mount the blob to take from another repository, if possible
     * @param from that repository; any that the client may read if empty. Never there without {@code mount}
     * @param digest of the bytes that the request itself brings, if it brings the whole blob
     * @param algorithm a hint at the digest to come
     */
    record UploadStart(
            RepositoryName name,
            Optional<Digest> mount,
            Optional<RepositoryName> from,
            Optional<Digest> digest,
            Optional<Digest.Algorithm> algorithm)
            implements InRepository {
        public UploadStart {
            if (mount.isEmpty() && from.isPresent()) {
                throw new IllegalArgumentException("nothing to mount from " + from.get());
            }
        }

        public UploadStart(RepositoryName name) {
            this(name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        @Override
        public String render() {
            UriBuilder uri = new UriBuilder("/v2/" + name + "/blobs/uploads/");
            mount.ifPresent(d -> uri.add("mount", d.toString()));
            from.ifPresent(n -> uri.add("from", n.value()));
            digest.ifPresent(d -> uri.add("digest", d.toString()));
            algorithm.ifPresent(a -> uri.add("digest-algorithm", a.label()));
            return uri.toString();
        }

        @Override
        public Set<String> methods() {
            return Methods.UPLOADS;
        }

        @Override
        public List<Scope> scopes(String method) {
            List<Scope> scopes = new ArrayList<>(Methods.scopes(name, method));
            from.ifPresent(source -> scopes.add(Scope.repository(source.value(), Scope.PULL)));
            return scopes;
        }
    }

    /** An upload that has begun; the digest is there when a request completes it. */
    record UploadAt(RepositoryName name, UploadId id, Optional<Digest> digest) implements InRepository {
        public UploadAt(RepositoryName name, UploadId id) {
            this(name, id, Optional.empty());
        }

        @Override
        public String render() {
            UriBuilder uri = new UriBuilder("/v2/" + name + "/blobs/uploads/" + id);
            digest.ifPresent(d -> uri.add("digest", d.toString()));
            return uri.toString();
        }

        @Override
        public Set<String> methods() {
            return Methods.UPLOAD;
        }

        @Override
        public List<Scope> scopes(String method) {
            // All of an upload is part of a push, its cancelling too.
            return Methods.scopes(name, "PUT");
        }
    }

    /** The manifests that have a subject; of these artifact types only, unless there are none. */
    record Referrers(RepositoryName name, Digest subject, Set<MediaType> types, Paging paging) implements InRepository {
        public Referrers {
            types = Set.copyOf(types);
        }

        @Override
        public String render() {
            UriBuilder uri = new UriBuilder("/v2/" + name + "/referrers/" + subject);
            types.stream().sorted().forEach(type -> uri.add("artifactType", type.value()));
            return paging.addTo(uri).toString();
        }

        @Override
        public Set<String> methods() {
            return Methods.READ;
        }

        @Override
        public List<Scope> scopes(String method) {
            return Methods.scopes(name, method);
        }
    }
}
