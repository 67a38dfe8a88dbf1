package io.entrepot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every {@link Registry} owes those who pull, wherever its content comes from. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class PullContract {
    protected static final RepositoryName APP = new RepositoryName("team/app");
    protected static final RepositoryName OTHER = new RepositoryName("team/other");
    protected static final RepositoryName NOBODYS = new RepositoryName("nobody/was/here");
    protected static final Tag V1 = new Tag("v1");
    protected static final Tag LATEST = new Tag("latest");
    protected static final PageRequest ALL = PageRequest.first(1_000);
    protected static final MediaType SIGNATURE = new MediaType("application/vnd.example.signature");
    protected static final MediaType BOM = new MediaType("application/vnd.example.sbom+json");

    @RegisterExtension
    protected final Seed seed = new Seed();

    protected final Content config = Content.of("{\"architecture\":\"amd64\",\"os\":\"linux\"}");
    protected final Content layer = seed.content(1, 100_000);

    /** The registry that is judged, the same one throughout a test; empty when the test begins. */
    protected abstract Registry registry();

    /** Where tests push what {@link #registry()} shall show. */
    protected abstract Registry origin();

    /** A caller who may do everything. */
    protected Call call() {
        return Call.internal();
    }

    protected final Repository repository(RepositoryName name) {
        return registry().repository(name, call());
    }

    private Repository pushed(RepositoryName name) {
        return origin().repository(name, call());
    }

    @Test
    void a_repository_always_answers_with_its_name() {
        assertThat(repository(APP).name()).isEqualTo(APP);
    }

    @Test
    void an_image_is_pulled_by_tag_and_by_digest_byte_for_byte() {
        Sample image = Client.pushImage(pushed(APP), V1, config, layer);
        for (Reference reference : List.<Reference>of(V1, image.digest())) {
            Manifest manifest = repository(APP).manifest(reference);
            assertThat(manifest.digest()).isEqualTo(image.digest());
            assertThat(manifest.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
            assertThat(Bytes.of(manifest.bytes()))
                    .isEqualTo(Bytes.of(image.manifest().bytes()));
            assertThat(repository(APP).resolve(reference)).isEqualTo(image.descriptor());
        }
        assertThat(Client.pull(repository(APP), config.digest())).isEqualTo(config.bytes());
        assertThat(Client.pull(repository(APP), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void a_blob_says_its_size_first_and_gives_any_range() {
        Client.pushImage(pushed(APP), V1, config, layer);
        assertThat(repository(APP).stat(layer.digest())).isEqualTo(Descriptor.ofBlob(layer.digest(), layer.size()));
        Random random = seed.random();
        try (Blob blob = repository(APP).open(layer.digest())) {
            assertThat(blob.digest()).isEqualTo(layer.digest());
            assertThat(blob.size()).isEqualTo(layer.size());
            for (int i = 0; i < 10; i++) {
                int from = random.nextInt(layer.size());
                int to = from + random.nextInt(layer.size() - from + 1);
                assertThat(Bytes.of(blob, from, to)).isEqualTo(layer.bytes(from, to));
            }
        }
        assertThat(repository(APP).stat(layer.digest())).isEqualTo(Descriptor.ofBlob(layer.digest(), layer.size()));
    }

    @Test
    void an_index_and_its_children_are_pulled() {
        Sample image = Client.pushImage(pushed(APP), V1, config, layer);
        Sample index = Sample.index(image);
        Client.put(pushed(APP), index, LATEST);
        Manifest pulled = repository(APP).manifest(LATEST);
        assertThat(pulled.mediaType()).isEqualTo(MediaType.OCI_INDEX);
        assertThat(pulled.digest()).isEqualTo(index.digest());
        Digest child = pulled.links().children().get(0).digest();
        assertThat(repository(APP).manifest(child).digest()).isEqualTo(image.digest());
    }

    @Test
    void what_was_pushed_under_sha512_is_pulled_under_it() {
        Digest strong = layer.digest(Digest.Algorithm.SHA512);
        Client.push(pushed(APP), layer, strong);
        Sample image = Sample.image()
                .config(new Descriptor(MediaType.OCTET_STREAM, strong, layer.size()))
                .algorithm(Digest.Algorithm.SHA512)
                .build();
        Client.put(pushed(APP), image, image.digest());
        assertThat(repository(APP).manifest(image.digest()).digest()).isEqualTo(image.digest());
        assertThat(Client.pull(repository(APP), strong)).isEqualTo(layer.bytes());
        assertUnknown(() -> repository(APP).stat(layer.digest()), ErrorCode.BLOB_UNKNOWN);
    }

    @Test
    void what_was_never_pushed_is_unknown() {
        Sample image = Client.pushImage(pushed(APP), V1, config, layer);
        for (Repository there : List.of(repository(APP), repository(NOBODYS))) {
            Digest nowhere = Content.of("nowhere").digest();
            assertUnknown(() -> there.manifest(LATEST), ErrorCode.MANIFEST_UNKNOWN);
            assertUnknown(() -> there.resolve(LATEST), ErrorCode.MANIFEST_UNKNOWN);
            assertUnknown(() -> there.manifest(nowhere), ErrorCode.MANIFEST_UNKNOWN);
            assertUnknown(() -> there.stat(nowhere), ErrorCode.BLOB_UNKNOWN);
            assertUnknown(() -> there.open(nowhere), ErrorCode.BLOB_UNKNOWN);
        }
        assertUnknown(() -> repository(NOBODYS).manifest(image.digest()), ErrorCode.MANIFEST_UNKNOWN);
        assertUnknown(() -> repository(NOBODYS).open(layer.digest()), ErrorCode.BLOB_UNKNOWN);
        assertUnknown(() -> repository(NOBODYS).tags(ALL), ErrorCode.NAME_UNKNOWN);
    }

    @Test
    void tags_come_bytewise_and_in_pages() {
        List<String> names = List.of("1.10", "1.9", "A", "_", "a", "a-1", "a.1", "a1", "b");
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, seed.random());
        Client.push(pushed(APP), config);
        shuffled.forEach(name -> Client.put(pushed(APP), Sample.image(config), new Tag(name)));
        for (int limit : List.of(1, 2, 3, 8, 9, 10)) {
            assertThat(Client.pages(limit, repository(APP)::tags, Tag::name)).isEqualTo(names);
        }
        assertThat(repository(APP).tags(ALL.after("a-0")).items())
                .extracting(Tag::name)
                .containsExactly("a-1", "a.1", "a1", "b");
    }

    @Test
    void referrers_are_listed_by_digest_whether_or_not_their_subject_exists() {
        Sample image = Client.pushImage(pushed(APP), V1, config, layer);
        Sample absent = Sample.image(config);
        Sample signature = Sample.image()
                .config(config.layer())
                .subject(image.descriptor())
                .artifactType(SIGNATURE)
                .annotation("org.example.signer", "alice")
                .build();
        Sample bom = Sample.image()
                .config(config.as(BOM))
                .subject(image.descriptor())
                .build();
        Sample early = Sample.index().subject(absent.descriptor()).build();
        for (Sample sample : List.of(signature, bom, early)) {
            Client.put(pushed(APP), sample, sample.digest());
        }
        assertThat(referrers(image, Set.of()))
                .isEqualTo(Stream.of(signature, bom)
                        .map(PullContract::listed)
                        .sorted(Comparator.comparing(Descriptor::digest))
                        .toList());
        assertThat(referrers(image, Set.of(SIGNATURE))).containsExactly(listed(signature));
        assertThat(referrers(image, Set.of(BOM))).containsExactly(listed(bom));
        assertThat(referrers(image, Set.of(MediaType.OCTET_STREAM))).isEmpty();
        assertThat(referrers(absent, Set.of())).containsExactly(listed(early));
        assertThat(referrers(signature, Set.of())).isEmpty();
    }

    @Test
    void referrers_come_in_pages() {
        Sample image = Sample.image(config);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Sample sample = Sample.index()
                    .subject(image.descriptor())
                    .artifactType(SIGNATURE)
                    .annotation("n", "" + i)
                    .build();
            Client.put(pushed(APP), sample, sample.digest());
            expected.add(sample.digest().toString());
        }
        Collections.sort(expected);
        for (int limit = 1; limit <= 6; limit++) {
            for (Set<MediaType> types : List.of(Set.<MediaType>of(), Set.of(SIGNATURE))) {
                assertThat(Client.pages(
                                limit,
                                page -> repository(APP).referrers(image.digest(), types, page),
                                d -> d.digest().toString()))
                        .isEqualTo(expected);
            }
        }
    }

    private List<Descriptor> referrers(Sample subject, Set<MediaType> types) {
        return repository(APP).referrers(subject.digest(), types, ALL).items();
    }

    private static Descriptor listed(Sample sample) {
        return sample.links().asReferrer(sample.descriptor());
    }

    /** Of a repository that does not exist either of the two may be said. */
    protected static void assertUnknown(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RegistryException.Unknown.class,
                        e -> assertThat(e.code()).isIn(code, ErrorCode.NAME_UNKNOWN));
    }
}
