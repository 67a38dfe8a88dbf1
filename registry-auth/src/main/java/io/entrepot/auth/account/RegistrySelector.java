package io.entrepot.auth.account;

import io.entrepot.core.access.RegistryId;

/** The registries that a privilege is about. */
public sealed interface RegistrySelector {
    boolean selects(RegistryId registry);

    record All() implements RegistrySelector {
        @Override
        public boolean selects(RegistryId registry) {
            return true;
        }
    }

    /** All of one kind. */
    record OfKind(RegistryId.Kind kind) implements RegistrySelector {
        @Override
        public boolean selects(RegistryId registry) {
            return registry.kind() == kind;
        }
    }

    /** Those whose name is like this; {@code *} stands for any characters. */
    record Named(String glob) implements RegistrySelector {
        @Override
        public boolean selects(RegistryId registry) {
            return new io.entrepot.core.TagPattern(glob).matches(new io.entrepot.core.Tag(registry.name()));
        }
    }
}
