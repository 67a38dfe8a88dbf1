package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.UploadId;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Two metadata stores that hear the same in the same order, and must answer the same each time. */
final class Twins {
    private static final Duration LONGEST_LEASE = Duration.ofHours(2);
    private static final PageRequest PAGE = PageRequest.first(3);
    private static final TagRule ONCE = (tag, now, next) -> now.ifPresent(digest -> {
        throw new RegistryException.Denied("tag " + tag + " is " + digest, tag.name());
    });
    private static final MediaType KIND = new MediaType("application/vnd.example.kind");

    private final MetadataStore one;
    private final MetadataStore other;
    private final Random random;
    private final StringBuilder told = new StringBuilder();
    private Instant now;

    private final List<RepositoryName> names =
            List.of(new RepositoryName("a"), new RepositoryName("a/b"), new RepositoryName("a-b"));
    private final List<Tag> tags = List.of(new Tag("1"), new Tag("B"), new Tag("a"), new Tag("_"));
    private final List<Content> contents =
            IntStream.range(0, 5).mapToObj(i -> Content.of("blob " + i)).toList();

    Twins(MetadataStore one, MetadataStore other, Random random, Instant start) {
        this.one = one;
        this.other = other;
        this.random = random;
        this.now = start;
    }

    void live(int steps) {
        try {
            for (int i = 0; i < steps; i++) {
                change();
                look();
            }
        } catch (AssertionError e) {
            throw new AssertionError("they differ after:" + told, e);
        }
    }

    private void change() {
        now = now.plus(Duration.ofMinutes(random.nextInt(10)));
        RepositoryName name = any(names);
        Content content = any(contents);
        Sample sample = anySample();
        Reference reference = random.nextInt(3) == 0 ? sample.digest() : any(tags);
        Lease lease = new Lease(now.plusSeconds(random.nextInt((int) LONGEST_LEASE.toSeconds())), "alice");
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                StoredBlob fresh = new StoredBlob(
                        new BlobKey(content.digest(), new UploadId(new UUID(random.nextLong(), random.nextLong()))),
                        content.size());
                same("link " + name + " " + content, store -> store.link(name, fresh, lease));
            }
            case 3 -> same("mount " + name + " " + content, store -> store.mount(name, content.digest(), lease));
            case 4 ->
                same(
                        "claim " + name + " " + content,
                        store -> store.claim(name, content.digest(), lease, Reach.ANYWHERE));
            case 5, 6 -> {
                PutOptions options =
                        new PutOptions(reference, List.of(any(tags)), random.nextBoolean() ? ONCE : TagRule.ANY);
                List<Descriptor> required =
                        random.nextInt(4) == 0 ? List.of() : sample.links().blobs();
                ManifestPut put = new ManifestPut(sample.manifest(), sample.links(), required, options);
                same("put " + name + " " + sample.digest() + " at " + options + " " + required, store -> {
                    store.put(name, put);
                    return "done";
                });
            }
            case 7 -> same("delete " + name + " " + reference, store -> store.delete(name, reference));
            case 8 -> same("unlink " + name + " " + content, store -> store.unlink(name, content.digest()));
            default -> bury();
        }
    }

    /** When all leases have ended: until then a store may keep longer than it promised, say one lease for two blobs. */
    private void bury() {
        now = now.plus(LONGEST_LEASE);
        same("dead at " + now, store -> Set.copyOf(store.dead(now, 10_000)));
        for (BlobKey key : one.dead(now, 10_000)) {
            same("knows " + key, store -> store.knows(key));
            if (random.nextBoolean()) {
                same("buried " + key, store -> {
                    store.buried(key);
                    return store.knows(key);
                });
            }
        }
    }

    private void look() {
        for (RepositoryName name : names) {
            sameAnswer("tags", store -> store.tags(name, PAGE));
            Tag tag = any(tags);
            sameAnswer("tag", store -> store.manifest(name, tag, Reach.ANYWHERE).map(Manifest::descriptor));
            Content content = any(contents);
            sameAnswer("blob", store -> store.blob(name, content.digest(), Reach.ANYWHERE));
            Sample subject = anySample();
            Set<MediaType> types = random.nextBoolean() ? Set.of() : Set.of(KIND);
            sameAnswer("referrers", store -> store.referrers(name, subject.digest(), types, PAGE));
        }
        Content content = any(contents);
        sameAnswer("holders", store -> Set.copyOf(store.holders(content.digest(), 10)));
        sameAnswer("repositories", store -> store.repositories(PAGE));
    }

    /** One of a few images, an index with a blob and a subject among them. */
    private Sample anySample() {
        int kind = random.nextInt(8);
        Sample subject = Sample.image(contents.get(0), contents.get(1));
        return switch (kind) {
            case 0 -> subject;
            case 1 -> Sample.image(contents.get(2), contents.get(2));
            case 2 -> Sample.image(contents.get(3), contents.get(1), contents.get(4));
            case 3 -> Sample.index(subject);
            case 4 -> Sample.index().child(contents.get(4).layer()).build();
            case 5 -> Sample.index().subject(subject.descriptor()).build();
            case 6 ->
                Sample.image()
                        .config(contents.get(0).as(KIND))
                        .subject(subject.descriptor())
                        .annotation("a", "b")
                        .build();
            default ->
                Sample.image()
                        .config(contents.get(0).layer())
                        .layer(new Descriptor(KIND, contents.get(1).digest(), 99))
                        .subject(subject.descriptor())
                        .algorithm(Digest.Algorithm.SHA512)
                        .artifactType(KIND)
                        .build();
        };
    }

    /** A change, which is told of if they ever differ. */
    private void same(String what, Function<MetadataStore, Object> call) {
        told.append('\n').append(what);
        told.append(": ").append(sameAnswer(what, call));
    }

    private Object sameAnswer(String what, Function<MetadataStore, Object> call) {
        Object expected = answer(other, call);
        assertThat(answer(one, call)).as(what).isEqualTo(expected);
        return expected;
    }

    private static Object answer(MetadataStore store, Function<MetadataStore, Object> question) {
        try {
            return question.apply(store);
        } catch (RegistryException.Unavailable e) {
            throw e;
        } catch (RegistryException e) {
            return e.getClass().getSimpleName() + " " + e.code() + " "
                    + e.problems().stream()
                            .map(RegistryException.Problem::detail)
                            .map(Optional::toString)
                            .sorted()
                            .toList();
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
