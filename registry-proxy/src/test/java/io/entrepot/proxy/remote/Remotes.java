package io.entrepot.proxy.remote;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Remote registries for tests. */
public final class Remotes {
    private Remotes() {}

    /** Over connections that nobody logs in by. */
    public static RemoteRegistry plain(URI root) {
        return patient(root, InstantSource.system(), new ArrayList<>());
    }

    /** One that does not wait between its tries, but notes how long it would have. */
    static RemoteRegistry patient(URI root, InstantSource clock, List<Duration> waits) {
        return searching(root, Optional.empty(), clock, waits);
    }

    static RemoteRegistry searching(URI root, Optional<URI> index, InstantSource clock, List<Duration> waits) {
        Patience.Sleeper sleeper = waits::add;
        return new RemoteRegistry(new PlainTransport(root), index, new Patience(clock, sleeper, new Random(7)));
    }
}
