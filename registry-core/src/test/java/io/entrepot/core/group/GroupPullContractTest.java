package io.entrepot.core.group;

import io.entrepot.core.PullContract;
import io.entrepot.core.Registry;
import io.entrepot.core.group.Told.Word;

/** What a member that fetches has, behind one that has nothing, is pulled like anything else. */
class GroupPullContractTest extends PullContract {
    private final Three three = new Three();
    private final Registry group = three.group(GroupOptions.DEFAULT);

    @Override
    protected Registry registry() {
        three.say(Word.FOUND, Word.FAR, Word.FAR);
        return group;
    }

    @Override
    protected Registry origin() {
        return three.stores.get(2);
    }
}
