package io.entrepot.server.http;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.proxy.remote.RemoteRegistry;
import io.entrepot.proxy.remote.Remotes;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

/** A hosted registry of ours, seen from afar, is still one: our client and our server agree about all of the protocol. */
class RemoteRegistryContractTest extends RegistryContract {
    private final TestServer server = TestServer.serving(TestServer.hosted(HostedOptions.DEFAULT));
    private final RemoteRegistry remote =
            Remotes.plain(URI.create("http://127.0.0.1:" + server.address().getPort()));

    @Override
    protected Registry registry() {
        return remote;
    }

    @Override
    protected boolean remote() {
        return true;
    }

    @Override
    protected int histories() {
        return 10;
    }

    @AfterEach
    void close() {
        remote.close();
        server.close();
    }
}
