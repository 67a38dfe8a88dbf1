package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.Sources;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry as a server puts it together, on files and SQLite with memory before both, owes what every registry does. */
class DurableRegistryTest extends RegistryContract {
    @TempDir
    Path folder;

    private Assembly assembly;
    private Registry registry;

    @BeforeEach
    void assemble() {
        Sources sources =
                Sources.NONE.with("server.data", folder.resolve("data").toString(), "a test");
        assembly = Assembly.of(Configuration.read(sources), InstantSource.system());
        registry = assembly.registry("private").orElseThrow();
    }

    @AfterEach
    void close() {
        assembly.close();
    }

    @Override
    protected Registry registry() {
        return registry;
    }

    @Override
    protected int histories() {
        return 40;
    }
}
