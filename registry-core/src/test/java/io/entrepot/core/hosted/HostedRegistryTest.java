package io.entrepot.core.hosted;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** A hosted registry over the stores in memory owes what every registry does. */
class HostedRegistryTest extends RegistryContract {
    private final SettableClock clock = new SettableClock();
    private final Registry registry = new HostedRegistry(
            "private", new MemoryBlobStore(clock), new MemoryMetadata(), HostedOptions.DEFAULT, clock);

    @Override
    protected Registry registry() {
        return registry;
    }

    @Test
    void uploads_can_be_read_along() {
        try (Upload upload = repository(APP).upload(UploadHints.NONE)) {
            assertThat(upload.held()).isPresent();
        }
    }
}
