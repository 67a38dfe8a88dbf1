package io.entrepot.core.group;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Call;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import java.util.Optional;

/** A member that is switched off: what it fetched others may fetch, too; what was pushed to it nobody else answers for. */
record Offline(Members members, Member member, RepositoryName name, Call call) {

    /** @throws RegistryException.Unavailable if the name is one of its repositories */
    void requireUnknown() {
        boolean keeps = member.hosted() || member.registry() instanceof GroupRegistry;
        if (keeps && knowsName()) {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE,
                    "registry " + member + " is offline, and " + name + " is one of its repositories",
                    Optional.empty(),
                    null);
        }
    }

    private boolean knowsName() {
        call.reach().require(Reach.LOCAL);
        Call near = call.apart().within(Reach.LOCAL);
        try {
            return new Asking(members, member, name, near)
                    .of(there -> there.tags(PageRequest.first(1)))
                    .isPresent();
        } catch (BeyondReach e) {
            return false;
        }
    }
}
