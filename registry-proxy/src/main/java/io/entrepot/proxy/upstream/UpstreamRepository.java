package io.entrepot.proxy.upstream;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.Set;
import java.util.function.Function;

/** One repository of an {@link Upstream}, to read. */
record UpstreamRepository(Upstream upstream, RepositoryName name, Call call) implements Repository {

    @Override
    public Descriptor resolve(Reference reference) {
        return ask(Kind.RESOLVE, reference, repository -> repository.resolve(reference));
    }

    @Override
    public Manifest manifest(Reference reference) {
        return ask(Kind.MANIFEST, reference, repository -> repository.manifest(reference));
    }

    @Override
    public Descriptor stat(Digest blob) {
        return ask(Kind.BLOB, blob, repository -> repository.stat(blob));
    }

    @Override
    public Blob open(Digest blob) {
        return upstream.open(call, blob, way -> of(way).open(blob));
    }

    @Override
    public Page<Tag> tags(PageRequest page) {
        return upstream.list(call, way -> of(way).tags(page));
    }

    @Override
    public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
        return upstream.list(call, way -> of(way).referrers(subject, types, page));
    }

    private <T> T ask(Kind kind, Reference reference, Function<Repository, T> question) {
        return reference instanceof Digest digest
                ? upstream.byDigest(kind, call, digest, way -> question.apply(of(way)))
                : upstream.byTag(kind, call, way -> question.apply(of(way)));
    }

    private Repository of(Upstream.Way way) {
        return way.source().registry().repository(name, call);
    }
}
