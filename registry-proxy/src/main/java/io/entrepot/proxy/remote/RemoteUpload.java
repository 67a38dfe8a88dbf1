package io.entrepot.proxy.remote;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadId;
import java.nio.ByteBuffer;

/** A blob on its way to a remote registry: each buffer is a request of its own, so they should be large. */
final class RemoteUpload implements Upload {
    private final RemoteUploads uploads;
    private final UploadId id;
    private RemoteUploads.Place place;
    private boolean ended;

    RemoteUpload(RemoteUploads uploads, UploadId id, RemoteUploads.Place place) {
        this.uploads = uploads;
        this.id = id;
        this.place = place;
    }

    @Override
    public UploadId id() {
        return id;
    }

    /** As far as we know: somebody else may have gone on with it. */
    @Override
    public long offset() {
        return place.offset();
    }

    /** After an {@link RegistryException.Unavailable} nobody knows what was taken: {@code resume} it to find out. */
    @Override
    public void append(long at, ByteBuffer bytes) {
        requireOpen();
        if (at != place.offset()) {
            throw outOfOrder();
        }
        if (!bytes.hasRemaining()) {
            return;
        }
        try {
            place = uploads.append(id, place, bytes);
        } catch (RegistryException.OutOfOrder e) {
            place = new RemoteUploads.Place(place.location(), e.offset());
            throw e;
        }
        bytes.position(bytes.limit());
    }

    @Override
    public Descriptor commit(Digest digest) {
        requireOpen();
        Descriptor blob = uploads.commit(id, place, digest);
        ended = true;
        return blob;
    }

    @Override
    public void cancel() {
        if (!ended) {
            ended = true;
            uploads.cancel(id, place.location());
        }
    }

    @Override
    public void close() {
        // The session is the registry's, and stays.
    }

    private void requireOpen() {
        if (ended) {
            throw RegistryException.unknownUpload(id);
        }
    }

    private RegistryException outOfOrder() {
        return new RegistryException.OutOfOrder(
                place.offset(), "the upload has " + place.offset() + " bytes: go on behind them");
    }
}
