package io.entrepot.server.admin;

import java.util.List;
import java.util.Optional;

/** The registries of a server, to be looked at and governed while it runs. Safe for all threads. */
public interface RegistryAdmin {
    /** A server without any. */
    RegistryAdmin NONE = new RegistryAdmin() {
        @Override
        public List<RegistryInfo> registries() {
            return List.of();
        }

        @Override
        public Optional<ProxyControl> proxy(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<GroupControl> group(String name) {
            return Optional.empty();
        }
    };

    /** A data folder on which no server runs: there are no registries that could be asked anything. */
    RegistryAdmin STOPPED = new RegistryAdmin() {
        @Override
        public List<RegistryInfo> registries() {
            throw new AdminException(
                    AdminException.Code.UNAVAILABLE,
                    "no server runs on this data folder, and registries are looked at and governed while one does:"
                            + " start it with entrepot serve");
        }

        @Override
        public Optional<ProxyControl> proxy(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<GroupControl> group(String name) {
            return Optional.empty();
        }
    };

    /** The main one first. */
    List<RegistryInfo> registries();

    default Optional<RegistryInfo> registry(String name) {
        return registries().stream().filter(r -> r.name().equals(name)).findFirst();
    }

    /** Empty if the registry is no proxy. */
    Optional<ProxyControl> proxy(String name);

    /** Empty if the registry is no group. */
    Optional<GroupControl> group(String name);
}
