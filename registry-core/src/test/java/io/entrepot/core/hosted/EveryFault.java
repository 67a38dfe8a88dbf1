package io.entrepot.core.hosted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Faults;
import io.entrepot.core.testkit.FaultyBlobStore;
import io.entrepot.core.testkit.FaultyMetadata;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.SettableClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A life of a registry, run again and again: the first call to the stores fails, the second, the third, until none is
 * left to fail, each once without having been done and once with its answer lost. After each: what can be seen is whole,
 * the life can be lived again, and no object is left behind that nobody knows.
 */
public final class EveryFault {
    private static final RepositoryName APP = new RepositoryName("team/app");
    private static final RepositoryName OTHER = new RepositoryName("team/other");
    private static final Tag V1 = new Tag("v1");
    private static final Tag LATEST = new Tag("latest");

    private static final Content CONFIG = Content.of("{\"os\":\"linux\"}");
    private static final Content LAYER = Content.of("a layer in several chunks");
    private static final Content SECOND = Content.of("another layer");
    private static final Content STRAY = Content.of("a blob that no manifest refers to");
    private static final Content LASTING = Content.of("a blob of an image that nobody ever deletes");
    private static final List<Content> BLOBS = List.of(CONFIG, LAYER, SECOND, STRAY, LASTING);

    private static final Sample IMAGE = Sample.image(CONFIG, LAYER);
    private static final Sample NEXT = Sample.image(CONFIG, SECOND);
    private static final Sample KEPT = Sample.image(LASTING);
    private static final Sample INDEX = Sample.index(IMAGE, NEXT);

    /** Empty stores, and a way to see every object that there is. */
    public record Stores(BlobStore blobs, MetadataStore metadata, Supplier<Collection<BlobKey>> objects) {}

    /** The registry that is judged, over stores that may fail, and its housekeeping. */
    public record Subject(Registry registry, Runnable housekeeping) {}

    /** Makes the registry that is judged. */
    public interface Wiring {
        Subject over(BlobStore blobs, MetadataStore metadata, InstantSource clock);
    }

    private final SettableClock clock = new SettableClock();
    private final Stores stores;
    private final Faults faults;
    private final Subject subject;

    private EveryFault(Function<InstantSource, Stores> fresh, Wiring wiring, Faults faults) {
        this.stores = fresh.apply(clock);
        this.faults = faults;
        this.subject = wiring.over(
                new FaultyBlobStore(stores.blobs(), faults), new FaultyMetadata(stores.metadata(), faults), clock);
    }

    /** Lives every life, and answers in how many of them something failed. */
    public static int check(Function<InstantSource, Stores> fresh, Wiring wiring) {
        int faults = 0;
        for (Faults.Mode mode : Faults.Mode.values()) {
            int call = 0;
            while (new EveryFault(fresh, wiring, new Faults(++call, mode)).strikes()) {
                faults++;
            }
        }
        return faults;
    }

    /** One life with at most one fault. Answers whether there was one. */
    private boolean strikes() {
        try {
            liveUntilTheFault();
            faults.stop();
            everythingVisibleIsWhole();
            live();
            everythingVisibleIsWhole();
            nothingIsLeftBehind();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("after " + faults.fired(), e);
        }
        stores.blobs().close();
        return !faults.fired().isEmpty();
    }

    private void liveUntilTheFault() {
        try {
            live();
        } catch (RegistryException.Unavailable e) {
            if (faults.fired().isEmpty()) {
                throw e;
            }
        }
    }

