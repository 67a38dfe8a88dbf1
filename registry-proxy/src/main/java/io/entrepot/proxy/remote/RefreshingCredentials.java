package io.entrepot.proxy.remote;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** Keeps what a source gave for as long as it is good, as for passwords that end after some hours. */
public final class RefreshingCredentials implements CredentialProvider {
    private final Function<URI, Optional<Credential>> source;
    private final Duration life;
    private final InstantSource clock;
    // Both guarded by this; the source is asked by one thread at a time, since the others want the same answer.
    private Optional<Credential> held = Optional.empty();
    private Instant until = Instant.MIN;

    /**
     * @param source may block within seconds; throws Unavailable if it cannot be asked */
    public RefreshingCredentials(Function<URI, Optional<Credential>> source, Duration life, InstantSource clock) {
        this.source = source;
        this.life = life;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Credential> credential(URI registry, boolean refresh) {
        Instant now = clock.instant();
        if (refresh || !now.isBefore(until)) {
            held = source.apply(registry);
            until = now.plus(life);
        }
        return held;
    }
}
