package io.entrepot.proxy.remote;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.Scope;
import io.entrepot.core.wire.UploadRange;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests that uploads to a remote repository consist of. */
final class RemoteUploads {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final RepositoryName name;
    private final Sender sender;
    private final Sessions sessions;
    private final Call call;
    private final List<Scope> scopes;

    /** Where an upload is. */
    record Place(URI location, long offset) {}

    RemoteUploads(RepositoryName name, Sender sender, Sessions sessions, Call call) {
        this.name = name;
        this.sender = sender;
        this.sessions = sessions;
        this.call = call;
        this.scopes = new Endpoint.UploadStart(name).scopes("POST");
    }

    RemoteUpload begin(UploadHints hints) {
        // Unusual algorithms alone need to be announced, and the usual one is not known to be announced everywhere.
        Optional<Digest.Algorithm> algorithm = hints.algorithm().filter(a -> a != Digest.Algorithm.SHA256);
        Endpoint start =
                new Endpoint.UploadStart(name, Optional.empty(), Optional.empty(), Optional.empty(), algorithm);
        return sender.read(Sender.to("POST", start).withBody(NOTHING), call, reply -> {
            sender.require(202, reply, () -> RegistryException.unknownName(name));
            URI location = Headers.location(reply);
            return new RemoteUpload(this, sessions.begun(name, location), new Place(location, 0));
        });
    }

    RemoteUpload resume(UploadId id) {
        return new RemoteUpload(this, id, status(id));
    }

    Place status(UploadId id) {
        Optional<URI> known = sessions.location(name, id);
        URI location = known.orElseGet(() -> URI.create(new Endpoint.UploadAt(name, id).render()));
        return sender.read(request("GET", location), call, reply -> {
            if (known.isEmpty() && reply.status() == 400) {
                // A registry that names its sessions otherwise.
                throw RegistryException.unknownUpload(id);
            }
            requireSession(reply, id);
            Place place = new Place(next(reply, location), UploadRange.heldBytes(reply.header("Range")));
            sessions.moved(name, id, place.location());
            return place;
        });
    }

    /** @return where the upload is after that */
    Place append(UploadId id, Place at, ByteBuffer bytes) {
        long end = at.offset() + bytes.remaining();
        Outgoing chunk = request("PATCH", at.location())
                .with("Content-Range", at.offset() + "-" + (end - 1))
                .with("Content-Type", "application/octet-stream")
                .withBody(bytes);
        return sender.read(chunk, call, reply -> {
            requireSession(reply, id);
            Place place = new Place(next(reply, at.location()), end);
            sessions.moved(name, id, place.location());
            String range = reply.header("Range").strip();
            // One held byte and none are written alike.
            if (!range.isEmpty() && end > 1 && UploadRange.heldBytes(range) != end) {
                throw Refusals.nonsense("it was sent " + end + " bytes of an upload and says that it holds " + range);
            }
            return place;
        });
    }

    Descriptor commit(UploadId id, Place at, Digest digest) {
        URI location = at.location();
        String target = location + (location.getRawQuery() == null ? "?" : "&") + "digest=" + digest;
        Outgoing request = request("PUT", URI.create(target))
                .with("Content-Type", "application/octet-stream")
                .withBody(NOTHING);
        try {
            return sender.read(request, call, reply -> {
                requireSession(reply, id);
                Headers.digest(reply)
                        .filter(said -> said.algorithm() == digest.algorithm() && !said.equals(digest))
                        .ifPresent(said -> {
                            throw Refusals.corrupt("blob " + digest + " was stored as " + said);
                        });
                sessions.ended(name, id);
                return Descriptor.ofBlob(digest, at.offset());
            });
        } catch (RegistryException.Invalid e) {
            if (e.code() == ErrorCode.DIGEST_INVALID) {
                sessions.ended(name, id);
            }
            throw e;
        }
    }

    void cancel(UploadId id, URI location) {
        sessions.ended(name, id);
        discard(location);
    }

    /** Those that cannot be cancelled end by themselves some day. */
    void discard(URI location) {
        try {
            sender.read(request("DELETE", location), call, reply -> {
                sender.requireSuccess(reply, () -> RegistryException.unknownName(name));
                return reply.status();
            });
        } catch (RegistryException.Unknown | RegistryException.Unsupported | RegistryException.Denied e) {
            // It is gone, or will be.
        }
    }

    /** Empty if the registry began an upload instead, which is ended, or would not hear of it. */
    Optional<Digest> mount(Digest blob, RepositoryName from) {
        Endpoint start = new Endpoint.UploadStart(
                name, Optional.of(blob), Optional.of(from), Optional.empty(), Optional.empty());
        Optional<URI> begun;
        try (Reply reply = sender.send(Sender.to("POST", start).withBody(NOTHING), call)) {
            if (reply.status() == 201) {
                return Optional.of(blob);
            }
            sender.requireSuccess(reply, () -> RegistryException.unknownName(name));
            begun = reply.headers("Location").isEmpty() ? Optional.empty() : Optional.of(Headers.location(reply));
        } catch (RegistryException.Unavailable e) {
            throw e;
        } catch (RegistryException e) {
            return Optional.empty();
        }
        try {
            begun.ifPresent(this::discard);
        } catch (RegistryException.Unavailable e) {
            // It ends by itself then. The blob is uploaded in any case.
        }
        return Optional.empty();
    }

    private Outgoing request(String method, URI location) {
        return new Outgoing(method, location, scopes, Map.of(), Optional.empty());
    }

    private void requireSession(Reply reply, UploadId id) {
        try {
            sender.requireSuccess(reply, () -> RegistryException.unknownUpload(id));
        } catch (RegistryException.Unknown e) {
            sessions.ended(name, id);
            throw e;
        }
    }

    /** Each answer may lead on; those that do not, leave it where it was. */
    private static URI next(Reply reply, URI before) {
        return reply.headers("Location").isEmpty() ? before : Headers.location(reply);
    }
}
