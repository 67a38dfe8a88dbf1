package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.proxy.testkit.Exchange;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RemotePushTest extends AgainstUpstream {
    private static final RepositoryName APP = new RepositoryName("team/app");

    private final Content fresh = Content.of("fresh ".repeat(1_000));
    private final Repository app = remote.repository(APP, call);

    private Upload begin() {
        return app.upload(UploadHints.NONE);
    }

    private void assertPushed() {
        assertThat(Client.pull(upstream.origin().repository(APP, call), fresh.digest()))
                .isEqualTo(fresh.bytes());
    }

    @Test
    void an_upload_may_be_at_a_url_of_any_form() {
        upstream.opaqueUploads();
        UploadId id;
        try (Upload upload = begin()) {
            id = upload.id();
            upload.append(0, fresh.buffer(0, 1_000));
            upload.append(1_000, fresh.buffer(1_000, 2_000));
        }
        assertThat(app.status(id).offset()).isEqualTo(2_000);
        try (Upload upload = app.resume(id)) {
            upload.append(2_000, fresh.buffer(2_000, fresh.size()));
            assertThat(upload.commit(fresh.digest())).isEqualTo(Descriptor.ofBlob(fresh.digest(), fresh.size()));
        }
        assertPushed();
        assertThat(upstream.requests())
                .filteredOn(request ->
                        !request.method().equals("POST") && request.path().startsWith("/v2/"))
                .isEmpty();
        assertUnknown(() -> app.status(id), ErrorCode.BLOB_UPLOAD_UNKNOWN);
    }

    @Test
    void an_upload_that_is_named_as_ours_are_is_found_by_another_process() {
        UploadId id;
        try (Upload upload = begin()) {
            id = upload.id();
            upload.append(0, fresh.buffer(0, 1_000));
        }
        try (RemoteRegistry other = Remotes.plain(upstream.root());
                Upload upload = other.repository(APP, call).resume(id)) {
            assertThat(upload.offset()).isEqualTo(1_000);
            upload.append(1_000, fresh.buffer(1_000, fresh.size()));
            upload.commit(fresh.digest());
        }
        assertPushed();
    }

    @Test
    void an_upload_that_is_named_otherwise_is_unknown_to_another_process() {
        UploadId id;
        upstream.opaqueUploads();
        try (Upload upload = begin()) {
            id = upload.id();
        }
        get("/blobs/uploads/", Fault.error(400, "UNSUPPORTED", "where is my state?"));
        try (RemoteRegistry other = Remotes.plain(upstream.root())) {
            assertUnknown(() -> other.repository(APP, call).status(id), ErrorCode.BLOB_UPLOAD_UNKNOWN);
        }
    }

    @Test
    void chunks_say_where_they_belong() {
        try (Upload upload = begin()) {
            upload.append(0, fresh.buffer(0, 10));
            upload.append(10, fresh.buffer(10, 10));
            upload.append(10, fresh.buffer(10, 11));
            upload.append(11, fresh.buffer(11, fresh.size()));
            upload.commit(fresh.digest());
        }
        assertThat(upstream.requests("PATCH", ""))
                .extracting(request -> request.header("Content-Range").orElse(""))
                .containsExactly("0-9", "10-10", "11-5999");
        Exchange put = upstream.requests("PUT", "").get(0);
        assertThat(put.query()).isEqualTo("digest=" + fresh.digest());
        assertThat(put.body()).isEmpty();
        assertPushed();
    }

    @Test
    void whether_a_chunk_was_taken_that_was_not_answered_is_found_out_by_resuming() {
        upstream.on(Match.method("PATCH", ""), 1, Fault.status(503));
        try (Upload upload = begin()) {
            var buffer = fresh.buffer(0, 1_000);
            assertThatThrownBy(() -> upload.append(0, buffer)).isInstanceOf(RegistryException.Unavailable.class);
            assertThat(buffer.remaining()).isEqualTo(1_000);
            try (Upload resumed = app.resume(upload.id())) {
                assertThat(resumed.offset()).isEqualTo(1_000);
                var rest = fresh.buffer(1_000, fresh.size());
                resumed.append(1_000, rest);
                assertThat(rest.remaining()).isZero();
                resumed.commit(fresh.digest());
            }
        }
        assertPushed();
    }

    @Test
    void a_chunk_that_came_too_late_is_told_where_to_go_on() {
        try (Upload upload = begin();
                Upload same = app.resume(upload.id())) {
            same.append(0, fresh.buffer(0, 3_000));
            assertThatThrownBy(() -> upload.append(0, fresh.buffer(0, 1_000)))
                    .isInstanceOfSatisfying(
                            RegistryException.OutOfOrder.class,
                            e -> assertThat(e.offset()).isEqualTo(3_000));
            assertThat(upload.offset()).isEqualTo(3_000);
            upload.append(3_000, fresh.buffer(3_000, fresh.size()));
            upload.commit(fresh.digest());
        }
        assertPushed();
    }

    @Test
    void a_chunk_of_which_only_a_part_was_taken_is_noticed() {
        upstream.on(Match.method("PATCH", ""), Fault.header("Range", "0-99"));
        try (Upload upload = begin()) {
            assertUnavailable(() -> upload.append(0, fresh.buffer()), "says that it holds 0-99");
        }
    }

    @Test
    void an_answer_without_a_place_leaves_the_upload_where_it_was() {
        upstream.on(Match.method("PATCH", ""), Fault.without("Location").and(Fault.without("Range")));
        try (Upload upload = begin()) {
            upload.append(0, fresh.buffer());
            upload.commit(fresh.digest());
        }
        assertPushed();
    }

    @Test
    void an_upload_that_begins_nowhere_makes_no_sense() {
        upstream.on(Match.method("POST", ""), 1, Fault.without("Location"));
        assertUnavailable(this::begin, "where the upload goes on");
        upstream.on(Match.method("POST", ""), 1, Fault.header("Location", ":::"));
        assertUnavailable(this::begin, "no URL");
        upstream.on(Match.method("POST", ""), 1, Fault.header("Location", "mailto:somebody@example.com"));
        assertUnavailable(this::begin, "no URL");
        upstream.on(Match.method("POST", ""), 1, (request, answer) -> answer.status(200));
        assertUnavailable(this::begin, "status 200");
    }

    @Test
    void what_is_stored_under_another_digest_is_noticed() {
        Digest other = Content.of("other").digest();
        upstream.on(Match.method("PUT", "/blobs/"), Fault.digest(other));
        try (Upload upload = begin()) {
            upload.append(0, fresh.buffer());
            assertUnavailable(() -> upload.commit(fresh.digest()), "was stored as " + other);
        }
        upstream.on(Match.method("PUT", "/manifests/"), Fault.digest(other));
        assertUnavailable(() -> Client.put(nginx, image, new Tag("2")), "was stored as " + other);
    }

    @Test
    void what_was_completed_or_cancelled_is_gone() {
        Upload upload = begin();
        upload.append(0, fresh.buffer());
        upload.commit(fresh.digest());
        upload.cancel();
        assertUnknown(() -> upload.append(0, fresh.buffer()), ErrorCode.BLOB_UPLOAD_UNKNOWN);
        assertUnknown(() -> upload.commit(fresh.digest()), ErrorCode.BLOB_UPLOAD_UNKNOWN);
        upload.close();
        assertThat(upstream.count("DELETE", "")).isZero();
    }

    @Test
    void an_upload_that_cannot_be_cancelled_is_left_to_end_by_itself() {
        for (int status : new int[] {404, 405, 403}) {
            upstream.forgetRules();
            upstream.on(Match.method("DELETE", ""), Fault.status(status));
            Upload upload = begin();
            upload.cancel();
            upload.close();
        }
        assertThat(upstream.count("DELETE", "")).isEqualTo(3);
    }

    @Test
    void nothing_of_an_upload_is_sent_twice() {
        upstream.on(Match.method("POST", ""), 1, Fault.status(503));
        assertUnavailable(this::begin, "503");
        assertThat(upstream.count("POST", "")).isEqualTo(1);
        upstream.on(Match.method("PUT", "/blobs/"), 1, Fault.hangUp());
        try (Upload upload = begin()) {
            upload.append(0, fresh.buffer());
            assertUnavailable(() -> upload.commit(fresh.digest()), "");
            assertThat(upstream.count("PUT", "/blobs/")).isEqualTo(1);
        }
    }

    @Test
    void a_full_disk_is_said_to_be_one() {
        upstream.on(Match.method("PATCH", ""), Fault.error(507, "DENIED", "no space"));
        try (Upload upload = begin()) {
            assertThatThrownBy(() -> upload.append(0, fresh.buffer()))
                    .isInstanceOf(RegistryException.InsufficientStorage.class);
        }
    }

    @Test
    void an_unusual_algorithm_is_announced() {
        Digest strong = fresh.digest(Digest.Algorithm.SHA512);
        try (Upload upload = app.upload(new UploadHints(OptionalLong.empty(), Optional.of(Digest.Algorithm.SHA512)))) {
            upload.append(0, fresh.buffer());
            upload.commit(strong);
        }
        assertThat(upstream.requests("POST", "").get(0).query()).isEqualTo("digest-algorithm=sha512");
        assertThat(Client.pull(app, strong)).isEqualTo(fresh.bytes());
    }

    @Test
    void a_mount_that_became_an_upload_is_cancelled() {
        assertThat(app.mount(fresh.digest(), nginx)).isEmpty();
        assertThat(upstream.requests("POST", "").get(0).query())
                .isEqualTo("mount=" + fresh.digest() + "&from=library/nginx");
        assertThat(upstream.count("DELETE", "/blobs/uploads/")).isEqualTo(1);
        assertThat(app.mount(layer.digest(), nginx)).contains(Descriptor.ofBlob(layer.digest(), layer.size()));
    }

    @Test
    void an_upload_that_nobody_wanted_and_nobody_can_cancel_is_no_trouble() {
        upstream.on(Match.method("DELETE", ""), Fault.status(500));
        assertThat(app.mount(fresh.digest(), nginx)).isEmpty();
    }

    @Test
    void a_mount_that_is_refused_is_none_and_an_outage_is_an_outage() {
        for (int status : new int[] {400, 401, 403, 404, 405}) {
            upstream.forgetRules();
            upstream.on(Match.method("POST", ""), Fault.status(status));
            assertThat(app.mount(layer.digest(), nginx)).isEmpty();
        }
        upstream.forgetRules();
        upstream.on(Match.method("POST", ""), Fault.status(500));
        assertUnavailable(() -> app.mount(layer.digest(), nginx), "500");
    }

    @Test
    void nothing_is_mounted_from_another_registry() {
        Registry origin = upstream.origin();
        assertThat(app.mount(layer.digest(), origin.repository(NGINX, call))).isEmpty();
        try (RemoteRegistry other = Remotes.plain(upstream.root())) {
            assertThat(app.mount(layer.digest(), other.repository(NGINX, call))).isEmpty();
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_manifest_is_put_by_its_type_and_byte_for_byte() {
        Client.put(nginx, image, new Tag("2"));
        Exchange put = upstream.requests("PUT", "").get(0);
        assertThat(put.header("Content-Type")).hasValue("application/vnd.oci.image.manifest.v1+json");
        assertThat(put.body()).isEqualTo(Bytes.of(image.manifest().bytes()));
        assertThat(nginx.manifest(new Tag("2")).digest()).isEqualTo(image.digest());
    }

    @Test
    void further_tags_are_put_one_after_another() {
        nginx.put(image.manifest(), new PutOptions(image.digest(), List.of(new Tag("a"), new Tag("b")), TagRule.ANY));
        assertThat(upstream.requests("PUT", ""))
                .extracting(Exchange::path)
                .containsExactly(MANIFESTS + image.digest(), MANIFESTS + "a", MANIFESTS + "b");
    }

    @Test
    void a_manifest_of_an_unusual_algorithm_says_so_when_it_is_tagged() {
        Manifest strong = Manifest.of(
                image.manifest().mediaType(),
                Digest.Algorithm.SHA512,
                Bytes.of(image.manifest().bytes()));
        nginx.put(strong, PutOptions.at(new Tag("strong")));
        assertThat(nginx.resolve(new Tag("strong")).digest()).isEqualTo(strong.digest());
    }

    @Test
    void a_rule_about_tags_cannot_be_kept_from_afar() {
        TagRule rule = (tag, now, next) -> {};
        assertThatThrownBy(() -> nginx.put(image.manifest(), PutOptions.at(ONE).obeying(rule)))
                .isInstanceOf(RegistryException.Unsupported.class);
        assertThat(upstream.requests()).isEmpty();
        // Where no tag is set there is nothing to be kept.
        nginx.put(image.manifest(), PutOptions.at(image.digest()).obeying(rule));
    }

    @Test
    void a_manifest_is_put_again_if_the_registry_was_in_trouble() {
        upstream.on(Match.method("PUT", ""), 1, Fault.status(502));
        upstream.on(Match.method("PUT", ""), 1, Fault.hangUp());
        Client.put(nginx, image, new Tag("2"));
        assertThat(upstream.count("PUT", "")).isEqualTo(3);
    }

    @Test
    void what_the_registry_says_of_a_manifest_is_passed_on() {
        upstream.on(Match.method("PUT", ""), Fault.error(400, "MANIFEST_INVALID", "no such thing"));
        assertThatThrownBy(() -> Client.put(nginx, image, ONE))
                .isInstanceOfSatisfying(RegistryException.Invalid.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID);
                    assertThat(e).hasMessage("no such thing");
                });
        upstream.forgetRules();
        upstream.on(Match.method("PUT", ""), Fault.error(403, "DENIED", "tag 1 is immutable"));
        assertThatThrownBy(() -> Client.put(nginx, image, ONE))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessage("tag 1 is immutable");
    }

    @Test
    void a_registry_that_does_not_delete_does_not_support_it() {
        upstream.on(Match.method("DELETE", ""), Fault.error(405, "UNSUPPORTED", "never"));
        assertThatThrownBy(() -> nginx.delete(ONE)).isInstanceOf(RegistryException.Unsupported.class);
        assertThatThrownBy(() -> nginx.deleteBlob(layer.digest())).isInstanceOf(RegistryException.Unsupported.class);
    }

    @Test
    void ten_thousand_uploads_are_remembered_and_no_more() {
        Sessions sessions = new Sessions();
        UploadId first = sessions.begun(APP, URI.create("http://127.0.0.1/opaque/0"));
        UploadId second = sessions.begun(APP, URI.create("http://127.0.0.1/opaque/1"));
        for (int i = 2; i <= Sessions.MOST; i++) {
            assertThat(sessions.location(APP, first)).isPresent();
            sessions.begun(APP, URI.create("http://127.0.0.1/opaque/" + i));
        }
        assertThat(sessions.location(APP, first)).isPresent();
        assertThat(sessions.location(APP, second)).isEmpty();
    }

    @Test
    void pushing_what_is_there_already_is_no_upload() {
        assertThat(nginx.claim(layer.digest()).size()).isEqualTo(layer.size());
        assertUnknown(() -> app.claim(layer.digest()), ErrorCode.BLOB_UNKNOWN);
        Sample pushed = Client.pushImage(app, ONE, config, layer);
        assertThat(app.manifest(ONE).digest()).isEqualTo(pushed.digest());
    }
}
