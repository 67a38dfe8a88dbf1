package io.entrepot.proxy.testkit;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.UploadRange;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The answers of a registry to those who push and delete. */
final class PushTruth {
    /** Where registries that name their uploads in ways of their own keep them; the query must be the latest one. */
    private static final String OPAQUE = "/somewhere/else/";

    private final Registry registry;
    private final Map<UploadId, Integer> steps = new ConcurrentHashMap<>();
    private volatile Optional<UnaryOperator<String>> opaque = Optional.empty();

    PushTruth(Registry registry) {
        this.registry = registry;
    }

    /** @param url makes a Location of a path */
    void opaque(UnaryOperator<String> url) {
        opaque = Optional.of(url);
    }

    boolean isOpaque(String path) {
        return path.startsWith(OPAQUE);
    }

    /** Of an upload under its other name: {@code /somewhere/else/<id>/<repository>?state=<step>}. */
    Answer toOpaque(Exchange request, String path) {
        String[] parts = path.substring(OPAQUE.length()).split("/", 2);
        UploadId id = UploadId.parse(parts[0].replace('~', '-'));
        String state = "state=" + steps.getOrDefault(id, -1);
        if (!request.query().startsWith(state)) {
            return new Answer(400)
                    .json("{\"errors\":[{\"code\":\"BLOB_UPLOAD_INVALID\",\"message\":\"stale state\"}]}");
        }
        Optional<Digest> digest = request.query().contains("&digest=")
                ? Optional.of(Digest.parse(request.query().split("&digest=", 2)[1]))
                : Optional.empty();
        return upload(request, new Endpoint.UploadAt(new RepositoryName(parts[1]), id, digest));
    }

    Answer to(Exchange request, Endpoint endpoint) {
        if (endpoint instanceof Endpoint.UploadStart start) {
            return start(start);
        } else if (endpoint instanceof Endpoint.UploadAt at) {
            return upload(request, at);
        } else if (endpoint instanceof Endpoint.ManifestAt at) {
            return manifest(request, at);
        } else if (endpoint instanceof Endpoint.BlobAt at && request.method().equals("DELETE")) {
            repository(at.name()).deleteBlob(at.digest());
            return new Answer(202);
        }
        throw new RegistryException.Unsupported("this upstream does not do that");
    }

    private Repository repository(RepositoryName name) {
        return registry.repository(name, Call.internal());
    }

    private Answer start(Endpoint.UploadStart start) {
        if (start.mount().isPresent() && start.from().isPresent()) {
            Optional<Descriptor> mounted = repository(start.name())
                    .mount(start.mount().get(), repository(start.from().get()));
            if (mounted.isPresent()) {
                return created(
                        "/v2/" + start.name() + "/blobs/" + mounted.get().digest(),
                        mounted.get().digest());
            }
        }
        try (Upload upload = repository(start.name()).upload(UploadHints.NONE)) {
            return held(202, start.name(), upload.id(), 0);
        }
    }

    private Answer upload(Exchange request, Endpoint.UploadAt at) {
        Repository repository = repository(at.name());
        if (request.method().equals("GET")) {
            return held(204, at.name(), at.id(), repository.status(at.id()).offset());
        }
        try (Upload upload = repository.resume(at.id())) {
            if (request.method().equals("DELETE")) {
                upload.cancel();
                return new Answer(204);
            }
            long offset = request.header("Content-Range")
                    .map(range -> UploadRange.parse(range, upload.offset()).offset())
                    .orElse(upload.offset());
            upload.append(offset, ByteBuffer.wrap(request.body()));
            if (request.method().equals("PATCH")) {
                return held(202, at.name(), at.id(), upload.offset());
            }
            Digest digest = at.digest().orElseThrow(() -> RegistryException.invalidDigest("no digest"));
            upload.commit(digest);
            return created("/v2/" + at.name() + "/blobs/" + digest, digest);
        }
    }

    private Answer held(int status, RepositoryName name, UploadId id, long offset) {
        int step = steps.merge(id, 1, Integer::sum);
        String location = opaque.map(
                        url -> url.apply(OPAQUE + id.toString().replace('-', '~') + "/" + name + "?state=" + step))
                .orElse(new Endpoint.UploadAt(name, id).render());
        return new Answer(status).header("Location", location).header("Range", UploadRange.held(offset));
    }

    private Answer manifest(Exchange request, Endpoint.ManifestAt at) {
        if (request.method().equals("DELETE")) {
            repository(at.name()).delete(at.reference());
            return new Answer(202);
        }
        Digest.Algorithm algorithm = at.reference() instanceof Digest d
                ? d.algorithm()
                : at.digest().map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
        MediaType type = new MediaType(request.header("Content-Type").orElse(""));
        Descriptor stored =
                repository(at.name()).put(Manifest.of(type, algorithm, request.body()), PutOptions.at(at.reference()));
        return created("/v2/" + at.name() + "/manifests/" + stored.digest(), stored.digest());
    }

    private static Answer created(String location, Digest digest) {
        return new Answer(201).header("Location", location).header("Docker-Content-Digest", digest.toString());
    }
}
