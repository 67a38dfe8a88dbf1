package io.entrepot.proxy.download;

import io.entrepot.core.Blob;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Upload;

/** Where one blob comes from, and where it is kept. Called on the thread of its download. */
public interface Origin {

    /** Whether it is kept already, since somebody else was quicker. */
    boolean there();

    /** Opens the blob where it comes from; the caller closes it. Asked again where that might be another place. */
    Blob upstream();

    /**
     * Whether it is fetched to its end though all who wanted it are gone. If not, it is parked where more than half of it and
     * 64 MiB are still to come.
     */
    boolean finish();

    /** What holds the bytes: what an earlier attempt has left, or a new one. */
    Upload upload();

    /** The blob where it is kept, once it is there. The caller closes it. */
    Blob kept();

    /**
     * There is no room for it.
     *
     * @return whether some was made, so that it is worth another try
     */
    boolean makeRoom();

    /** It is over: kept, or given up for the reason that is said. */
    void ended(Upload upload, Result result);

    /** How it ended. */
    enum Result {
        KEPT,
        /** What is held so far is good, as far as anybody knows: a later attempt may go on from it. */
        BROKEN_OFF,
        /** What was held is of no use. */
        DISCARDED
    }

    /** The upstream says that it has no such blob. */
    void absent(RegistryException why);
}
