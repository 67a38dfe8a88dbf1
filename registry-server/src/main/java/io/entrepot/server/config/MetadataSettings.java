package io.entrepot.server.config;

/** {@code metadata}: where it is written which content there is. */
public record MetadataSettings(Type type) {
    /** {@code sqlite} is a file in the data folder; {@code memory} is for tests and gone when the server stops. */
    public enum Type {
        SQLITE,
        MEMORY
    }

    static MetadataSettings read(Section metadata) {
        return new MetadataSettings(metadata.value("type", Kind.oneOf(Type.class), "sqlite"));
    }
}
