package io.entrepot.core.store;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The only truth about one registry: which repositories, manifests, tags and blobs it has. Every method is one
 * transaction, durable when it returns and seen whole or not at all; what it decides, it decides inside. Safe for all
 * threads.
 *
 * <p>Blobs belong to the blob store that the registry uses: several registries over one blob store share its objects,
 * and each repository sees those that are linked to it.
 */
public interface MetadataStore {

    /**
     * A manifest by digest or tag.
     *
     * @throws io.entrepot.core.BeyondReach if {@code reach} is MEMORY and memory cannot tell
     */
    Optional<Manifest> manifest(RepositoryName repository, Reference reference, Reach reach);

    /** A blob that is linked to the repository. Reaches as {@link #manifest} does. */
    Optional<StoredBlob> blob(RepositoryName repository, Digest digest, Reach reach);

    /**
     * Tags in bytewise order.
     *
     * @throws RegistryException.Unknown with NAME_UNKNOWN if nothing was ever stored in the repository
     */
    Page<Tag> tags(RepositoryName repository, PageRequest page);

    /** Manifests whose subject is {@code subject}, as {@link io.entrepot.core.Links#asReferrer} shows them, by digest. */
    Page<Descriptor> referrers(RepositoryName repository, Digest subject, Set<MediaType> types, PageRequest page);

    /** Repositories that hold a manifest, in bytewise order of their names. */
    Page<RepositoryName> repositories(PageRequest page);

    /** At most {@code limit} repositories that the blob is linked to. */
    List<RepositoryName> holders(Digest blob, int limit);

    /**
     * {@link #blob}, and what is found stays for the lease. Memory may answer while the same holder's present lease has
     * more than half of this one's time left, or where it is certain that the blob is not linked.
     */
    Optional<StoredBlob> claim(RepositoryName repository, Digest digest, Lease lease, Reach reach);

    /**
     * Links a blob of the blob store to the repository, if the store has it, for the lease at least.
     *
     * @return empty if no object has this digest
     */
    Optional<StoredBlob> mount(RepositoryName repository, Digest digest, Lease lease);

    /**
     * Records an object that was just committed, and links it. If the digest has an object already, that one stays and
     * the key of {@code fresh} goes to the ledger of dead objects.
     *
     * @return the object that holds the digest from now on
     */
    StoredBlob link(RepositoryName repository, StoredBlob fresh, Lease lease);

    /**
     * Stores a manifest and sets its tags. Putting the same again changes nothing and succeeds.
     *
     * @throws RegistryException.Invalid if required blobs are missing (one problem each), or have another size
     * @throws RegistryException whatever the options' tag rule throws, for the first tag that it refuses
     */
    void put(RepositoryName repository, ManifestPut put);

    /**
     * Deletes a tag, or a manifest with the tags that point to it.
     *
     * @return whether there was one
     */
    boolean delete(RepositoryName repository, Reference reference);

    /**
     * Takes a blob out of the repository. If no other has it, its object may go at once, leased or not: nobody could make
     * use of it.
     *
     * @return whether it was there
     * @throws RegistryException.Unsupported while a manifest of this repository refers to it
     */
    boolean unlink(RepositoryName repository, Digest digest);

    /**
     * The object of this key is lost or damaged: nobody is shown it any more, and the next upload of its digest takes its
     * place for all who refer to it. Nothing happens if it has no row.
     */
    void damaged(BlobKey key);

    /** Whether an object of the blob store has a row, or is on the ledger of the dead. */
    boolean knows(BlobKey key);

    /** Objects that nothing refers to and that may go, at most {@code limit}, longest dead first. */
    List<BlobKey> dead(Instant now, int limit);

    /** This dead object is gone from the blob store. */
    void buried(BlobKey key);
}
