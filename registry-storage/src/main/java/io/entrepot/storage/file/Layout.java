package io.entrepot.storage.file;

import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where things lie in the folder of a blob store. Paths are made of checked digests, UUIDs and owners only, so none can
 * lead out of it.
 *
 * <pre>
 * uploads/&lt;upload&gt;.&lt;owner&gt;.part                 a session, which is its own record
 * uploads/&lt;upload&gt;.&lt;algorithm&gt;-&lt;hex&gt;.sealed     its object may be there and no row says so yet; empty (or spare)
 * blobs/&lt;algorithm&gt;/&lt;2 hex&gt;/&lt;hex&gt;.&lt;upload&gt;       an object
 * </pre>
 */
record Layout(Path root) {
    /** By the first byte of a digest. */
    private static final int FAN = 256;
    /** How many directories there are for objects. */
    static final int SHARDS = Digest.Algorithm.values().length * FAN;

    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern PART = Pattern.compile("([0-9a-f-]{36})\\.([A-Za-z0-9-]{1,64})\\.part");
    private static final Pattern SEALED = Pattern.compile("([0-9a-f-]{36})\\.(sha[0-9]{3})-([0-9a-f]+)\\.sealed");

    /** A session by its file's name. */
    record Part(UploadId id, String owner) {
        Part {
            if (!OWNER.matcher(owner).matches()) {
                throw new IllegalArgumentException("an owner is one to 64 letters, digits and dashes");
            }
        }
    }

    /** What tells the folder of a store from a place where its disk is not mounted. */
    Path marker() {
        return root.resolve(StoreFolder.MARKER);
    }

    Path uploads() {
        return root.resolve("uploads");
    }

    Path part(Part part) {
        return uploads().resolve(part.id + "." + part.owner + ".part");
    }

    Path sealed(BlobKey key) {
        Digest digest = key.digest();
        return uploads().resolve(key.generation() + "." + digest.algorithm().label() + "-" + digest.hex() + ".sealed");
    }

    Path object(BlobKey key) {
        return shard(key).resolve(key.digest().hex() + "." + key.generation());
    }

    /** The directory of an object. */
    Path shard(BlobKey key) {
        Digest digest = key.digest();
        return blobs(digest.algorithm()).resolve(digest.hex().substring(0, 2));
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    Path blobs(Digest.Algorithm algorithm) {
        return blobs().resolve(algorithm.label());
    }

    /** Every directory of a store, parents first. */
    List<Path> directories() {
        List<Path> directories = new ArrayList<>(List.of(uploads(), blobs()));
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            Path above = blobs(algorithm);
            directories.add(above);
            for (int i = 0; i < FAN; i++) {
                directories.add(above.resolve(String.format("%02x", i)));
            }
        }
        return directories;
    }

    static Optional<Part> parsePart(String fileName) {
        Matcher name = PART.matcher(fileName);
        return name.matches() ? upload(name.group(1)).map(id -> new Part(id, name.group(2))) : Optional.empty();
    }

    static Optional<BlobKey> parseSealed(String fileName) {
        Matcher name = SEALED.matcher(fileName);
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            Digest digest = Digest.parse(name.group(2) + ":" + name.group(3));
            return upload(name.group(1)).map(id -> new BlobKey(digest, id));
        } catch (RegistryException.Invalid e) {
            // Not a name of ours after all.
            return Optional.empty();
        }
    }

    private static Optional<UploadId> upload(String text) {
        try {
            return Optional.of(UploadId.parse(text));
        } catch (RegistryException.Unknown e) {
            return Optional.empty();
        }
    }
}
