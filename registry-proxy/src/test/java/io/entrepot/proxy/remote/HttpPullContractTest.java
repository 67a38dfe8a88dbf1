package io.entrepot.proxy.remote;

import io.entrepot.core.PullContract;
import io.entrepot.core.Registry;
import io.entrepot.proxy.testkit.ScriptedTokenServer;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;

/** A remote registry owes what every registry does, also where it has to log in. */
class HttpPullContractTest extends PullContract {
    private final ScriptedTokenServer tokens = new ScriptedTokenServer().onlyFor("alice", "secret");
    private final ScriptedUpstream upstream = new ScriptedUpstream().requireBearer(tokens);
    private final RemoteRegistry remote = new RemoteRegistry(
            upstream.root(),
            RemoteOptions.DEFAULT.withCredentials(CredentialProvider.of(new Credential.Password("alice", "secret"))));

    @Override
    protected Registry registry() {
        return remote;
    }

    @Override
    protected Registry origin() {
        return upstream.origin();
    }

    @AfterEach
    void close() {
        remote.close();
        upstream.close();
        tokens.close();
    }
}
