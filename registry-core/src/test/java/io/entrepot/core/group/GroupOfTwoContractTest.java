package io.entrepot.core.group;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import java.util.List;
import java.util.Optional;

/** An empty registry before the one that is pushed to changes nothing. */
class GroupOfTwoContractTest extends RegistryContract {
    private final Member empty = Member.hosted("empty", GroupContractTest.hosted("empty"));
    private final Member written = Member.hosted("written", GroupContractTest.hosted("written"));
    private final Registry group =
            new GroupRegistry("all", List.of(empty, written), Optional.of(written), GroupOptions.DEFAULT);

    @Override
    protected Registry registry() {
        return group;
    }

    @Override
    protected int histories() {
        return 50;
    }
}