    /** Everything that a registry does, such that it can be done again from the start wherever it broke off. */
    private void live() {
        Repository app = repository(APP);
        Repository other = repository(OTHER);
        Client.push(other, LASTING);
        Client.put(other, KEPT, LATEST);
        Client.push(app, CONFIG);
        pushInChunks(app, LAYER);
        cancelOne(app);
        Client.put(app, IMAGE, V1);
        mountOrPush(LAYER, app, other);
        Client.push(other, CONFIG);
        Client.put(other, IMAGE, V1);
        Client.push(app, SECOND);
        Client.push(app, STRAY);
        app.claim(CONFIG.digest());
        Client.put(app, NEXT, NEXT.digest());
        Client.put(app, INDEX, LATEST);
        Client.put(app, NEXT, V1);
        assertThat(Client.pull(app, app.manifest(V1).links().layers().get(0).digest()))
                .isEqualTo(SECOND.bytes());
        app.delete(IMAGE.digest());
        app.deleteBlob(LAYER.digest());
        clock.advance(Duration.ofHours(2));
        subject.housekeeping().run();
        other.delete(V1);
        other.delete(IMAGE.digest());
        app.delete(NEXT.digest());
        clock.advance(Duration.ofHours(48));
        subject.housekeeping().run();
        Client.push(app, SECOND);
        Client.push(app, CONFIG);
        Client.put(app, NEXT, V1);
    }

    private static void pushInChunks(Repository to, Content content) {
        UploadId id;
        try (Upload upload = to.upload(UploadHints.NONE)) {
            id = upload.id();
            upload.append(0, content.buffer(0, 5));
        }
        try (Upload upload = to.resume(id)) {
            upload.append(5, content.buffer(5, 9));
            upload.append(9, content.buffer(9, content.size()));
            upload.commit(content.digest());
        }
    }

    private static void cancelOne(Repository repository) {
        try (Upload upload = repository.upload(UploadHints.NONE)) {
            upload.append(0, STRAY.buffer());
            upload.cancel();
        }
    }

    private static void mountOrPush(Content content, Repository from, Repository to) {
        Optional<Descriptor> mounted = to.mount(content.digest(), from);
        if (mounted.isEmpty()) {
            Client.push(to, content);
        }
    }

    private void everythingVisibleIsWhole() {
        for (RepositoryName name : List.of(APP, OTHER)) {
            Repository repository = repository(name);
            for (Content content : BLOBS) {
                if (visible(() -> repository.stat(content.digest()))) {
                    assertThat(Client.pull(repository, content.digest())).isEqualTo(content.bytes());
                }
            }
            for (Reference reference : references(repository)) {
                if (reference instanceof Tag || visible(() -> repository.resolve(reference))) {
                    isWhole(repository, repository.manifest(reference));
                }
            }
        }
        for (RepositoryName listed : subject.registry()
                .repositories(PageRequest.first(10), Call.internal())
                .items()) {
            repository(listed).tags(PageRequest.first(1));
        }
    }

    private static List<Reference> references(Repository repository) {
        Stream<Reference> digests = Stream.of(IMAGE.digest(), NEXT.digest(), KEPT.digest(), INDEX.digest());
        Stream<Reference> tags = visible(() -> repository.tags(PageRequest.first(1)))
                ? Client.tags(repository).stream().map(Tag::new)
                : Stream.of();
        return Stream.concat(digests, tags).toList();
    }

    private static void isWhole(Repository repository, Manifest manifest) {
        assertThat(Digest.of(Digest.Algorithm.SHA256, manifest.bytes())).isEqualTo(manifest.digest());
        for (Descriptor blob : manifest.links().blobs()) {
            assertThat(repository.stat(blob.digest()).size()).isEqualTo(blob.size());
            assertThat(new Content(Client.pull(repository, blob.digest())).digest())
                    .isEqualTo(blob.digest());
        }
    }

    private static boolean visible(Runnable question) {
        try {
            question.run();
            return true;
        } catch (RegistryException.Unknown e) {
            return false;
        }
    }

    /** After the longest time that anything may wait: every object has a row, and none has been dead since. */
    private void nothingIsLeftBehind() {
        clock.advance(Duration.ofDays(3));
        subject.housekeeping().run();
        everythingVisibleIsWhole();
        assertThat(stores.metadata().dead(clock.instant(), 10)).isEmpty();
        for (BlobKey key : stores.objects().get()) {
            if (!stores.metadata().knows(key)) {
                fail("the object " + key + " has no row and nobody will ever look after it");
            }
        }
        assertThat(stores.objects().get())
                .extracting(BlobKey::digest)
                .containsExactlyInAnyOrder(LASTING.digest(), CONFIG.digest(), SECOND.digest());
    }

    private Repository repository(RepositoryName name) {
        return subject.registry().repository(name, Call.internal());
    }
}
