package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers say of themselves, and to whom. */
class AnswerSourceTest {
    private static final byte[] BYTES = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final Digest DIGEST = Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(BYTES));
    private static final String ALICE = "Authorization: Bearer alice";
    private static final String NOBODY = "X-Nobody: yes";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v2/a/manifests/v1",
                "HEAD /v2/a/manifests/v1",
                "GET /v2/a/blobs/DIGEST",
                "HEAD /v2/a/blobs/DIGEST",
                "GET /v2/a/tags/list",
                "GET /v2/a/referrers/DIGEST",
                "GET /v2/_catalog"
            })
    void warnings_are_for_all_and_the_source_for_those_who_are_known(String request) throws IOException {
        String method = request.substring(0, request.indexOf(' '));
        String target = request.substring(request.indexOf(' ') + 1).replace("DIGEST", DIGEST.toString());
        try (TestServer server = TestServer.guarded(entrance());
                RawClient client = server.client()) {
            for (String who : new String[] {ALICE, NOBODY}) {
                RawClient.Response answer = client.exchange(method, target, who);
                assertThat(answer.status()).isEqualTo(200);
                assertSaysOfItself(answer, who);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /v2/a/manifests/v1", "HEAD /v2/a/manifests/v1", "GET /v2/a/blobs/", "HEAD /v2/a/blobs/"})
    void an_answer_that_nothing_has_changed_says_it_too(String request) throws IOException {
        String method = request.substring(0, request.indexOf(' '));
        String target = request.substring(request.indexOf(' ') + 1);
        try (TestServer server = TestServer.guarded(entrance());
                RawClient client = server.client()) {
            for (String who : new String[] {ALICE, NOBODY}) {
                RawClient.Response answer = client.exchange(
                        method,
                        target.endsWith("/") ? target + DIGEST : target,
                        who,
                        "If-None-Match: \"" + DIGEST + "\"");
                assertThat(answer.status()).isEqualTo(304);
                assertSaysOfItself(answer, who);
            }
        }
    }

    private static void assertSaysOfItself(RawClient.Response answer, String who) {
        assertThat(answer.all("Warning"))
                .containsExactly(
                        "299 - \"it said \\\"stale\\\" of C:\\\\tags??X-Injected: t?g\"", "299 - \"and one more\"");
        assertThat(answer.all("X-Injected")).isEmpty();
        if (who.equals(ALICE)) {
            assertThat(answer.all("Entrepot-Source")).containsExactly("hub");
        } else {
            assertThat(answer.all("Entrepot-Source")).isEmpty();
        }
    }

    @Test
    void where_everybody_may_do_everything_everybody_is_told() throws IOException {
        try (TestServer server = TestServer.serving(new Noting());
                RawClient client = server.client()) {
            assertThat(client.exchange("GET", "/v2/a/manifests/v1").all("Entrepot-Source"))
                    .containsExactly("hub");
        }
    }

    @Test
    void who_is_nobody_with_a_token_is_not_told() throws IOException {
        try (TestServer server = TestServer.guarded(entrance());
                RawClient client = server.client()) {
            assertThat(client.exchange("GET", "/v2/a/manifests/v1", "Authorization: Bearer nobody")
                            .all("Entrepot-Source"))
                    .isEmpty();
        }
    }

    @Test
    void an_answer_that_nobody_noted_anything_of_says_nothing() throws IOException {
        try (TestServer server = TestServer.guarded(entrance());
                RawClient client = server.client()) {
            RawClient.Response answer = client.exchange("GET", "/v2/quiet/manifests/v1", ALICE);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.all("Entrepot-Source")).isEmpty();
            assertThat(answer.all("Warning")).isEmpty();
        }
    }

    @Test
    void a_refusal_does_not_say_who_was_asked() throws IOException {
        try (TestServer server = TestServer.guarded(entrance());
                RawClient client = server.client()) {
            RawClient.Response answer = client.exchange("GET", "/v2/a/manifests/missing", NOBODY);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.all("Entrepot-Source")).isEmpty();
        }
    }

    private static Entrance entrance() {
        Authenticator door = (credentials, visit, reach) -> credentials instanceof Credentials.Bearer bearer
                ? new Caller(
                        bearer.token().equals("alice") ? new Principal("local", "alice") : Principal.ANONYMOUS,
                        Proof.TOKEN,
                        Rights.ALL,
                        Access.ALL)
                : Caller.anonymous(Rights.ALL);
        return new Entrance(
                "here/main",
                false,
                Optional.empty(),
                true,
                door,
                Audit.NONE,
                (caller, namespace) -> new Noting(),
                (caller, name) -> true);
    }

    private record Noting() implements Registry {
        @Override
        public Repository repository(RepositoryName name, Call call) {
            return new Noted(name, call);
        }

        @Override
        public Page<RepositoryName> repositories(PageRequest page, Call call) {
            note(call);
            return Page.empty();
        }
    }

    private static void note(Call call) {
        call.source().answeredBy("group");
        call.source().warn("it said \"stale\" of C:\\tags\r\nX-Injected: t\u00e4g");
        call.source().warn("and one more");
        // Noted again when it is asked a second time.
        call.reach().require(Reach.LOCAL);
        call.source().answeredBy("hub");
    }

    private record Noted(RepositoryName name, Call call) implements Repository {
        private void note() {
            if (!name.value().equals("quiet")) {
                AnswerSourceTest.note(call);
            }
        }

        @Override
        public Descriptor resolve(Reference reference) {
            note();
            return new Descriptor(MediaType.OCI_INDEX, DIGEST, BYTES.length);
        }

        @Override
        public Manifest manifest(Reference reference) {
            note();
            if (reference.toString().equals("missing")) {
                throw RegistryException.unknownManifest(reference);
            }
            return Manifest.of(MediaType.OCI_INDEX, Digest.Algorithm.SHA256, BYTES);
        }

        @Override
        public Descriptor stat(Digest blob) {
            note();
            return Descriptor.ofBlob(blob, BYTES.length);
        }

        @Override
        public Blob open(Digest blob) {
            note();
            return TestBlob.streamed(BYTES).growTo(BYTES.length);
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            note();
            return Page.empty();
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            note();
            return Page.empty();
        }
    }
}
