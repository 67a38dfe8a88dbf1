package io.entrepot.auth.token;

import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.RegistryId;
import java.util.List;

/** One registry, under its own names and under those with a host and port before them. */
record Desk(boolean anonymous) implements TokenDesk {
    private static final RegistryId PRIVATE = new RegistryId("private", RegistryId.Kind.HOSTED);
    private static final String HOST = "localhost:5000/";

    @Override
    public List<Place> places(String name) {
        try {
            String inside = name.startsWith(HOST) ? name.substring(HOST.length()) : name;
            return List.of(new Place(PRIVATE, new RepositoryName(inside), anonymous));
        } catch (RegistryException.Invalid e) {
            return List.of();
        }
    }
}
