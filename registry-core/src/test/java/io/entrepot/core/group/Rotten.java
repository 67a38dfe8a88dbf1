package io.entrepot.core.group;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * A registry that holds one blob, the bytes of which are others by now, or cannot be read.
 *
 * @param unreadable whether they cannot be read
 */
record Rotten(Content blob, boolean unreadable) implements Registry {
    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new OneBlob(name, blob, unreadable);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return Page.empty();
    }

    private record OneBlob(RepositoryName name, Content blob, boolean unreadable) implements Repository {
        @Override
        public Descriptor resolve(Reference reference) {
            throw RegistryException.unknownManifest(reference);
        }

        @Override
        public Manifest manifest(Reference reference) {
            throw RegistryException.unknownManifest(reference);
        }

        @Override
        public Descriptor stat(Digest digest) {
            try (Blob open = open(digest)) {
                return Descriptor.ofBlob(digest, open.size());
            }
        }

        @Override
        public Blob open(Digest digest) {
            if (!digest.equals(blob.digest())) {
                throw RegistryException.unknownBlob(digest);
            }
            return new Bad(blob, unreadable);
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            throw RegistryException.unknownName(name);
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            return Page.empty();
        }
    }

    private record Bad(Content blob, boolean unreadable) implements Blob {
        @Override
        public Digest digest() {
            return blob.digest();
        }

        @Override
        public long size() {
            return blob.size();
        }

        @Override
        public InputStream stream(ByteRange range) {
            return unreadable ? new Unreadable() : new ByteArrayInputStream(new byte[blob.size()]);
        }

        @Override
        public void close() {}
    }

    private static final class Unreadable extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the disk is broken");
        }
    }
}
