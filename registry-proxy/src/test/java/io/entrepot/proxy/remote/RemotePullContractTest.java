package io.entrepot.proxy.remote;

import io.entrepot.core.PullContract;
import io.entrepot.core.Registry;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;

/** A remote registry owes what every registry does. */
class RemotePullContractTest extends PullContract {
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final RemoteRegistry remote = Remotes.plain(upstream.root());

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
    }
}
