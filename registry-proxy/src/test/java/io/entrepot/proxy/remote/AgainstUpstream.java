package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A remote registry, and an upstream with an image behind it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class AgainstUpstream {
    static final RepositoryName NGINX = new RepositoryName("library/nginx");
    static final Tag ONE = new Tag("1");
    static final String MANIFESTS = "/v2/library/nginx/manifests/";

    final ScriptedUpstream upstream = new ScriptedUpstream();
    final SettableClock clock = new SettableClock();
    final List<Duration> waits = new ArrayList<>();
    final RemoteRegistry remote = Remotes.noting(upstream.root(), Optional.empty(), clock, waits);
    final Content config = Content.of("{\"os\":\"linux\"}");
    final Content layer = new Content(random(200_000));
    final Sample image = upstream.image("library/nginx", "1", config, layer);
    final String blob = "/v2/library/nginx/blobs/" + layer.digest();
    final Call call = Call.internal();
    final Repository nginx = remote.repository(NGINX, call);

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(3).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() {
        remote.close();
        upstream.close();
    }

    void get(String part, Fault fault) {
        upstream.on(Match.get(part), fault);
    }

    void head(String part, Fault fault) {
        upstream.on(Match.head(part), fault);
    }

    static void assertUnavailable(ThrowingCallable asking, String sentence) {
        assertThatThrownBy(asking).isInstanceOfSatisfying(RegistryException.Unavailable.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e).hasMessageContaining(sentence);
        });
    }

    static void assertUnknown(ThrowingCallable asking, ErrorCode code) {
        assertThatThrownBy(asking)
                .isInstanceOfSatisfying(
                        RegistryException.Unknown.class,
                        e -> assertThat(e.code()).isEqualTo(code));
    }

    static void assertDenied(ThrowingCallable asking) {
        assertThatThrownBy(asking).isInstanceOf(RegistryException.Denied.class);
    }
}
