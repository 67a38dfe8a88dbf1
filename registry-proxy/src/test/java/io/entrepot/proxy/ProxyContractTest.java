package io.entrepot.proxy;

import io.entrepot.core.PullContract;
import io.entrepot.core.Registry;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** A proxy that asks about every tag shows its upstream as it is. */
class ProxyContractTest extends PullContract {
    private final World world = new World(new ProxyOptions(
            Names.PLAIN,
            Optional.of(Duration.ZERO),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Optional.empty(),
            true,
            true));

    @Override
    protected Registry registry() {
        return world.proxy;
    }

    @Override
    protected Registry origin() {
        return world.origin;
    }

    @AfterEach
    void close() {
        world.close();
    }
}
