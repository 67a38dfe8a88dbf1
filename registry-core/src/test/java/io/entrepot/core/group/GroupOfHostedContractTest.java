package io.entrepot.core.group;

import io.entrepot.core.Registry;
import io.entrepot.core.RegistryContract;
import java.util.List;
import java.util.Optional;

/** A group of one owes what that one owes alone. */
class GroupOfHostedContractTest extends RegistryContract {
    private final Member only = Member.hosted("only", GroupContractTest.hosted("only"));
    private final Registry group = new GroupRegistry("all", List.of(only), Optional.of(only), GroupOptions.DEFAULT);

    @Override
    protected Registry registry() {
        return group;
    }

    @Override
    protected int histories() {
        return 50;
    }
}
