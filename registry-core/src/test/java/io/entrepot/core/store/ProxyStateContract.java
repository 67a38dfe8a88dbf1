package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.ProxyState.Answer;
import io.entrepot.core.store.ProxyState.Image;
import io.entrepot.core.store.ProxyState.Listing;
import io.entrepot.core.store.ProxyState.Pin;
import io.entrepot.core.store.ProxyState.Unfinished;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every {@link ProxyState} owes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ProxyStateContract {
    private static final RepositoryName APP = new RepositoryName("library/app");
    private static final RepositoryName OTHER = new RepositoryName("library/other");
    private static final Tag V1 = new Tag("v1");
    private static final Tag LATEST = new Tag("latest");
    private static final Digest GONE = Content.of("gone").digest();
    private static final Lease LEASE = new Lease(Instant.parse("2100-01-01T00:00:00Z"), "proxy");

    @RegisterExtension
    protected final Seed seed = new Seed();

    protected final SettableClock clock = new SettableClock();

    private final Content config = Content.of("{\"os\":\"linux\"}");
    private final Content layer = Content.of("a layer");
    private final Content second = Content.of("a second layer");
    private final Sample image = Sample.image(config, layer);
    private final Sample next = Sample.image(config, second);

    protected MetadataStore metadata;
    protected ProxyState state;

    /** The cache's metadata, empty, and the state beside it. */
    public record Opened(MetadataStore metadata, ProxyState state) {}

    protected abstract Opened open() throws Exception;

    /** Another proxy whose cache is over the same blob store. */
    protected abstract Opened sibling() throws Exception;

    /** What a new process finds, if this kind outlives its process. The state was closed. */
    protected Optional<Opened> reopen() throws Exception {
        return Optional.empty();
    }

    @BeforeEach
    void openState() throws Exception {
        use(open());
    }

    private void use(Opened opened) {
        metadata = opened.metadata;
        state = opened.state;
    }

    // What the upstream said

    @Test
    void what_the_upstream_said_last_is_known_for_each_reference() {
        Answer first = found(image);
        state.answered(APP, V1, first);
        state.answered(APP, LATEST, new Answer(Optional.empty(), now()));
        state.answered(APP, GONE, new Answer(Optional.empty(), now()));
        assertThat(answer(APP, V1)).contains(first);
        assertThat(answer(APP, LATEST)).contains(new Answer(Optional.empty(), now()));
        assertThat(answer(APP, GONE)).contains(new Answer(Optional.empty(), now()));
        assertThat(answer(APP, new Tag("v2"))).isEmpty();
        assertThat(answer(OTHER, V1)).isEmpty();
        clock.advance(Duration.ofMinutes(5));
        Answer later = found(next);
        state.answered(APP, V1, later);
        assertThat(answer(APP, V1)).contains(later);
    }

    @Test
    void memory_answers_rightly_or_says_that_it_cannot() {
        state.answered(APP, V1, found(image));
        assertThat(answer(APP, LATEST)).isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(state.answer(APP, V1, Reach.MEMORY)).contains(found(image));
            assertThat(state.answer(APP, LATEST, Reach.MEMORY)).isEmpty();
            answer(APP, V1);
        }
        state.answered(APP, LATEST, found(next));
        assertThat(state.answer(APP, LATEST, Reach.MEMORY)).contains(found(next));
        state.forget(APP);
        try {
            assertThat(state.answer(APP, V1, Reach.MEMORY)).isEmpty();
        } catch (BeyondReach e) {
            // The other right answer.
        }
        assertThat(answer(APP, V1)).isEmpty();
        assertThat(state.answer(APP, V1, Reach.MEMORY)).isEmpty();
    }

    @Test
    void who_reads_while_another_writes_never_brings_the_old_answer_back() throws Exception {
        AtomicInteger written = new AtomicInteger();
        Threads.together(4, thread -> {
            for (int i = 1; i <= 200; i++) {
                if (thread == 0) {
                    state.answered(APP, V1, numbered(i));
                    written.set(i);
                } else {
                    int least = written.get();
                    Optional<Answer> seen = answer(APP, V1);
                    assertThat(seen.map(a -> a.at().toEpochMilli()).orElse(0L)).isGreaterThanOrEqualTo(least);
                }
            }
            return thread;
        });
        assertThat(answer(APP, V1)).contains(numbered(200));
    }

    private static Answer numbered(int number) {
        return new Answer(Optional.empty(), Instant.ofEpochMilli(number));
    }

    @Test
    void lists_are_kept_as_they_were_written() {
        assertThat(state.listing(APP, "tags")).isEmpty();
        Listing tags = new Listing("v1\nlatest\n\u00e9\u0001", now());
        Listing none = new Listing("", now());
        state.listed(APP, "tags", new Listing("old", now()));
        state.listed(APP, "tags", tags);
        state.listed(APP, "referrers/" + GONE, none);
        assertThat(state.listing(APP, "tags")).contains(tags);
        assertThat(state.listing(APP, "referrers/" + GONE)).contains(none);
        assertThat(state.listing(OTHER, "tags")).isEmpty();
    }

    @Test
    void a_list_may_be_long_and_no_longer() {
        Listing longest = new Listing("x".repeat(ProxyState.MAX_LIST), now());
        state.listed(APP, "k".repeat(200), longest);
        assertThat(state.listing(APP, "k".repeat(200))).contains(longest);
        assertThatThrownBy(() -> new Listing("x".repeat(ProxyState.MAX_LIST + 1), now()))
                .isInstanceOf(IllegalArgumentException.class);
        for (String key : List.of("", "k".repeat(201))) {
            assertThatThrownBy(() -> state.listing(APP, key)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> state.listed(APP, key, longest)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_repository_is_forgotten_alone_or_with_all_others_and_its_content_stays() {
        put(APP, image, V1);
        for (RepositoryName name : List.of(APP, OTHER)) {
            state.answered(name, V1, found(image));
            state.listed(name, "tags", new Listing("v1", now()));
        }
        state.pin(new Pin(APP, V1));
        state.forget(APP);
        assertThat(answer(APP, V1)).isEmpty();
        assertThat(state.listing(APP, "tags")).isEmpty();
        assertThat(answer(OTHER, V1)).isPresent();
        assertThat(state.listing(OTHER, "tags")).isPresent();
        state.answered(APP, V1, found(next));
        state.forgetAll();
        for (RepositoryName name : List.of(APP, OTHER)) {
            assertThat(answer(name, V1)).isEmpty();
            assertThat(state.listing(name, "tags")).isEmpty();
        }
        assertThat(metadata.manifest(APP, V1, Reach.LOCAL)).isPresent();
        assertThat(state.pins()).hasSize(1);
    }

    @Test
    void proxies_over_one_blob_store_share_nothing() throws Exception {
        Opened sibling = sibling();
        put(APP, image, V1);
        state.answered(APP, V1, found(image));
        state.listed(APP, "tags", new Listing("v1", now()));
        state.pin(new Pin(APP, V1));
        state.begun(new Unfinished(APP, GONE, UploadId.random(), now()));
        assertThat(sibling.state.answer(APP, V1, Reach.LOCAL)).isEmpty();
        assertThat(sibling.state.listing(APP, "tags")).isEmpty();
        assertThat(sibling.state.pins()).isEmpty();
        assertThat(sibling.state.unfinished(GONE)).isEmpty();
        assertThat(sibling.state.heldBytes()).isZero();
        assertThat(sibling.state.coldest(10)).isEmpty();
        assertThat(sibling.state.referred(APP, layer.digest())).isEmpty();
        sibling.state.forgetAll();
        assertThat(answer(APP, V1)).isPresent();
    }

    // What manifests say of blobs

    @Test
    void a_blob_is_described_as_a_manifest_of_the_repository_says_whether_it_is_here_or_not() {
        metadata.put(APP, image.sparseAt(V1));
        assertThat(state.referred(APP, layer.digest())).contains(layer.layer());
        link(APP, layer);
        assertThat(state.referred(APP, layer.digest())).contains(layer.layer());
        assertThat(state.referred(APP, config.digest()).orElseThrow().size()).isEqualTo(config.size());
        assertThat(state.referred(APP, second.digest())).isEmpty();
        link(APP, second);
        assertThat(state.referred(APP, second.digest())).isEmpty();
        assertThat(state.referred(OTHER, layer.digest())).isEmpty();
        link(OTHER, layer);
        assertThat(state.referred(OTHER, layer.digest())).isEmpty();
        metadata.delete(APP, image.digest());
        assertThat(state.referred(APP, layer.digest())).isEmpty();
    }

    @Test
    void children_of_an_index_are_described_if_they_are_blobs() {
        Sample index =
                Sample.index().child(layer.layer()).child(image.descriptor()).build();
        metadata.put(APP, index.sparseAt(V1));
        assertThat(state.referred(APP, layer.digest())).contains(layer.layer());
        assertThat(state.referred(APP, image.digest())).isEmpty();
        metadata.put(APP, image.sparseAt(image.digest()));
        assertThat(state.referred(APP, image.digest())).isEmpty();
    }

    @Test
    void the_size_of_a_blob_is_what_the_manifest_says() {
        MediaType type = new MediaType("application/vnd.example.large");
        Descriptor large = new Descriptor(type, GONE, 7L << 40);
        metadata.put(
                APP, Sample.image().config(config.layer()).layer(large).build().sparseAt(V1));
        assertThat(state.referred(APP, GONE)).contains(large);
    }

    // How much it is, and what was read last

    @Test
    void each_blob_is_counted_once_where_a_manifest_refers_to_it_and_it_is_here() throws Exception {
        assertThat(state.heldBytes()).isZero();
        link(APP, layer);
        assertThat(state.heldBytes()).isZero();
        metadata.put(APP, image.sparseAt(V1));
        long manifest = image.manifest().size();
        assertThat(state.heldBytes()).isEqualTo(manifest + layer.size());
        link(APP, config);
        assertThat(state.heldBytes()).isEqualTo(manifest + layer.size() + config.size());
        put(OTHER, image, V1);
        assertThat(state.heldBytes()).isEqualTo(2 * manifest + layer.size() + config.size());
        put(APP, next, LATEST);
        long all = 2 * manifest + next.manifest().size() + layer.size() + config.size() + second.size();
        assertThat(state.heldBytes()).isEqualTo(all);
        Opened sibling = sibling();
        sibling.metadata.put(APP, image.sparseAt(V1));
        assertThat(sibling.state.heldBytes()).isEqualTo(manifest);
        metadata.delete(APP, next.digest());
        assertThat(state.heldBytes()).isEqualTo(2 * manifest + layer.size() + config.size());
    }

    @Test
    void the_coldest_come_first_by_when_they_were_read_or_else_stored() {
        put(APP, image, V1);
        tick();
        put(APP, next, LATEST);
        tick();
        put(OTHER, image, V1);
        assertThat(coldest()).containsExactly(image.digest(), next.digest(), image.digest());
        tick();
        Instant read = now();
        state.touch(APP, image.digest(), read);
        assertThat(state.coldest(10))
                .extracting(Image::repository, Image::manifest)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(APP, next.digest()),
                        org.assertj.core.groups.Tuple.tuple(OTHER, image.digest()),
                        org.assertj.core.groups.Tuple.tuple(APP, image.digest()));
        assertThat(state.coldest(3).get(2).lastRead()).isEqualTo(read);
        assertThat(state.coldest(1)).extracting(Image::manifest).containsExactly(next.digest());
        metadata.delete(APP, next.digest());
        assertThat(state.coldest(1)).extracting(Image::repository).containsExactly(OTHER);
    }

    @Test
    void a_touch_never_makes_a_manifest_colder_and_one_of_what_is_not_here_changes_nothing() {
        put(APP, image, V1);
        Instant stored = now();
        state.touch(APP, image.digest(), stored.minusSeconds(60));
        state.touch(APP, GONE, stored);
        state.touch(new RepositoryName("nobody/was/here"), image.digest(), stored);
        state.flush();
        assertThat(state.coldest(10)).extracting(Image::lastRead).containsExactly(stored);
        state.touch(APP, image.digest(), stored.plusSeconds(60));
        state.flush();
        state.touch(APP, image.digest(), stored.plusSeconds(30));
        state.flush();
        assertThat(state.coldest(10)).extracting(Image::lastRead).containsExactly(stored.plusSeconds(60));
        metadata.put(APP, image.sparseAt(V1));
        assertThat(state.coldest(10)).extracting(Image::lastRead).containsExactly(stored.plusSeconds(60));
    }

    @Test
    void an_image_takes_its_manifest_with_it_and_the_blobs_that_nobody_else_needs() throws Exception {
        put(APP, image, V1);
        tick();
        assertThat(bytes()).containsExactly(size(image) + layer.size() + config.size());
        put(APP, next, LATEST);
        assertThat(bytes()).containsExactly(size(image) + layer.size(), size(next) + second.size());
        metadata.put(OTHER, image.sparseAt(V1));
        assertThat(state.coldest(1)).extracting(Image::bytes).containsExactly(size(image) + layer.size());
        link(OTHER, layer);
        assertThat(state.coldest(1)).extracting(Image::bytes).containsExactly(size(image));
        metadata.delete(OTHER, image.digest());
        Opened sibling = sibling();
        sibling.metadata.mount(APP, layer.digest(), LEASE);
        sibling.metadata.put(APP, image.sparseAt(V1));
        assertThat(state.coldest(1)).extracting(Image::bytes).containsExactly(size(image) + layer.size());
    }

    @Test
    void what_is_pinned_is_left_out_and_so_is_all_below_it() {
        Sample inner = Sample.index(image);
        Sample outer = Sample.index(inner);
        Sample lonely = Sample.image(second);
        put(APP, image, image.digest());
        put(APP, next, LATEST);
        metadata.put(APP, inner.sparseAt(inner.digest()));
        metadata.put(APP, outer.sparseAt(V1));
        metadata.put(APP, lonely.sparseAt(lonely.digest()));
        put(OTHER, image, V1);
        state.pin(new Pin(APP, V1));
        assertThat(coldest()).containsExactlyInAnyOrder(next.digest(), lonely.digest(), image.digest());
        state.pin(new Pin(APP, next.digest()));
        state.pin(new Pin(OTHER, LATEST));
        state.pin(new Pin(OTHER, GONE));
        assertThat(coldest()).containsExactlyInAnyOrder(lonely.digest(), image.digest());
        metadata.put(APP, lonely.sparseAt(V1));
        assertThat(coldest()).containsExactlyInAnyOrder(image.digest(), image.digest(), inner.digest(), outer.digest());
        state.unpin(new Pin(APP, V1));
        state.unpin(new Pin(APP, next.digest()));
        assertThat(coldest()).hasSize(6);
    }

    // Pins and downloads

    @Test
    void pins_are_listed_in_order_and_each_once() {
        Pin tag = new Pin(APP, V1);
        Pin digest = new Pin(APP, GONE);
        Pin other = new Pin(new RepositoryName("a"), LATEST);
        assertThat(state.unpin(tag)).isFalse();
        for (Pin pin : List.of(tag, digest, other, tag)) {
            state.pin(pin);
        }
        assertThat(state.pins()).containsExactly(other, digest, tag);
        assertThat(state.unpin(tag)).isTrue();
        assertThat(state.unpin(tag)).isFalse();
        assertThat(state.pins()).containsExactly(other, digest);
    }

    @Test
    void a_download_is_known_from_its_beginning_to_its_end() {
        Unfinished one = new Unfinished(APP, GONE, UploadId.random(), now());
        Unfinished again = new Unfinished(OTHER, GONE, UploadId.random(), now().plusSeconds(1));
        assertThat(state.unfinished(GONE)).isEmpty();
        state.begun(one);
        assertThat(state.unfinished(GONE)).contains(one);
        state.begun(again);
        assertThat(state.unfinished(GONE)).contains(again);
        assertThat(state.unfinished(layer.digest())).isEmpty();
        state.ended(GONE);
        state.ended(GONE);
        assertThat(state.unfinished(GONE)).isEmpty();
    }

    @Test
    void everything_outlives_the_process() throws Exception {
        put(APP, image, V1);
        put(APP, next, LATEST);
        Unfinished download = new Unfinished(APP, GONE, UploadId.random(), now());
        state.answered(APP, V1, found(image));
        state.answered(APP, GONE, new Answer(Optional.empty(), now()));
        state.listed(APP, "tags", new Listing("v1", now()));
        state.pin(new Pin(APP, V1));
        state.begun(download);
        tick();
        Instant read = now();
        state.touch(APP, next.digest(), read);
        state.close();
        Optional<Opened> again = reopen();
        assumeTrue(again.isPresent(), "this state does not outlive its process");
        use(again.orElseThrow());
        assertThatThrownBy(() -> state.answer(APP, V1, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
        assertThat(answer(APP, V1).orElseThrow().digest()).contains(image.digest());
        assertThat(answer(APP, GONE).orElseThrow().digest()).isEmpty();
        assertThat(state.listing(APP, "tags").orElseThrow().text()).isEqualTo("v1");
        assertThat(state.pins()).containsExactly(new Pin(APP, V1));
        assertThat(state.unfinished(GONE)).contains(download);
        assertThat(state.coldest(10)).extracting(Image::lastRead).containsExactly(read);
    }

    @Test
    void a_random_history_is_remembered_as_a_map_would() {
        Random random = seed.random();
        List<RepositoryName> names = List.of(APP, OTHER);
        List<Reference> references = List.of(V1, LATEST, GONE, image.digest());
        Map<Object, Object> model = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            tick();
            RepositoryName name = names.get(random.nextInt(2));
            Reference reference = references.get(random.nextInt(4));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    Answer said = random.nextBoolean() ? found(image) : new Answer(Optional.empty(), now());
                    state.answered(name, reference, said);
                    model.put(List.of(name, reference), said);
                }
                case 3, 4 -> {
                    Listing list = new Listing("" + i, now());
                    state.listed(name, "" + reference, list);
                    model.put(List.of(name, "" + reference), list);
                }
                case 5 -> {
                    state.pin(new Pin(name, reference));
                    model.put(new Pin(name, reference), true);
                }
                case 6 ->
                    assertThat(state.unpin(new Pin(name, reference)))
                            .isEqualTo(model.remove(new Pin(name, reference)) != null);
                case 7 -> {
                    state.forget(name);
                    model.keySet().removeIf(key -> key instanceof List<?> list && list.contains(name));
                }
                case 8 -> {
                    if (random.nextInt(10) == 0) {
                        state.forgetAll();
                        model.keySet().removeIf(key -> key instanceof List<?>);
                    }
                }
                case 9 -> state.flush();
                default -> {
                    // Only look.
                }
            }
            Reference asked = references.get(random.nextInt(4));
            assertThat(answer(name, asked)).isEqualTo(Optional.ofNullable(model.get(List.of(name, asked))));
            assertThat(state.listing(name, "" + asked))
                    .isEqualTo(Optional.ofNullable(model.get(List.of(name, "" + asked))));
            assertThat(state.pins().contains(new Pin(name, asked))).isEqualTo(model.containsKey(new Pin(name, asked)));
        }
    }

    // Helpers

    private Instant now() {
        return clock.instant();
    }

    private void tick() {
        clock.advance(Duration.ofSeconds(1));
    }

    private Answer found(Sample sample) {
        return new Answer(Optional.of(sample.digest()), now());
    }

    private Optional<Answer> answer(RepositoryName repository, Reference reference) {
        return state.answer(repository, reference, Reach.LOCAL);
    }

    private List<Digest> coldest() {
        return state.coldest(100).stream().map(Image::manifest).toList();
    }

    private List<Long> bytes() {
        return state.coldest(100).stream().map(Image::bytes).toList();
    }

    private static long size(Sample sample) {
        return sample.manifest().size();
    }

    private void link(RepositoryName repository, Content content) {
        metadata.link(
                repository, new StoredBlob(new BlobKey(content.digest(), UploadId.random()), content.size()), LEASE);
    }

    /** With its blobs. */
    private void put(RepositoryName repository, Sample sample, Reference at) {
        for (Content content : List.of(config, layer, second)) {
            if (sample.blobs().contains(content.digest())) {
                link(repository, content);
            }
        }
        metadata.put(repository, sample.at(at));
    }
}
