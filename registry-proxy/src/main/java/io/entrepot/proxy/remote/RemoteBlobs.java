package io.entrepot.proxy.remote;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.wire.Endpoint;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the blobs of a remote repository. */
final class RemoteBlobs {
    private final RepositoryName name;
    private final Sender sender;
    private final Call call;

    RemoteBlobs(RepositoryName name, Sender sender, Call call) {
        this.name = name;
        this.sender = sender;
        this.call = call;
    }

    /** Statuses that some registries give to every HEAD, whatever a GET would say. */
    static boolean unsure(int status) {
        return switch (status) {
            case 401, 403, 404, 405 -> true;
            default -> false;
        };
    }

    Descriptor stat(Digest digest) {
        return Descriptor.ofBlob(digest, sizeAlone(digest));
    }

    /** One GET, whose body is kept for whoever reads from the beginning. */
    Blob open(Digest digest) {
        Reply reply = sender.send(get(digest), call);
        try {
            sender.require(200, reply, () -> RegistryException.unknownBlob(digest));
            requireSame(digest, reply);
            OptionalLong said = Headers.length(reply);
            long size = said.isPresent() ? said.getAsLong() : sizeAlone(digest);
            return new RemoteBlob(digest, size, reply, range -> part(digest, size, range));
        } catch (RuntimeException e) {
            reply.close();
            throw e;
        }
    }

    private Outgoing get(Digest digest) {
        return Sender.to("GET", new Endpoint.BlobAt(name, digest));
    }

    private Outgoing get(Digest digest, ByteRange range) {
        return get(digest).with("Range", "bytes=" + range.offset() + "-" + (range.end() - 1));
    }

    private long sizeAlone(Digest digest) {
        return byHead(digest).orElseGet(() -> byFirstByte(digest));
    }

    private OptionalLong byHead(Digest digest) {
        return sender.read(Sender.to("HEAD", new Endpoint.BlobAt(name, digest)), call, reply -> {
            if (unsure(reply.status())) {
                return OptionalLong.empty();
            }
            sender.require(200, reply, () -> RegistryException.unknownBlob(digest));
            requireSame(digest, reply);
            OptionalLong size = Headers.length(reply);
            // Some say nothing by saying 0.
            return size.isPresent() && (size.getAsLong() > 0 || isOfNothing(digest)) ? size : OptionalLong.empty();
        });
    }

    /** Of registries that answer no HEAD. */
    private long byFirstByte(Digest digest) {
        ByteRange first = new ByteRange(0, 1);
        return sender.read(get(digest, first), call, reply -> {
            OptionalLong size = OptionalLong.empty();
            if (reply.status() == 206) {
                Optional<ContentRange> part = ContentRange.parse(reply.header("Content-Range"));
                size = part.filter(p -> p.range().equals(first))
                        .map(ContentRange::size)
                        .orElse(size);
            } else if (reply.status() == 416 && ContentRange.saysEmpty(reply.header("Content-Range"))) {
                size = OptionalLong.of(0);
            } else {
                sender.require(200, reply, () -> RegistryException.unknownBlob(digest));
                requireSame(digest, reply);
                size = Headers.length(reply);
            }
            return size.orElseThrow(() -> Refusals.nonsense("it does not say how large blob " + digest + " is"));
        });
    }

    /** The answer that has this part, which is not empty; its body may have more before it and behind it. */
    private RemoteBlob.Part part(Digest digest, long size, ByteRange range) {
        Reply reply = sender.send(get(digest, range), call);
        try {
            if (reply.status() == 206) {
                Optional<ContentRange> part = ContentRange.parse(reply.header("Content-Range"));
                if (part.filter(p -> p.fits(range, size)).isEmpty()) {
                    throw Refusals.nonsense(
                            "it sent another part of blob " + digest + " than it was asked for, or does not say which");
                }
                return new RemoteBlob.Part(reply, 0);
            }
            if (reply.status() == 416) {
                throw Refusals.nonsense("it says that blob " + digest + " is smaller than it was");
            }
            sender.require(200, reply, () -> RegistryException.unknownBlob(digest));
            requireSame(digest, reply);
            if (Headers.length(reply).orElse(size) != size) {
                throw Refusals.corrupt("blob " + digest + " has another size than it had");
            }
            return new RemoteBlob.Part(reply, range.offset());
        } catch (RuntimeException e) {
            reply.close();
            throw e;
        }
    }

    private static void requireSame(Digest digest, Reply reply) {
        Optional<Digest> other =
                Headers.digest(reply).filter(said -> said.algorithm() == digest.algorithm() && !said.equals(digest));
        if (other.isPresent()) {
            throw Refusals.corrupt("blob " + digest + " was said to be " + other.get());
        }
    }

    private static boolean isOfNothing(Digest digest) {
        return digest.equals(Digest.of(digest.algorithm(), ByteBuffer.allocate(0)));
    }
}
