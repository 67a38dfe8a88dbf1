package io.entrepot.core.access;

/** A registry as privileges select it. */
public record RegistryId(String name, Kind kind) {
    public enum Kind {
        HOSTED,
        PROXY,
        GROUP
    }

    @Override
    public String toString() {
        return name;
    }
}
