package io.entrepot.storage.sql;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.time.Instant;

/** Pushes small images, told apart by a number. */
final class Pushes {
    static final RepositoryName APP = new RepositoryName("team/app");

    private Pushes() {}

    static Content layer(int number) {
        return Content.of("layer " + number);
    }

    static Sample image(int number) {
        return Sample.image(Content.of("config " + number), layer(number));
    }

    static Tag tag(int number) {
        return new Tag("v" + number);
    }

    /** Three transactions. */
    static void push(MetadataStore store, int number) {
        push(store, APP, number);
    }

    static void push(MetadataStore store, RepositoryName repository, int number) {
        link(store, repository, Content.of("config " + number));
        link(store, repository, layer(number));
        store.put(repository, image(number).at(tag(number)));
    }

    static StoredBlob link(MetadataStore store, RepositoryName repository, Content content) {
        StoredBlob fresh = new StoredBlob(new BlobKey(content.digest(), UploadId.random()), content.size());
        return store.link(repository, fresh, new Lease(Instant.now().plusSeconds(3_600), "alice"));
    }
}
