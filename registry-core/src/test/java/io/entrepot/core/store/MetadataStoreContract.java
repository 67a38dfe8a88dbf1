package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.UploadId;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every {@link MetadataStore} owes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class MetadataStoreContract {
    protected static final RepositoryName APP = new RepositoryName("team/app");
    protected static final RepositoryName OTHER = new RepositoryName("team/other");
    private static final RepositoryName NOBODYS = new RepositoryName("nobody/was/here");
    private static final Tag V1 = new Tag("v1");
    private static final Tag LATEST = new Tag("latest");
    private static final PageRequest ALL = PageRequest.first(1_000);
    private static final MediaType SIGNATURE = new MediaType("application/vnd.example.signature");
    private static final MediaType BOM = new MediaType("application/vnd.example.sbom+json");

    @RegisterExtension
    protected final Seed seed = new Seed();

    /** When this test began. All other times are counted from it, so a store may have a clock of its own or none. */
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    protected MetadataStore store;

    private final Content config = Content.of("{\"os\":\"linux\"}");
    private final Content layer = Content.of("a layer");
    private final Sample image = Sample.image(config, layer);

    /** A registry's metadata with nothing in it. */
    protected abstract MetadataStore open() throws Exception;

    /** The metadata of another registry over the same blob store as the one opened last. */
    protected abstract MetadataStore sibling() throws Exception;

    /** What a new process finds of the registry opened last, if this kind outlives its process. */
    protected Optional<MetadataStore> reopen() throws Exception {
        return Optional.empty();
    }

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    // Manifests and tags

    @Test
    void a_manifest_is_found_by_its_tags_and_its_digest_byte_for_byte() {
        put(APP, image, new PutOptions(V1, List.of(LATEST), TagRule.ANY));
        for (Reference reference : List.of(V1, LATEST, image.digest())) {
            Manifest found = manifest(APP, reference).orElseThrow();
            assertThat(found.digest()).isEqualTo(image.digest());
            assertThat(found.mediaType()).isEqualTo(image.manifest().mediaType());
            assertThat(Bytes.of(found.bytes()))
                    .isEqualTo(Bytes.of(image.manifest().bytes()));
        }
    }

    @Test
    void a_manifest_is_found_under_the_digest_it_was_put_with_and_no_other() {
        link(APP, config);
        Sample strong = Sample.image()
                .config(config.layer())
                .algorithm(Digest.Algorithm.SHA512)
                .build();
        store.put(APP, strong.at(strong.digest()));
        assertThat(manifest(APP, strong.digest())).isPresent();
        Digest weak = Digest.of(Digest.Algorithm.SHA256, strong.manifest().bytes());
        assertThat(manifest(APP, weak)).isEmpty();
    }

    @Test
    void what_was_never_put_is_not_found() {
        put(APP, image, PutOptions.at(V1));
        assertThat(manifest(APP, LATEST)).isEmpty();
        assertThat(manifest(APP, layer.digest())).isEmpty();
        assertThat(manifest(OTHER, V1)).isEmpty();
        assertThat(manifest(OTHER, image.digest())).isEmpty();
        assertThat(manifest(NOBODYS, V1)).isEmpty();
    }

    @Test
    void putting_the_same_again_changes_nothing() {
        put(APP, image, PutOptions.at(V1));
        put(APP, image, PutOptions.at(V1));
        put(APP, image, PutOptions.at(image.digest()));
        assertThat(tags(APP)).containsExactly("v1");
        assertThat(store.delete(APP, image.digest())).isTrue();
        assertThat(store.unlink(APP, layer.digest())).isTrue();
    }

    @Test
    void a_tag_moves_and_the_manifest_it_leaves_stays() {
        put(APP, image, PutOptions.at(V1));
        Sample next = Sample.image(config);
        put(APP, next, PutOptions.at(V1));
        assertThat(manifest(APP, V1).orElseThrow().digest()).isEqualTo(next.digest());
        assertThat(manifest(APP, image.digest())).isPresent();
    }

    @Test
    void a_manifest_without_its_blobs_is_refused_with_each_missing_one_named_once() {
        Content twice = Content.of("twice");
        Sample wanting = Sample.image(config, layer, twice, twice);
        link(APP, config);
        link(OTHER, layer);
        assertThatThrownBy(() -> store.put(APP, wanting.at(V1)))
                .isInstanceOfSatisfying(RegistryException.Invalid.class, e -> {
                    assertThat(e.problems()).allMatch(p -> p.code() == ErrorCode.MANIFEST_BLOB_UNKNOWN);
                    assertThat(e.problems())
                            .extracting(p -> p.detail().orElse(""))
                            .containsExactlyInAnyOrder(
                                    layer.digest().toString(), twice.digest().toString());
                });
        assertThat(manifest(APP, V1)).isEmpty();
        assertThat(manifest(APP, wanting.digest())).isEmpty();
        assertThat(tags(APP)).isEmpty();
    }

    @Test
    void a_refused_put_does_not_make_a_repository() {
        assertThatThrownBy(() -> store.put(APP, image.at(V1))).isInstanceOf(RegistryException.Invalid.class);
        assertNameUnknown(() -> store.tags(APP, ALL));
    }

    @Test
    void a_blob_of_another_size_than_the_manifest_says_is_refused() {
        link(APP, config);
        link(APP, layer);
        Descriptor wrong = new Descriptor(layer.layer().mediaType(), layer.digest(), layer.size() + 1);
        Sample sample = Sample.image().config(config.layer()).layer(wrong).build();
        assertThatThrownBy(() -> store.put(APP, sample.at(V1)))
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID));
        assertThat(manifest(APP, sample.digest())).isEmpty();
    }

    @Test
    void what_is_not_required_may_be_missing_as_in_a_cache() {
        store.put(APP, image.sparseAt(V1));
        assertThat(manifest(APP, V1)).isPresent();
        assertThat(blob(APP, layer.digest())).isEmpty();
    }

    @Test
    void children_of_an_index_may_be_absent_and_may_go() {
        Sample index = Sample.index(image);
        store.put(APP, index.at(V1));
        put(APP, image, PutOptions.at(image.digest()));
        assertThat(store.delete(APP, image.digest())).isTrue();
        assertThat(manifest(APP, V1)).isPresent();
    }

    @Test
    void the_rule_is_asked_for_each_tag_with_what_it_points_to() {
        put(APP, image, PutOptions.at(V1));
        Sample next = Sample.image(config);
        Map<String, Optional<Digest>> asked = new HashMap<>();
        put(APP, next, new PutOptions(V1, List.of(LATEST), (tag, now, then) -> {
            assertThat(then).isEqualTo(next.digest());
            asked.put(tag.name(), now);
        }));
        assertThat(asked)
                .containsOnly(Map.entry("v1", Optional.of(image.digest())), Map.entry("latest", Optional.empty()));
    }

    @Test
    void a_rule_that_refuses_one_tag_leaves_everything_as_it_was() {
        put(APP, image, PutOptions.at(LATEST));
        Sample next = Sample.image(config);
        TagRule never = (tag, now, then) -> {
            if (now.isPresent()) {
                throw new RegistryException.Denied("tag " + tag + " exists", tag.name());
            }
        };
        assertThatThrownBy(() -> put(APP, next, new PutOptions(V1, List.of(LATEST), never)))
                .isInstanceOfSatisfying(
                        RegistryException.Denied.class,
                        e -> assertThat(e.getMessage()).isEqualTo("tag latest exists"));
        assertThat(manifest(APP, V1)).isEmpty();
        assertThat(manifest(APP, next.digest())).isEmpty();
        assertThat(manifest(APP, LATEST).orElseThrow().digest()).isEqualTo(image.digest());
        assertThat(tags(APP)).containsExactly("latest");
    }

    @Test
    void of_many_who_create_a_tag_that_must_not_exist_one_succeeds() throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            samples.add(Sample.image()
                    .config(config.layer())
                    .annotation("number", "" + i)
                    .build());
        }
        link(APP, config);
        TagRule fresh = (tag, now, then) -> now.ifPresent(d -> {
            throw new RegistryException.PreconditionFailed("tag " + tag + " exists");
        });
        List<Boolean> won = Threads.together(samples.size(), i -> {
            try {
                store.put(APP, samples.get(i).with(new PutOptions(V1, List.of(), fresh)));
                return true;
            } catch (RegistryException.PreconditionFailed e) {
                return false;
            }
        });
        assertThat(won).containsOnlyOnce(true);
        Sample winner = samples.get(won.indexOf(true));
        assertThat(manifest(APP, V1).orElseThrow().digest()).isEqualTo(winner.digest());
        assertThat(samples.stream().filter(s -> manifest(APP, s.digest()).isPresent()))
                .containsExactly(winner);
    }

    @Test
    void deleting_a_tag_deletes_only_it() {
        put(APP, image, new PutOptions(V1, List.of(LATEST), TagRule.ANY));
        assertThat(store.delete(APP, V1)).isTrue();
        assertThat(store.delete(APP, V1)).isFalse();
        assertThat(manifest(APP, V1)).isEmpty();
        assertThat(manifest(APP, LATEST)).isPresent();
        assertThat(store.delete(APP, LATEST)).isTrue();
        assertThat(manifest(APP, image.digest())).isPresent();
    }

    @Test
    void deleting_a_manifest_deletes_its_tags_in_this_repository() {
        Sample stays = Sample.image(config);
        put(APP, image, new PutOptions(V1, List.of(LATEST), TagRule.ANY));
        put(APP, stays, PutOptions.at(new Tag("stays")));
        put(OTHER, image, PutOptions.at(V1));
        assertThat(store.delete(APP, image.digest())).isTrue();
        assertThat(store.delete(APP, image.digest())).isFalse();
        assertThat(manifest(APP, image.digest())).isEmpty();
        assertThat(tags(APP)).containsExactly("stays");
        assertThat(manifest(OTHER, V1)).isPresent();
    }

    @Test
    void deleting_what_is_not_there_says_so() {
        assertThat(store.delete(NOBODYS, V1)).isFalse();
        assertThat(store.delete(NOBODYS, image.digest())).isFalse();
        assertNameUnknown(() -> store.tags(NOBODYS, ALL));
    }

    @Test
    void a_manifest_may_come_back() {
        put(APP, image, PutOptions.at(V1));
        store.delete(APP, image.digest());
        put(APP, image, PutOptions.at(LATEST));
        assertThat(tags(APP)).containsExactly("latest");
        assertThat(manifest(APP, image.digest())).isPresent();
    }

    // Lists

    @Test
    void tags_come_bytewise_in_pages() {
        List<String> names = List.of("1.10", "1.9", "A", "Z", "_", "a", "a-1", "a.1", "a1", "b");
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, seed.random());
        for (String name : shuffled) {
            put(APP, image, PutOptions.at(new Tag(name)));
        }
        assertThat(tags(APP)).isEqualTo(names);
        assertThat(store.tags(APP, ALL).more()).isFalse();
        for (int limit = 1; limit <= names.size() + 1; limit++) {
            assertThat(inPages(limit, page -> store.tags(APP, page), Tag::name)).isEqualTo(names);
        }
    }

    @Test
    void a_page_begins_after_its_last_whether_or_not_that_exists() {
        for (String name : List.of("a", "c", "e")) {
            put(APP, image, PutOptions.at(new Tag(name)));
        }
        assertThat(tagsAfter("b")).containsExactly("c", "e");
        assertThat(tagsAfter("c")).containsExactly("e");
        assertThat(tagsAfter("z")).isEmpty();
        assertThat(tagsAfter("")).containsExactly("a", "c", "e");
        assertThat(tagsAfter("not a tag!")).isEmpty();
        assertThat(tagsAfter("%' or 1=1 --")).containsExactly("a", "c", "e");
    }

    private List<String> tagsAfter(String last) {
        return store.tags(APP, ALL.after(last)).items().stream().map(Tag::name).toList();
    }

    @Test
    void tags_are_unknown_where_nothing_was_ever_stored_and_empty_where_they_are_gone() {
        assertNameUnknown(() -> store.tags(APP, ALL));
        link(APP, config);
        assertThat(store.tags(APP, ALL)).isEqualTo(Page.empty());
        put(APP, image, PutOptions.at(V1));
        store.delete(APP, image.digest());
        assertThat(store.tags(APP, ALL)).isEqualTo(Page.empty());
    }

    @Test
    void repositories_that_hold_a_manifest_come_bytewise_in_pages() {
        List<String> names = List.of("a", "a-b", "a.b", "a/b", "a0", "a_b", "ab", "b/a/c");
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, seed.random());
        for (String name : shuffled) {
            put(new RepositoryName(name), image, PutOptions.at(V1));
        }
        link(OTHER, config);
        assertThat(repositories()).isEqualTo(names);
        for (int limit = 1; limit <= names.size() + 1; limit++) {
            assertThat(inPages(limit, store::repositories, RepositoryName::value))
                    .isEqualTo(names);
        }
        store.delete(new RepositoryName("a0"), V1);
        assertThat(repositories()).isEqualTo(names);
        store.delete(new RepositoryName("a0"), image.digest());
        assertThat(repositories()).hasSize(names.size() - 1).doesNotContain("a0");
        assertThat(store.repositories(ALL.after("a//")).items())
                .extracting(RepositoryName::value)
                .containsExactly("a/b", "a_b", "ab", "b/a/c");
    }

    @Test
    void referrers_are_listed_by_digest_with_their_type_and_annotations() {
        link(APP, config);
        Sample typed = Sample.image()
                .config(config.layer())
                .subject(image.descriptor())
                .artifactType(SIGNATURE)
                .annotation("org.example.key", "value")
                .build();
        Sample byConfig = Sample.image()
                .config(config.as(BOM))
                .subject(image.descriptor())
                .build();
        Sample index = Sample.index().subject(image.descriptor()).build();
        Sample ofAnother = Sample.image()
                .config(config.as(BOM))
                .subject(typed.descriptor())
                .build();
        for (Sample sample : List.of(typed, byConfig, index, ofAnother)) {
            store.put(APP, sample.at(sample.digest()));
        }
        List<Descriptor> expected = Stream.of(typed, byConfig, index)
                .map(s -> s.links().asReferrer(s.descriptor()))
                .sorted(Comparator.comparing(Descriptor::digest))
                .toList();
        assertThat(referrers(APP, image.digest())).isEqualTo(expected);
        assertThat(referrers(APP, typed.digest()))
                .containsExactly(ofAnother.links().asReferrer(ofAnother.descriptor()));
        assertThat(referrers(OTHER, image.digest())).isEmpty();
        assertThat(referrers(NOBODYS, image.digest())).isEmpty();
        assertThat(store.referrers(APP, image.digest(), Set.of(SIGNATURE), ALL).items())
                .extracting(Descriptor::digest)
                .containsExactly(typed.digest());
        assertThat(store.referrers(APP, image.digest(), Set.of(SIGNATURE, BOM), ALL)
                        .items())
                .extracting(Descriptor::digest)
                .containsExactlyInAnyOrder(typed.digest(), byConfig.digest());
        assertThat(store.referrers(APP, image.digest(), Set.of(MediaType.OCTET_STREAM), ALL)
                        .items())
                .isEmpty();
    }

    @Test
    void referrers_come_in_pages_filtered_or_not() {
        List<Sample> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(Sample.index()
                    .subject(image.descriptor())
                    .artifactType(i % 2 == 0 ? SIGNATURE : BOM)
                    .annotation("n", "" + i)
                    .algorithm(i % 3 == 0 ? Digest.Algorithm.SHA512 : Digest.Algorithm.SHA256)
                    .build());
        }
        all.forEach(sample -> store.put(APP, sample.at(sample.digest())));
        for (Set<MediaType> types : List.of(Set.<MediaType>of(), Set.of(SIGNATURE))) {
            List<String> expected = all.stream()
                    .filter(s -> types.isEmpty() || s.links().artifactType().equals(Optional.of(SIGNATURE)))
                    .map(s -> s.digest().toString())
                    .sorted()
                    .toList();
            for (int limit = 1; limit <= 8; limit++) {
                assertThat(inPages(
                                limit,
                                page -> store.referrers(APP, image.digest(), types, page),
                                d -> d.digest().toString()))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void referrers_outlive_their_subject_and_go_with_their_manifest() {
        put(APP, image, PutOptions.at(V1));
        Sample signature = Sample.index().subject(image.descriptor()).build();
        store.put(APP, signature.at(new Tag("signature")));
        store.delete(APP, image.digest());
        assertThat(referrers(APP, image.digest())).hasSize(1);
        store.delete(APP, new Tag("signature"));
        assertThat(referrers(APP, image.digest())).hasSize(1);
        store.delete(APP, signature.digest());
        assertThat(referrers(APP, image.digest())).isEmpty();
    }

    // Blobs

    @Test
    void a_linked_blob_is_found_in_its_repository_only() {
        StoredBlob stored = link(APP, layer);
        assertThat(blob(APP, layer.digest())).contains(stored);
        assertThat(blob(APP, config.digest())).isEmpty();
        assertThat(blob(OTHER, layer.digest())).isEmpty();
        assertThat(blob(NOBODYS, layer.digest())).isEmpty();
    }

    @Test
    void of_two_objects_with_one_digest_the_first_stays_and_the_other_is_dead() {
        StoredBlob first = link(APP, layer);
        StoredBlob second = fresh(layer);
        assertThat(store.link(APP, second, lease(1))).isEqualTo(first);
        assertThat(blob(APP, layer.digest())).contains(first);
        assertThat(store.dead(start, 10)).containsExactly(second.key());
        StoredBlob third = fresh(layer);
        assertThat(store.link(OTHER, third, lease(1))).isEqualTo(first);
        assertThat(blob(OTHER, layer.digest())).contains(first);
        assertThat(store.dead(start, 10)).containsExactly(second.key(), third.key());
    }

    @Test
    void a_damaged_object_is_shown_to_nobody_and_the_next_one_takes_its_place_for_all() {
        put(APP, image, PutOptions.at(V1));
        store.mount(OTHER, layer.digest(), lease(1));
        StoredBlob damaged = blob(APP, layer.digest()).orElseThrow();
        store.damaged(fresh(layer).key());
        assertThat(blob(APP, layer.digest())).contains(damaged);
        store.damaged(damaged.key());
        assertThat(blob(APP, layer.digest())).isEmpty();
        assertThat(blob(OTHER, layer.digest())).isEmpty();
        assertThat(store.mount(NOBODYS, layer.digest(), lease(1))).isEmpty();
        assertThat(store.knows(damaged.key())).isTrue();
        StoredBlob next = link(OTHER, layer);
        assertThat(blob(APP, layer.digest())).contains(next);
        assertThat(blob(OTHER, layer.digest())).contains(next);
        assertThat(store.dead(start, 10)).containsExactly(damaged.key());
        store.damaged(damaged.key());
        assertThat(blob(APP, layer.digest())).contains(next);
    }

    @Test
    void linking_the_same_object_again_changes_nothing() {
        StoredBlob stored = link(APP, layer);
        assertThat(store.link(APP, stored, lease(1))).isEqualTo(stored);
        assertThat(store.link(OTHER, stored, lease(1))).isEqualTo(stored);
        assertThat(store.dead(start, 10)).isEmpty();
    }

    @Test
    void a_mount_links_what_the_blob_store_has_in_any_registry() throws Exception {
        MetadataStore sibling = sibling();
        StoredBlob ours = link(APP, layer);
        assertThat(store.mount(OTHER, layer.digest(), lease(1))).contains(ours);
        assertThat(blob(OTHER, layer.digest())).contains(ours);
        assertThat(sibling.blob(APP, layer.digest(), Reach.ANYWHERE)).isEmpty();
        assertThat(sibling.mount(APP, layer.digest(), lease(1))).contains(ours);
        assertThat(sibling.blob(APP, layer.digest(), Reach.ANYWHERE)).contains(ours);
        assertThat(sibling.link(APP, fresh(layer), lease(1))).isEqualTo(ours);
    }

    @Test
    void a_mount_of_what_is_nowhere_is_empty_and_makes_no_repository() {
        assertThat(store.mount(APP, layer.digest(), lease(1))).isEmpty();
        assertThat(store.claim(APP, layer.digest(), lease(1), Reach.ANYWHERE)).isEmpty();
        assertNameUnknown(() -> store.tags(APP, ALL));
    }

    @Test
    void registries_over_one_blob_store_share_nothing_else() throws Exception {
        MetadataStore sibling = sibling();
        put(APP, image, PutOptions.at(V1));
        assertThat(sibling.manifest(APP, V1, Reach.ANYWHERE)).isEmpty();
        assertThat(sibling.repositories(ALL).items()).isEmpty();
        assertThat(sibling.holders(layer.digest(), 10)).isEmpty();
        assertNameUnknown(() -> sibling.tags(APP, ALL));
    }

    @Test
    void holders_are_the_repositories_that_a_blob_is_linked_to() {
        link(APP, layer);
        link(OTHER, layer);
        link(NOBODYS, config);
        assertThat(store.holders(layer.digest(), 10)).containsExactlyInAnyOrder(APP, OTHER);
        assertThat(store.holders(layer.digest(), 1)).hasSize(1);
        store.unlink(APP, layer.digest());
        assertThat(store.holders(layer.digest(), 10)).containsExactly(OTHER);
        assertThat(store.holders(Content.of("nowhere").digest(), 10)).isEmpty();
    }

    @Test
    void a_blob_can_be_taken_out_of_one_repository() {
        link(APP, layer);
        link(OTHER, layer);
        assertThat(store.unlink(APP, layer.digest())).isTrue();
        assertThat(store.unlink(APP, layer.digest())).isFalse();
        assertThat(store.unlink(NOBODYS, layer.digest())).isFalse();
        assertThat(blob(APP, layer.digest())).isEmpty();
        assertThat(blob(OTHER, layer.digest())).isPresent();
    }

    @Test
    void a_blob_stays_in_a_repository_while_a_manifest_there_refers_to_it() {
        put(APP, image, PutOptions.at(V1));
        put(OTHER, image, PutOptions.at(V1));
        assertUnsupported(() -> store.unlink(APP, config.digest()));
        assertUnsupported(() -> store.unlink(APP, layer.digest()));
        store.delete(APP, V1);
        assertUnsupported(() -> store.unlink(APP, layer.digest()));
        store.delete(APP, image.digest());
        assertThat(store.unlink(APP, layer.digest())).isTrue();
        assertThat(blob(OTHER, layer.digest())).isPresent();
    }

    @Test
    void a_blob_that_two_manifests_refer_to_stays_for_the_second() {
        Sample second = Sample.image(config, layer, config);
        put(APP, image, PutOptions.at(V1));
        put(APP, second, PutOptions.at(V1));
        store.delete(APP, image.digest());
        assertUnsupported(() -> store.unlink(APP, layer.digest()));
        store.delete(APP, second.digest());
        assertThat(store.unlink(APP, layer.digest())).isTrue();
    }

    @Test
    void a_blob_among_the_children_of_an_index_stays_with_it() {
        link(APP, layer);
        Sample cache = Sample.index().child(layer.layer()).build();
        store.put(APP, cache.at(V1));
        assertUnsupported(() -> store.unlink(APP, layer.digest()));
        assertThat(dead(2)).isEmpty();
    }

    @Test
    void a_blob_that_comes_after_its_manifest_stays_with_it_too() {
        store.put(APP, image.sparseAt(V1));
        link(APP, layer);
        assertUnsupported(() -> store.unlink(APP, layer.digest()));
        assertThat(dead(2)).isEmpty();
        assertThat(blob(APP, layer.digest())).isPresent();
    }

    // Leases, the dead and the ledger

    @Test
    void a_blob_that_nothing_refers_to_is_dead_when_its_lease_has_ended() {
        StoredBlob stored = link(APP, layer);
        assertThat(dead(0.9)).isEmpty();
        assertThat(store.knows(stored.key())).isTrue();
        assertThat(dead(2)).containsExactly(stored.key());
        assertThat(dead(2)).containsExactly(stored.key());
        assertThat(store.knows(stored.key())).isTrue();
        store.buried(stored.key());
        assertThat(dead(2)).isEmpty();
        assertThat(store.knows(stored.key())).isFalse();
        store.buried(stored.key());
    }

    @Test
    void the_store_knows_objects_not_digests() {
        link(APP, layer);
        assertThat(store.knows(fresh(layer).key())).isFalse();
        assertThat(store.knows(fresh(config).key())).isFalse();
    }

    @Test
    void what_is_dead_is_never_given_out_again() {
        link(APP, layer);
        store.mount(OTHER, layer.digest(), lease(1));
        assertThat(dead(2)).hasSize(1);
        assertThat(blob(APP, layer.digest())).isEmpty();
        assertThat(blob(OTHER, layer.digest())).isEmpty();
        assertThat(store.claim(APP, layer.digest(), lease(5), Reach.ANYWHERE)).isEmpty();
        assertThat(store.mount(APP, layer.digest(), lease(5))).isEmpty();
        assertThat(store.holders(layer.digest(), 10)).isEmpty();
        assertThatThrownBy(() -> store.put(APP, Sample.image(layer).at(V1)))
                .isInstanceOf(RegistryException.Invalid.class);
    }

    @Test
    void the_same_bytes_pushed_after_the_death_are_a_new_object_that_nobody_else_holds() {
        StoredBlob old = link(APP, layer);
        store.mount(OTHER, layer.digest(), lease(1));
        dead(2);
        StoredBlob again = fresh(layer);
        assertThat(store.link(APP, again, lease(9))).isEqualTo(again);
        assertThat(blob(APP, layer.digest())).contains(again);
        assertThat(blob(OTHER, layer.digest())).isEmpty();
        assertThat(dead(3)).containsExactly(old.key());
        store.buried(old.key());
        assertThat(blob(APP, layer.digest())).contains(again);
    }

    @Test
    void what_a_manifest_refers_to_lives_without_a_lease() throws Exception {
        MetadataStore sibling = sibling();
        link(APP, layer);
        sibling.mount(OTHER, layer.digest(), lease(1));
        Sample sample = Sample.image(layer);
        sibling.put(OTHER, sample.at(V1));
        assertThat(dead(100)).isEmpty();
        assertThat(sibling.blob(OTHER, layer.digest(), Reach.ANYWHERE)).isPresent();
        sibling.delete(OTHER, sample.digest());
        assertThat(dead(100)).hasSize(1);
        assertThat(sibling.blob(OTHER, layer.digest(), Reach.ANYWHERE)).isEmpty();
    }

    @Test
    void a_manifest_of_a_repository_that_does_not_have_the_blob_does_not_keep_it() {
        link(APP, layer);
        store.put(OTHER, Sample.image(layer).sparseAt(V1));
        assertThat(dead(2)).hasSize(1);
    }

    @Test
    void an_unlinked_blob_waits_for_its_lease_while_another_repository_has_it() {
        link(APP, layer);
        store.mount(OTHER, layer.digest(), lease(1));
        store.unlink(APP, layer.digest());
        assertThat(dead(0.9)).isEmpty();
        assertThat(blob(OTHER, layer.digest())).isPresent();
        assertThat(dead(2)).hasSize(1);
    }

    @Test
    void a_blob_that_no_repository_has_any_more_is_dead_at_once() throws Exception {
        MetadataStore sibling = sibling();
        StoredBlob stored = link(APP, layer);
        sibling.mount(OTHER, layer.digest(), lease(1));
        sibling.unlink(OTHER, layer.digest());
        assertThat(dead(0.1)).isEmpty();
        store.unlink(APP, layer.digest());
        assertThat(dead(0.1)).containsExactly(stored.key());
        assertThat(store.mount(OTHER, layer.digest(), lease(1))).isEmpty();
        StoredBlob again = fresh(layer);
        assertThat(store.link(APP, again, lease(1))).isEqualTo(again);
        assertThat(dead(0.1)).containsExactly(stored.key());
    }

    @Test
    void whoever_links_mounts_or_claims_makes_it_stay_for_his_lease() {
        Content linked = Content.of("linked");
        Content mounted = Content.of("mounted");
        Content claimed = Content.of("claimed");
        for (Content content : List.of(linked, mounted, claimed)) {
            link(APP, content);
        }
        store.link(OTHER, fresh(linked), new Lease(at(4), "bob"));
        store.mount(OTHER, mounted.digest(), new Lease(at(4), "bob"));
        assertThat(store.claim(APP, claimed.digest(), new Lease(at(4), "bob"), Reach.ANYWHERE))
                .isPresent();
        assertThat(dead(3)).extracting(BlobKey::digest).containsExactly(linked.digest());
        assertThat(blob(OTHER, linked.digest())).isPresent();
        assertThat(dead(5)).hasSize(4);
    }

    @Test
    void nobody_shortens_the_lease_of_another() {
        store.link(APP, fresh(layer), new Lease(at(4), "alice"));
        store.claim(APP, layer.digest(), new Lease(at(1), "bob"), Reach.ANYWHERE);
        store.mount(OTHER, layer.digest(), new Lease(at(1), "bob"));
        assertThat(dead(3)).isEmpty();
    }

    @Test
    void the_longest_dead_come_first_and_no_more_than_asked_for() {
        List<BlobKey> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Content content = Content.of("blob " + i);
            StoredBlob stored = fresh(content);
            store.link(APP, stored, lease(2 + i));
            keys.add(stored.key());
            assertThat(store.dead(at(2.5 + i), 10)).isEqualTo(keys);
        }
        assertThat(store.dead(at(9), 2)).isEqualTo(keys.subList(0, 2));
        store.buried(keys.get(0));
        assertThat(store.dead(at(9), 2)).isEqualTo(keys.subList(1, 3));
    }

    @Test
    void a_put_and_the_collector_never_both_get_a_blob() throws Exception {
        for (int round = 0; round < 30; round++) {
            Content content = seed.content(round, 100);
            Sample sample = Sample.image(content);
            StoredBlob stored = fresh(content);
            store.link(APP, stored, lease(1));
            List<Boolean> alive = Threads.together(2, thread -> {
                if (thread == 1) {
                    return !store.dead(at(2), 1_000).contains(stored.key());
                }
                try {
                    store.put(APP, sample.at(V1));
                    return true;
                } catch (RegistryException.Invalid e) {
                    return false;
                }
            });
            assertThat(alive.get(0)).isEqualTo(alive.get(1));
            assertThat(blob(APP, content.digest()).isPresent()).isEqualTo(alive.get(0));
        }
    }

    @Test
    void those_who_link_one_digest_at_once_agree_on_one_object() throws Exception {
        for (int round = 0; round < 10; round++) {
            Content content = seed.content(round, 100);
            List<StoredBlob> fresh = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                fresh.add(fresh(content));
            }
            List<StoredBlob> answers = Threads.together(4, i -> store.link(APP, fresh.get(i), lease(1)));
            assertThat(Set.copyOf(answers)).hasSize(1);
            assertThat(blob(APP, content.digest())).contains(answers.get(0));
            List<BlobKey> losers = fresh.stream()
                    .map(StoredBlob::key)
                    .filter(key -> !key.equals(answers.get(0).key()))
                    .toList();
            assertThat(store.dead(start, 100)).containsExactlyInAnyOrderElementsOf(losers);
            losers.forEach(store::buried);
        }
    }

    @Test
    void a_random_history_has_the_same_answers_as_in_memory() {
        new Twins(store, new MemoryMetadata(), seed.random(), at(2)).live(steps());
    }

    /** How long that history is. */
    protected int steps() {
        return 300;
    }

    // How far, how long

    @Test
    void memory_answers_rightly_or_says_that_it_cannot() {
        StoredBlob stored = link(APP, layer);
        link(APP, config);
        put(APP, image, PutOptions.at(V1));
        for (int i = 0; i < 2; i++) {
            fromMemory(() -> assertThat(store.manifest(APP, V1, Reach.MEMORY)).isPresent());
            fromMemory(
                    () -> assertThat(store.manifest(APP, LATEST, Reach.MEMORY)).isEmpty());
            fromMemory(() ->
                    assertThat(store.blob(APP, layer.digest(), Reach.MEMORY)).contains(stored));
            fromMemory(() ->
                    assertThat(store.blob(OTHER, layer.digest(), Reach.MEMORY)).isEmpty());
            fromMemory(() -> assertThat(store.claim(APP, layer.digest(), lease(1), Reach.MEMORY))
                    .contains(stored));
            // What was asked once may be answered from memory the next time.
            manifest(APP, V1);
            manifest(APP, LATEST);
            blob(APP, layer.digest());
            blob(OTHER, layer.digest());
        }
        Sample next = Sample.image(config);
        put(APP, next, new PutOptions(V1, List.of(LATEST), TagRule.ANY));
        store.mount(OTHER, layer.digest(), lease(1));
        fromMemory(() -> assertThat(
                        store.manifest(APP, V1, Reach.MEMORY).orElseThrow().digest())
                .isEqualTo(next.digest()));
        fromMemory(() -> assertThat(store.manifest(APP, LATEST, Reach.MEMORY)).isPresent());
        fromMemory(() ->
                assertThat(store.blob(OTHER, layer.digest(), Reach.MEMORY)).contains(stored));
        store.delete(APP, image.digest());
        store.delete(APP, V1);
        store.unlink(APP, layer.digest());
        fromMemory(() -> assertThat(store.manifest(APP, V1, Reach.MEMORY)).isEmpty());
        fromMemory(() ->
                assertThat(store.manifest(APP, image.digest(), Reach.MEMORY)).isEmpty());
        fromMemory(
                () -> assertThat(store.blob(APP, layer.digest(), Reach.MEMORY)).isEmpty());
        fromMemory(() -> assertThat(store.claim(APP, layer.digest(), lease(1), Reach.MEMORY))
                .isEmpty());
        dead(5);
        fromMemory(() ->
                assertThat(store.blob(OTHER, layer.digest(), Reach.MEMORY)).isEmpty());
    }

    private static void fromMemory(Runnable check) {
        try {
            check.run();
        } catch (BeyondReach e) {
            // The other right answer.
        }
    }

    @Test
    void everything_outlives_the_process() throws Exception {
        put(APP, image, new PutOptions(V1, List.of(LATEST), TagRule.ANY));
        Sample signature = Sample.index()
                .subject(image.descriptor())
                .artifactType(SIGNATURE)
                .annotation("a", "b")
                .build();
        store.put(APP, signature.at(signature.digest()));
        store.delete(APP, LATEST);
        StoredBlob loser = fresh(layer);
        StoredBlob winner = store.link(OTHER, loser, lease(1));
        Optional<MetadataStore> again = reopen();
        assumeTrue(again.isPresent(), "this store does not outlive its process");
        store = again.orElseThrow();
        assertThat(Bytes.of(manifest(APP, V1).orElseThrow().bytes()))
                .isEqualTo(Bytes.of(image.manifest().bytes()));
        assertThat(tags(APP)).containsExactly("v1");
        assertThat(repositories()).containsExactly("team/app");
        assertThat(referrers(APP, image.digest()))
                .containsExactly(signature.links().asReferrer(signature.descriptor()));
        assertThat(blob(OTHER, layer.digest())).contains(winner);
        assertUnsupported(() -> store.unlink(APP, layer.digest()));
        assertThat(dead(0)).containsExactly(loser.key());
    }

    // Helpers

    protected final Instant at(double hours) {
        return start.plus(Duration.ofSeconds((long) (hours * 3_600)));
    }

    /** Until so many hours after the start. One hour is what a collector that has just started may wait, too. */
    private Lease lease(double hours) {
        return new Lease(at(hours), "alice");
    }

    private List<BlobKey> dead(double hours) {
        return store.dead(at(hours), 1_000);
    }

    private static StoredBlob fresh(Content content) {
        return new StoredBlob(new BlobKey(content.digest(), UploadId.random()), content.size());
    }

    private StoredBlob link(RepositoryName repository, Content content) {
        return store.link(repository, fresh(content), lease(1));
    }

    /** With its blobs, which all tests here take from the same two. */
    private void put(RepositoryName repository, Sample sample, PutOptions options) {
        for (Content content : List.of(config, layer)) {
            if (blob(repository, content.digest()).isEmpty()) {
                link(repository, content);
            }
        }
        store.put(repository, sample.with(options));
    }

    private Optional<Manifest> manifest(RepositoryName repository, Reference reference) {
        return store.manifest(repository, reference, Reach.ANYWHERE);
    }

    private Optional<StoredBlob> blob(RepositoryName repository, Digest digest) {
        return store.blob(repository, digest, Reach.ANYWHERE);
    }

    private List<String> tags(RepositoryName repository) {
        return store.tags(repository, ALL).items().stream().map(Tag::name).toList();
    }

    private List<String> repositories() {
        return store.repositories(ALL).items().stream()
                .map(RepositoryName::value)
                .toList();
    }

    private List<Descriptor> referrers(RepositoryName repository, Digest subject) {
        return store.referrers(repository, subject, Set.of(), ALL).items();
    }

    private static <T> List<String> inPages(
            int limit, Function<PageRequest, Page<T>> list, Function<T, String> nameOf) {
        List<String> all = new ArrayList<>();
        PageRequest request = PageRequest.first(limit);
        while (true) {
            Page<T> page = list.apply(request);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page.items().forEach(item -> all.add(nameOf.apply(item)));
            if (!page.more()) {
                return all;
            }
            assertThat(page.items()).hasSize(limit);
            request = request.after(all.get(all.size() - 1));
        }
    }

    private static void assertNameUnknown(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RegistryException.Unknown.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_UNKNOWN));
    }

    private static void assertUnsupported(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(RegistryException.Unsupported.class);
    }
}
