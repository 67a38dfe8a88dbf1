package io.entrepot.server.http;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.Set;
import java.util.function.Supplier;

/** A registry that has one blob in every repository, as a proxy or a store of one's own might open it. */
record OneBlob(Supplier<Blob> opened) implements Registry {
    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new InRepository(name, call, opened);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return Page.empty();
    }

    private record InRepository(RepositoryName name, Call call, Supplier<Blob> opened) implements Repository {
        @Override
        public Descriptor resolve(Reference reference) {
            throw RegistryException.unknownManifest(reference);
        }

        @Override
        public Manifest manifest(Reference reference) {
            throw RegistryException.unknownManifest(reference);
        }

        @Override
        public Descriptor stat(Digest blob) {
            try (Blob found = open(blob)) {
                return Descriptor.ofBlob(blob, found.size());
            }
        }

        @Override
        public Blob open(Digest blob) {
            call.reach().require(Reach.LOCAL);
            return opened.get();
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            return Page.empty();
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            return Page.empty();
        }
    }
}
