package io.entrepot.core.group;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A group within a group, whose second member is pushed to, owes what a registry owes. */
class GroupContractTest extends RegistryContract {
    private final Member empty = Member.hosted("empty", hosted("empty"));
    private final Member written = Member.hosted("written", hosted("written"));
    private final GroupRegistry inner =
            new GroupRegistry("inner", List.of(empty, written), Optional.of(written), GroupOptions.DEFAULT);
    private final Member member = Member.fetching("inner", inner);
    private final Registry group =
            new GroupRegistry("outer", List.of(member), Optional.of(member), GroupOptions.DEFAULT);

    static Registry hosted(String name) {
        return new HostedRegistry(
                name, new MemoryBlobStore(), new MemoryMetadata(), HostedOptions.DEFAULT, InstantSource.system());
    }

    @Override
    protected Registry registry() {
        return group;
    }
}
