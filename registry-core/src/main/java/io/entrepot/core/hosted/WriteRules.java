package io.entrepot.core.hosted;

import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import java.util.Optional;

/** The write policy of one hosted registry, as refusals that name the rule. */
final class WriteRules {
    private final String registry;
    private final HostedOptions options;

    WriteRules(String registry, HostedOptions options) {
        this.registry = registry;
        this.options = options;
    }

    /** Refuses every write where nothing is written: said at the first request, before a body is sent. */
    void requireWritable() {
        if (options.writePolicy() == WritePolicy.DENY) {
            throw new RegistryException.Denied("registry " + registry + " is read-only", registry);
        }
    }

    /** Setting a tag again to what it is already is no redeploy: clients repeat their pushes. */
    TagRule redeploy(RepositoryName repository) {
        if (options.writePolicy() != WritePolicy.ALLOW_ONCE) {
            return TagRule.ANY;
        }
        return (tag, now, next) -> check(repository, tag, now, next);
    }

    private void check(RepositoryName repository, Tag tag, Optional<Digest> now, Digest next) {
        boolean moves = now.isPresent() && !now.get().equals(next);
        if (moves && options.redeployTags().stream().noneMatch(p -> p.matches(tag))) {
            throw new RegistryException.Denied(
                    "tag " + tag + " of " + repository + " exists and registry " + registry
                            + " does not allow redeploy",
                    tag.name());
        }
    }
}
