package io.entrepot.proxy.remote;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Remote registries for tests: none of them waits between its tries. */
public final class Remotes {
    private Remotes() {}

    /** Over connections that nobody logs in by. */
    public static RemoteRegistry plain(URI root) {
        return noting(root, Optional.empty(), InstantSource.system(), new ArrayList<>());
    }

    /** One that notes how long it would have waited. */
    static RemoteRegistry noting(URI root, Optional<URI> index, InstantSource clock, List<Duration> waits) {
        return new RemoteRegistry(new PlainTransport(root), index, new Patience(clock, waits::add, new Random(7)));
    }
}
