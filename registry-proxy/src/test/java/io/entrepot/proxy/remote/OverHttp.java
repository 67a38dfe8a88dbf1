package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.entrepot.core.RegistryException;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.wire.Scope;
import io.entrepot.proxy.testkit.Exchange;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedTokenServer;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** An upstream with an image, a token endpoint beside it, and transports to them whose clock stands still. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OverHttp {
    static final String SECRET = "s3cret-canary";
    static final Credential ALICE = new Credential.Password("alice", SECRET);
    static final List<Scope> SCOPES = List.of(Scope.repository("library/nginx", Scope.PULL));

    final SettableClock clock = new SettableClock();
    final ScriptedUpstream upstream = new ScriptedUpstream();
    final ScriptedTokenServer tokens = new ScriptedTokenServer(Optional.empty(), clock);
    final Content layer = Content.of("0123456789".repeat(20_000));
    final Sample image = upstream.image("library/nginx", "1", Content.of("{}"), layer);
    final String manifest = "/v2/library/nginx/manifests/1";
    final String blob = "/v2/library/nginx/blobs/" + layer.digest();

    private final List<HttpTransport> opened = new ArrayList<>();

    @AfterEach
    final void close() {
        opened.forEach(HttpTransport::close);
        upstream.close();
        tokens.close();
    }

    final HttpTransport transport(RemoteOptions options) {
        HttpTransport transport = new HttpTransport(upstream.root(), options, clock);
        opened.add(transport);
        return transport;
    }

    final HttpTransport transport(Credential credential) {
        return transport(options(credential));
    }

    static RemoteOptions options(Credential credential) {
        return RemoteOptions.DEFAULT.withCredentials(CredentialProvider.of(credential));
    }

    final void on(String part, Fault fault) {
        upstream.on(Match.path(part), fault);
    }

    static Outgoing to(String method, String path) {
        return Outgoing.of(method, path, SCOPES);
    }

    static int status(HttpTransport transport, String path) {
        try (Reply reply = transport.send(to("GET", path))) {
            return reply.status();
        }
    }

    /** Of what was sent, each with what was shown. */
    static List<String> shown(List<Exchange> requests) {
        return requests.stream()
                .map(request -> request.header("Authorization").orElse("nothing"))
                .toList();
    }

    /** Nothing of it, down to its causes, holds the secret. */
    static RegistryException failure(Runnable asking) {
        Throwable thrown = catchThrowable(asking::run);
        assertThat(thrown).isInstanceOf(RegistryException.class);
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            assertThat(at.toString()).doesNotContain(SECRET);
        }
        return (RegistryException) thrown;
    }

    static RegistryException.Unavailable unavailable(HttpTransport transport, String path) {
        return (RegistryException.Unavailable) failure(() -> status(transport, path));
    }

    static RegistryException.Unauthorized unauthorized(HttpTransport transport, String path) {
        return (RegistryException.Unauthorized) failure(() -> status(transport, path));
    }
}
