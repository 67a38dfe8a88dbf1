package io.entrepot.core.hosted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PutOptions;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagPattern;
import io.entrepot.core.TagRule;
import io.entrepot.core.UploadHints;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class WritePolicyTest {
    private static final Tag V1 = new Tag("v1");
    private static final Tag LATEST = new Tag("latest");

    private final BlobStore blobs = new MemoryBlobStore();
    private final MetadataStore metadata = new MemoryMetadata();

    @Test
    void allow_lets_a_tag_move() {
        Repository app = app(WritePolicy.ALLOW);
        app.put(index("one"), PutOptions.at(V1));
        app.put(index("two"), PutOptions.at(V1));
        assertThat(app.resolve(V1).digest()).isEqualTo(index("two").digest());
    }

    @Test
    void allow_once_refuses_to_move_a_tag_and_says_which_rule_it_was() {
        Repository app = app(WritePolicy.ALLOW_ONCE);
        app.put(index("one"), PutOptions.at(V1));
        assertThatThrownBy(() -> app.put(index("two"), PutOptions.at(V1)))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessage("tag v1 of team/app exists and registry private does not allow redeploy");
        assertThat(app.resolve(V1).digest()).isEqualTo(index("one").digest());
    }

    @Test
    void allow_once_takes_the_same_push_again_and_a_push_by_digest() {
        Repository app = app(WritePolicy.ALLOW_ONCE);
        app.put(index("one"), PutOptions.at(V1));
        assertThatCode(() -> app.put(index("one"), PutOptions.at(V1))).doesNotThrowAnyException();
        assertThatCode(() -> app.put(index("two"), PutOptions.at(index("two").digest())))
                .doesNotThrowAnyException();
    }

    @Test
    void allow_once_lets_a_tag_move_that_stays_redeployable() {
        Repository app = app(WritePolicy.ALLOW_ONCE, "lat*");
        app.put(index("one"), PutOptions.at(LATEST));
        app.put(index("two"), PutOptions.at(LATEST));
        assertThat(app.resolve(LATEST).digest()).isEqualTo(index("two").digest());
    }

    @Test
    void one_refused_tag_among_several_sets_none() {
        Repository app = app(WritePolicy.ALLOW_ONCE);
        app.put(index("one"), PutOptions.at(V1));
        PutOptions both = new PutOptions(index("two").digest(), List.of(LATEST, V1), TagRule.ANY);
        assertThatThrownBy(() -> app.put(index("two"), both)).isInstanceOf(RegistryException.Denied.class);
        assertThatThrownBy(() -> app.resolve(LATEST)).isInstanceOf(RegistryException.Unknown.class);
        assertThatThrownBy(() -> app.resolve(index("two").digest())).isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void deny_refuses_every_write_at_its_first_request_and_reads_on() {
        app(WritePolicy.ALLOW).put(index("one"), PutOptions.at(V1));
        Repository app = app(WritePolicy.DENY);
        Digest digest = index("one").digest();
        assertThat(app.resolve(V1).digest()).isEqualTo(digest);
        assertThatThrownBy(() -> app.upload(UploadHints.NONE)).hasMessage("registry private is read-only");
        assertThatThrownBy(() -> app.mount(digest, app)).isInstanceOf(RegistryException.Denied.class);
        assertThatThrownBy(() -> app.put(index("two"), PutOptions.at(V1))).isInstanceOf(RegistryException.Denied.class);
        assertThatThrownBy(() -> app.delete(V1)).isInstanceOf(RegistryException.Denied.class);
        assertThatThrownBy(() -> app.deleteBlob(digest)).isInstanceOf(RegistryException.Denied.class);
    }

    private Repository app(WritePolicy policy, String... redeployable) {
        List<TagPattern> patterns =
                List.of(redeployable).stream().map(TagPattern::new).toList();
        HostedOptions options = HostedOptions.DEFAULT.writePolicy(policy, patterns);
        return new HostedRegistry("private", blobs, metadata, options, InstantSource.system())
                .repository(new RepositoryName("team/app"), Call.internal());
    }

    private static Manifest index(String note) {
        String json = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX
                + "\",\"manifests\":[],\"annotations\":{\"note\":\"" + note + "\"}}";
        return Manifest.of(MediaType.OCI_INDEX, Digest.Algorithm.SHA256, json.getBytes(StandardCharsets.UTF_8));
    }
}
