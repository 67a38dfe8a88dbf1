package io.entrepot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.History;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Threads;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Registry} owes that can be pushed to. */
public abstract class RegistryContract extends PullContract {

    @Override
    protected Registry origin() {
        return registry();
    }

    /** Whether requests travel: rules cannot, principals become credentials, and nobody holds a writer. */
    protected boolean remote() {
        return false;
    }

    /** How many random histories are run. Fewer where one takes its time. */
    protected int histories() {
        return 200;
    }

    // Blobs

    @Test
    void a_pushed_blob_is_there_at_once() {
        assertUnknown(() -> repository(APP).claim(layer.digest()), ErrorCode.BLOB_UNKNOWN);
        assertThat(Client.push(repository(APP), layer)).isEqualTo(Descriptor.ofBlob(layer.digest(), layer.size()));
        assertThat(repository(APP).claim(layer.digest()).size()).isEqualTo(layer.size());
        assertThat(repository(APP).stat(layer.digest()).size()).isEqualTo(layer.size());
        assertThat(Client.pull(repository(APP), layer.digest())).isEqualTo(layer.bytes());
        assertUnknown(() -> repository(OTHER).stat(layer.digest()), ErrorCode.BLOB_UNKNOWN);
    }

    @Test
    void a_blob_may_be_empty() {
        Content empty = Content.of("");
        try (Upload upload = repository(APP).upload(UploadHints.NONE)) {
            upload.commit(empty.digest());
        }
        assertThat(Client.pull(repository(APP), empty.digest())).isEmpty();
    }

    @Test
    void the_same_blob_may_be_pushed_again_and_to_other_repositories() {
        for (RepositoryName name : List.of(APP, APP, OTHER)) {
            Client.push(repository(name), layer);
            assertThat(Client.pull(repository(name), layer.digest())).isEqualTo(layer.bytes());
        }
    }

    @Test
    void a_blob_is_pushed_in_chunks_over_several_sessions_of_work() {
        UploadId id;
        try (Upload upload = repository(APP).upload(UploadHints.NONE)) {
            id = upload.id();
            upload.append(0, layer.buffer(0, 10_000));
            upload.append(10_000, layer.buffer(10_000, 30_000));
            assertThat(upload.offset()).isEqualTo(30_000);
        }
        assertThat(repository(APP).status(id)).isEqualTo(new UploadStatus(id, 30_000));
        try (Upload upload = repository(APP).resume(id)) {
            assertThat(upload.offset()).isEqualTo(30_000);
            upload.append(30_000, layer.buffer(30_000, layer.size()));
            upload.commit(layer.digest());
        }
        assertThat(Client.pull(repository(APP), layer.digest())).isEqualTo(layer.bytes());
        assertUploadUnknown(id);
    }

    @Test
    void an_upload_is_read_along_if_this_kind_can_be() {
        try (Upload upload = repository(APP).upload(UploadHints.NONE)) {
            upload.append(0, layer.buffer(0, 30_000));
            Optional<HeldBytes> opened = upload.held();
            opened.ifPresent(held -> assertHeld(held, 30_000));
            upload.append(30_000, layer.buffer(30_000, layer.size()));
            opened.ifPresent(held -> assertHeld(held, layer.size()));
            upload.commit(layer.digest());
            opened.ifPresent(held -> assertHeld(held, layer.size()));
            opened.ifPresent(HeldBytes::close);
        }
    }

    private void assertHeld(HeldBytes held, int size) {
        ByteBuffer all = ByteBuffer.allocate(layer.size() + 1);
        int read = 0;
        do {
            read = held.read(all.position(), all);
        } while (read > 0);
        assertThat(Bytes.of(all.flip())).isEqualTo(layer.bytes(0, size));
    }

