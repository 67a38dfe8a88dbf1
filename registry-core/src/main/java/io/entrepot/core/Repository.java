package io.entrepot.core;

import java.util.Optional;
import java.util.Set;

/**
 * Content that can be pulled and perhaps pushed, as one {@link Call} sees it. Reads are abstract; writes are refused
 * with {@link RegistryException.Unsupported} unless an implementation takes them.
 *
 * <p>Every method may throw {@link BeyondReach} if the call's reach is less than {@link Reach#ANYWHERE}, {@link
 * RegistryException.Unauthorized} and {@link RegistryException.Denied} where it is guarded, and {@link
 * RegistryException.Unavailable} if it could not find out; what is certainly not there is {@link
 * RegistryException.Unknown}.
 */
public interface Repository {
    RepositoryName name();

    /** What a manifest is, without its bytes (HEAD). */
    Descriptor resolve(Reference reference);

    /** A manifest, byte for byte as it was pushed. */
    Manifest manifest(Reference reference);

    /** What a blob is (HEAD). Its media type is always {@code application/octet-stream}. */
    Descriptor stat(Digest blob);

    /** Opens a blob for reading; the caller closes it. */
    Blob open(Digest blob);

    /**
     * Tags in bytewise order.
     *
     * @throws RegistryException.Unknown if nothing was ever pushed here
     */
    Page<Tag> tags(PageRequest page);

    /**
     * The manifests whose subject is {@code subject}, ordered by digest; a page's last entry is named by its digest.
     * Empty if there are none, whether or not the subject exists.
     *
     * @param types only these artifact types; all if empty
     */
    Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page);

    /** {@link #stat} by one who is about to push: what is found stays until its lease has ended. */
    default Descriptor claim(Digest blob) {
        throw readOnly();
    }

    /** Begins an upload. */
    default Upload upload(UploadHints hints) {
        throw readOnly();
    }

    /** Goes on with an upload that was begun in this repository by the same principal. Ends an older writer's calls. */
    default Upload resume(UploadId id) {
        throw readOnly();
    }

    /** How far an upload has come. Disturbs no writer. */
    default UploadStatus status(UploadId id) {
        throw readOnly();
    }

    /**
     * Makes a blob of {@code source} one of this repository, without a transfer.
     *
     * @param source the caller's own view of the other repository, so that his rights hold there
     * @return empty if that cannot be done, for whatever reason: the client then uploads
     */
    default Optional<Descriptor> mount(Digest blob, Repository source) {
        throw readOnly();
    }

    /**
     * Stores a manifest under its digest and sets the tags that the options name, in one step.
     *
     * @throws RegistryException.Invalid if it is malformed, if its digest is not the target, or if blobs that it refers
     *     to are missing
     */
    default Descriptor put(Manifest manifest, PutOptions options) {
        throw readOnly();
    }

    /** Deletes a tag, and only it; or a manifest with all the tags that point to it. */
    default void delete(Reference reference) {
        throw readOnly();
    }

    /**
     * Takes a blob out of this repository.
     *
     * @throws RegistryException.Unsupported while a manifest of this repository refers to it
     */
    default void deleteBlob(Digest blob) {
        throw readOnly();
    }

    private RegistryException readOnly() {
        return new RegistryException.Unsupported("nothing can be pushed to or deleted from " + name() + " here");
    }
}
