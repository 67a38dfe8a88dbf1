package io.entrepot.proxy.remote;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.wire.Endpoint;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the manifests of a remote repository, and compares what was sent with what was said of it. */
final class RemoteManifests {
    /**
     * All that there are, by name: some registries show an OCI manifest only to those who name its type. The same for
     * everybody, since registries choose by it what a tag means.
     */
    static final String ACCEPT = String.join(
            ", ",
            MediaType.OCI_INDEX.value(),
            MediaType.OCI_MANIFEST.value(),
            MediaType.DOCKER_LIST.value(),
            MediaType.DOCKER_MANIFEST.value(),
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "application/vnd.docker.distribution.manifest.v1+json",
            "*/*");

    /** Its digest, as registries count it, is over a part of its bytes only. */
    private static final MediaType SIGNED_SCHEMA_1 =
            new MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws");

    /** What servers say that do not know what they serve. */
    private static final Set<String> GENERIC =
            Set.of("application/json", "application/octet-stream", "binary/octet-stream", "text/html", "text/plain");

    private final RepositoryName name;
    private final Sender sender;
    private final Call call;

    RemoteManifests(RepositoryName name, Sender sender, Call call) {
        this.name = name;
        this.sender = sender;
        this.call = call;
    }

    Manifest get(Reference reference) {
        return sender.read(request("GET", reference), call, reply -> {
            sender.require(200, reply, () -> RegistryException.unknownManifest(reference));
            return checked(reference, reply, reply.bytes(Manifest.MAX_BYTES));
        });
    }

    /** By HEAD, which limits of pulls do not count; by GET if the answer to that does not settle it. */
    Descriptor resolve(Reference reference) {
        return sender.read(request("HEAD", reference), call, reply -> said(reference, reply))
                .orElseGet(() -> get(reference).descriptor());
    }

    private Outgoing request(String method, Reference reference) {
        return Sender.to(method, new Endpoint.ManifestAt(name, reference)).with("Accept", ACCEPT);
    }

    private Manifest checked(Reference reference, Reply reply, byte[] bytes) {
        if (bytes.length == 0) {
            throw Refusals.nonsense("it sent nothing where a manifest should be");
        }
        Optional<Digest> said = Headers.digest(reply);
        Digest.Algorithm algorithm = reference instanceof Digest asked
                ? asked.algorithm()
                : said.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
        Manifest manifest = Manifest.of(type(reply, bytes), algorithm, bytes);
        if (reference instanceof Digest && !manifest.digest().equals(reference)) {
            throw Refusals.corrupt("manifest " + reference + " came with the bytes of " + manifest.digest());
        }
        if (said.isPresent()
                && !manifest.mediaType().equals(SIGNED_SCHEMA_1)
                && !said.get().equals(digest(manifest, said.get()))) {
            throw Refusals.corrupt("manifest " + reference + " came with the bytes of " + manifest.digest()
                    + " and was said to be " + said.get());
        }
        return manifest;
    }

    /** By the algorithm of the one that was said. */
    private static Digest digest(Manifest manifest, Digest said) {
        return manifest.digest().algorithm() == said.algorithm()
                ? manifest.digest()
                : Digest.of(said.algorithm(), manifest.bytes());
    }

    private static MediaType type(Reply reply, byte[] bytes) {
        Optional<MediaType> type = Headers.type(reply);
        if (type.isPresent() && !GENERIC.contains(type.get().value())) {
            return type.get();
        }
        try {
            return Manifest.typeOf(bytes);
        } catch (RegistryException.Invalid e) {
            throw Refusals.nonsense("it sent something else where a manifest should be");
        }
    }

    /** Empty if only a GET can tell. */
    private Optional<Descriptor> said(Reference reference, Reply reply) {
        if (RemoteBlobs.unsure(reply.status())) {
            return Optional.empty();
        }
        sender.require(200, reply, () -> RegistryException.unknownManifest(reference));
        Optional<Digest> digest = Headers.digest(reply);
        Optional<MediaType> type =
                Headers.type(reply).filter(t -> !GENERIC.contains(t.value()) && !t.equals(SIGNED_SCHEMA_1));
        OptionalLong size = Headers.length(reply);
        if (digest.isEmpty()
                || type.isEmpty()
                || size.isEmpty()
                || size.getAsLong() == 0
                || size.getAsLong() > Manifest.MAX_BYTES) {
            return Optional.empty();
        }
        if (reference instanceof Digest asked && !asked.equals(digest.get())) {
            if (asked.algorithm() == digest.get().algorithm()) {
                throw Refusals.corrupt("manifest " + asked + " was said to be " + digest.get());
            }
            return Optional.empty();
        }
        return Optional.of(new Descriptor(type.get(), digest.get(), size.getAsLong()));
    }
}