    @Test
    void a_chunk_out_of_order_is_refused_with_the_place_to_go_on() {
        try (Upload upload = repository(APP).upload(UploadHints.NONE)) {
            upload.append(0, layer.buffer(0, 1_000));
            for (long wrong : new long[] {0, 999, 1_001}) {
                assertThatThrownBy(() -> upload.append(wrong, layer.buffer(wrong, 2_000)))
                        .isInstanceOfSatisfying(
                                RegistryException.OutOfOrder.class,
                                e -> assertThat(e.offset()).isEqualTo(1_000));
            }
            assertThat(repository(APP).status(upload.id()).offset()).isEqualTo(1_000);
            upload.append(1_000, layer.buffer(1_000, layer.size()));
            upload.commit(layer.digest());
        }
        assertThat(Client.pull(repository(APP), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void bytes_of_another_digest_are_refused_and_gone() {
        Upload upload = repository(APP).upload(UploadHints.NONE);
        upload.append(0, config.buffer());
        assertThatThrownBy(() -> upload.commit(layer.digest()))
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_INVALID));
        upload.close();
        assertUploadUnknown(upload.id());
        assertUnknown(() -> repository(APP).stat(layer.digest()), ErrorCode.BLOB_UNKNOWN);
        assertUnknown(() -> repository(APP).stat(config.digest()), ErrorCode.BLOB_UNKNOWN);
    }

    @Test
    void a_cancelled_upload_is_gone() {
        Upload upload = repository(APP).upload(UploadHints.NONE);
        upload.append(0, config.buffer());
        upload.cancel();
        upload.close();
        assertUploadUnknown(upload.id());
    }

    @Test
    void whoever_resumes_an_upload_ends_the_older_writer() {
        assumeFalse(remote());
        Upload older = repository(APP).upload(UploadHints.NONE);
        older.append(0, layer.buffer(0, 500));
        try (Upload newer = repository(APP).resume(older.id())) {
            assertUnknown(() -> older.append(500, layer.buffer(500, 600)), ErrorCode.BLOB_UPLOAD_UNKNOWN);
            older.close();
            newer.append(500, layer.buffer(500, layer.size()));
            newer.commit(layer.digest());
        }
        assertThat(Client.pull(repository(APP), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void an_upload_exists_in_its_repository_only() {
        try (Upload upload = repository(APP).upload(UploadHints.NONE)) {
            UploadId id = upload.id();
            assertUnknown(() -> repository(OTHER).status(id), ErrorCode.BLOB_UPLOAD_UNKNOWN);
            assertUnknown(() -> repository(OTHER).resume(id), ErrorCode.BLOB_UPLOAD_UNKNOWN);
        }
        assertUploadUnknown(UploadId.random());
    }

    @Test
    void an_upload_exists_for_its_principal_only() {
        assumeFalse(remote());
        Call mallory = new Call(new Principal("local", "mallory"), Call.Purpose.PUSH, Reach.ANYWHERE, "1");
        Repository hers = registry().repository(APP, mallory);
        try (Upload upload = repository(APP).upload(UploadHints.NONE)) {
            assertUnknown(() -> hers.status(upload.id()), ErrorCode.BLOB_UPLOAD_UNKNOWN);
            assertUnknown(() -> hers.resume(upload.id()), ErrorCode.BLOB_UPLOAD_UNKNOWN);
        }
    }

    private void assertUploadUnknown(UploadId id) {
        assertUnknown(() -> repository(APP).status(id), ErrorCode.BLOB_UPLOAD_UNKNOWN);
        assertUnknown(() -> repository(APP).resume(id), ErrorCode.BLOB_UPLOAD_UNKNOWN);
    }

    @Test
    void a_blob_that_the_source_has_is_mounted() {
        Client.push(repository(APP), layer);
        assertThat(repository(OTHER).mount(layer.digest(), repository(APP)))
                .contains(Descriptor.ofBlob(layer.digest(), layer.size()));
        assertThat(Client.pull(repository(OTHER), layer.digest())).isEqualTo(layer.bytes());
        repository(APP).deleteBlob(layer.digest());
        assertThat(Client.pull(repository(OTHER), layer.digest())).isEqualTo(layer.bytes());
    }

    @Test
    void a_blob_that_the_source_does_not_have_is_not_mounted_even_if_another_has_it() {
        Client.push(repository(APP), layer);
        assertThat(repository(OTHER).mount(layer.digest(), repository(NOBODYS))).isEmpty();
        assertThat(repository(OTHER).mount(config.digest(), repository(APP))).isEmpty();
        assertUnknown(() -> repository(OTHER).stat(layer.digest()), ErrorCode.BLOB_UNKNOWN);
    }

    @Test
    void holders_of_a_blob_can_be_found_for_a_mount() {
        assumeFalse(remote());
        Client.push(repository(APP), layer);
        assertThat(registry().holders(layer.digest(), 5, call())).containsExactly(APP);
        assertThat(registry().holders(config.digest(), 5, call())).isEmpty();
    }

    @Test
    void a_blob_is_deleted_unless_a_manifest_refers_to_it() {
        Sample image = Client.pushImage(repository(APP), V1, config, layer);
        for (Content content : List.of(config, layer)) {
            assertThatThrownBy(() -> repository(APP).deleteBlob(content.digest()))
                    .isInstanceOf(RegistryException.Unsupported.class);
        }
        repository(APP).delete(image.digest());
        repository(APP).deleteBlob(layer.digest());
        assertUnknown(() -> repository(APP).stat(layer.digest()), ErrorCode.BLOB_UNKNOWN);
        assertUnknown(() -> repository(APP).deleteBlob(layer.digest()), ErrorCode.BLOB_UNKNOWN);
    }

    // Manifests and tags

    @Test
    void a_put_answers_what_was_stored() {
        Client.push(repository(APP), config);
        Sample image = Sample.image(config);
        assertThat(Client.put(repository(APP), image, V1)).isEqualTo(image.descriptor());
        assertThat(Client.put(repository(APP), image, image.digest())).isEqualTo(image.descriptor());
        assertThat(Client.tags(repository(APP))).containsExactly("v1");
    }

    @Test
    void a_manifest_is_refused_under_a_digest_that_is_not_its_own() {
        Client.push(repository(APP), config);
        Sample image = Sample.image(config);
        assertThatThrownBy(() -> Client.put(repository(APP), image, layer.digest()))
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_INVALID));
        assertUnknown(() -> repository(APP).manifest(image.digest()), ErrorCode.MANIFEST_UNKNOWN);
        assertUnknown(() -> repository(APP).manifest(layer.digest()), ErrorCode.MANIFEST_UNKNOWN);
    }

    @Test
    void what_is_no_manifest_is_refused() {
        for (String text : List.of("", "{", "[]", "{\"schemaVersion\":1}", "hello")) {
            Manifest nonsense = Manifest.of(
                    MediaType.OCI_MANIFEST,
                    Digest.Algorithm.SHA256,
                    Content.of(text).bytes());
            assertThatThrownBy(() -> repository(APP).put(nonsense, PutOptions.at(V1)))
                    .as(text)
                    .isInstanceOfSatisfying(
                            RegistryException.Invalid.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID));
        }
        assertUnknown(() -> repository(APP).manifest(V1), ErrorCode.MANIFEST_UNKNOWN);
    }

    @Test
    void an_image_without_its_blobs_is_refused_with_each_missing_one_named() {
        Content second = seed.content(2, 10);
        Client.push(repository(APP), config);
        Client.push(repository(OTHER), layer);
        assertThatThrownBy(() -> Client.put(repository(APP), Sample.image(config, layer, second), V1))
                .isInstanceOfSatisfying(RegistryException.Invalid.class, e -> {
                    assertThat(e.problems()).allMatch(p -> p.code() == ErrorCode.MANIFEST_BLOB_UNKNOWN);
                    assertThat(e.problems())
                            .extracting(p -> p.detail().orElse(""))
                            .containsExactlyInAnyOrder(
                                    layer.digest().toString(), second.digest().toString());
                });
        assertUnknown(() -> repository(APP).manifest(V1), ErrorCode.MANIFEST_UNKNOWN);
    }

    @Test
    void layers_that_may_not_be_distributed_need_not_be_here() {
        Client.push(repository(APP), config);
        Sample image = Sample.image()
                .config(config.layer())
                .layer(layer.as(new MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")))
                .layer(layer.as(new MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")))
                .build();
        assertThatCode(() -> Client.put(repository(APP), image, V1)).doesNotThrowAnyException();
    }

    @Test
    void an_index_is_taken_before_and_after_its_children() {
        Sample child = Sample.image(config);
        Client.put(repository(APP), Sample.index(child), V1);
        Client.pushImage(repository(APP), child.digest(), config);
        repository(APP).delete(child.digest());
        assertThat(repository(APP).manifest(V1).digest())
                .isEqualTo(Sample.index(child).digest());
    }

    @Test
    void a_manifest_of_nearly_four_megabytes_is_taken() {
        Client.push(repository(APP), config);
        Sample large = Sample.image()
                .config(config.layer())
                .annotation("large", "x".repeat(4_000_000))
                .build();
        Client.put(repository(APP), large, V1);
        assertThat(Bytes.of(repository(APP).manifest(V1).bytes()))
                .isEqualTo(Bytes.of(large.manifest().bytes()));
    }

    @Test
    void several_tags_are_set_at_once() {
        Client.push(repository(APP), config);
        repository(APP)
                .put(Sample.image(config).manifest(), new PutOptions(V1, List.of(LATEST, new Tag("x")), TagRule.ANY));
        assertThat(Client.tags(repository(APP))).containsExactly("latest", "v1", "x");
    }

    @Test
    void a_tag_rule_that_refuses_one_tag_lets_nothing_happen() {
        assumeFalse(remote());
        Sample image = Client.pushImage(repository(APP), LATEST, config);
        Sample next = Sample.image(config, config);
        TagRule once = (tag, now, then) -> now.ifPresent(d -> {
            throw new RegistryException.Denied("tag " + tag + " of team/app exists", tag.name());
        });
        assertThatThrownBy(() -> repository(APP).put(next.manifest(), new PutOptions(V1, List.of(LATEST), once)))
                .isInstanceOf(RegistryException.Denied.class);
        assertThat(Client.tags(repository(APP))).containsExactly("latest");
        assertThat(repository(APP).resolve(LATEST).digest()).isEqualTo(image.digest());
        assertUnknown(() -> repository(APP).resolve(next.digest()), ErrorCode.MANIFEST_UNKNOWN);
    }

    @Test
    void deleting_a_tag_leaves_its_manifest_and_deleting_a_manifest_takes_its_tags() {
        Sample image = Client.pushImage(repository(APP), V1, config, layer);
        Client.put(repository(APP), image, LATEST);
        repository(APP).delete(V1);
        assertUnknown(() -> repository(APP).manifest(V1), ErrorCode.MANIFEST_UNKNOWN);
        assertUnknown(() -> repository(APP).delete(V1), ErrorCode.MANIFEST_UNKNOWN);
        assertThat(repository(APP).resolve(LATEST).digest()).isEqualTo(image.digest());
        repository(APP).delete(image.digest());
        assertUnknown(() -> repository(APP).manifest(LATEST), ErrorCode.MANIFEST_UNKNOWN);
        assertUnknown(() -> repository(APP).manifest(image.digest()), ErrorCode.MANIFEST_UNKNOWN);
        assertUnknown(() -> repository(APP).delete(image.digest()), ErrorCode.MANIFEST_UNKNOWN);
        assertThat(repository(APP).tags(ALL)).isEqualTo(Page.empty());
    }

    @Test
    void a_deleted_referrer_is_no_longer_listed() {
        Sample image = Client.pushImage(repository(APP), V1, config);
        Sample signature = Sample.index().subject(image.descriptor()).build();
        Client.put(repository(APP), signature, signature.digest());
        repository(APP).delete(signature.digest());
        assertThat(repository(APP).referrers(image.digest(), Set.of(), ALL)).isEqualTo(Page.empty());
    }

    @Test
    void repositories_that_hold_a_manifest_are_listed_bytewise_and_in_pages() {
        List<String> names = List.of("a", "a-b", "a.b", "a/b", "a0", "a_b");
        for (String name : names) {
            Client.pushImage(repository(new RepositoryName(name)), V1, config);
        }
        Client.push(repository(OTHER), config);
        for (int limit : List.of(1, 2, 5, 6, 7)) {
            assertThat(Client.pages(limit, page -> registry().repositories(page, call()), RepositoryName::value))
                    .isEqualTo(names);
        }
    }

    // Many at once, and by chance

    @Test
    void many_push_the_same_image_at_once() throws Exception {
        Threads.together(6, thread -> {
            RepositoryName name = thread % 2 == 0 ? APP : OTHER;
            return Client.pushImage(repository(name), V1, config, layer);
        });
        for (RepositoryName name : List.of(APP, OTHER)) {
            assertThat(repository(name).resolve(V1).digest())
                    .isEqualTo(Sample.image(config, layer).digest());
            assertThat(Client.pull(repository(name), layer.digest())).isEqualTo(layer.bytes());
        }
    }

    @Test
    void random_histories_end_as_a_model_of_ten_lines_says() {
        for (int i = 0; i < histories(); i++) {
            new History(registry(), call(), seed.value() + i).run(40);
        }
    }
}
