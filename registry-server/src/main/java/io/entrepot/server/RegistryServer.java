package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.account.BuiltIn;
import io.entrepot.auth.account.NewUser;
import io.entrepot.core.Registry;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.RegistryAdmin;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.ConfigurationException;
import io.entrepot.server.config.Sources;
import io.entrepot.server.connector.IoThreads;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A registry server within this process. It answers from {@link Builder#start} until {@link #close}; then no thread of
 * it is left, its ports are free and its data folder is unlocked. There may be any number of them in one process.
 */
public final class RegistryServer implements AutoCloseable {
    private final Configuration configuration;
    private final Assembly assembly;
    private final Optional<AccessControl> access;
    private final Optional<InitialPassword> initialPassword;
    private final Edge edge;
    /** Guarded by this. */
    private final Opened opened;

    private RegistryServer(
            Configuration configuration,
            Assembly assembly,
            Optional<AccessControl> access,
            Optional<InitialPassword> initialPassword,
            Edge edge,
            Opened opened) {
        this.configuration = configuration;
        this.assembly = assembly;
        this.access = access;
        this.initialPassword = initialPassword;
        this.edge = edge;
        this.opened = opened;
    }

    /** Nothing on disk, on any free port of this machine, and no login unless {@link Builder#user} makes one: for tests. */
    public static Builder inMemory() {
        return new Builder(Sources.NONE, List.of())
                .set("access.open", "true")
                .set("metadata.type", "memory")
                .set("blobStores.default.type", "memory")
                .set("server.stopTimeout", "5s")
                .port(0);
    }

    /**
     * Everything in this folder, which is made if it is missing. On port 5000, and for those who log in, unless told
     * otherwise.
     */
    public static Builder at(Path data) {
        return new Builder(Sources.NONE, List.of()).set("server.data", data.toString());
    }

    /** @throws StartException with a sentence that says what to do, if it cannot start; then nothing is left open */
    public static RegistryServer start(Configuration configuration) {
        return start(configuration, List.of(), InstantSource.system());
    }

    /**
     * @param users who are made if there is nobody yet
     * @param clock by which leases, idle uploads and tokens end
     */
    static RegistryServer start(Configuration configuration, List<NewUser> users, InstantSource clock) {
        Opened opened = new Opened();
        // Loading the classes of the network and those of the stores is most of a start: both at the same time.
        CompletableFuture<IoThreads> io =
                CompletableFuture.supplyAsync(IoThreads::open, task -> new Thread(task, "entrepot-start").start());
        opened.add(() -> io.join().close());
        try {
            Assembly assembly = opened.add(Assembly.of(configuration, clock));
            Optional<AccessControl> access = configuration.access().open()
                    ? Optional.empty()
                    : Optional.of(opened.add(AccessStart.open(configuration, assembly.documents(), clock)));
            Optional<InitialPassword> initial =
                    access.flatMap(a -> AccessStart.firstUsers(a, configuration, users, opened));
            RunningRegistries running = new RunningRegistries(configuration, assembly);
            Optional<AdminApi> api =
                    access.map(a -> Administration.of(configuration, a, AccessStart.data(configuration), running));
            Edge edge = opened.add(Edge.open(
                    configuration,
                    assembly,
                    access.map(a -> Gate.of(a, configuration.access())).orElse(Gate.OPEN),
                    io.join(),
                    reception -> access.map(a -> AccessStart.routes(a, api.orElseThrow(), reception))
                            .orElse(List.of())));
            running.listensAt(edge.main().getPort());
            // Where all doors are open, too: somebody may prepare to close them.
            AccessStart.data(configuration)
                    .ifPresent(folder -> opened.add(Control.open(
                            folder,
                            api.orElseGet(() -> prepared(configuration, assembly, running, clock, opened)),
                            io.join())));
            return new RegistryServer(configuration, assembly, access, initial, edge, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The accounts of a server that asks nobody who he is, as long as it does not. */
    private static AdminApi prepared(
            Configuration configuration, Assembly assembly, RegistryAdmin running, InstantSource clock, Opened opened) {
        AccessControl access = opened.add(AccessStart.open(configuration, assembly.documents(), clock));
        return Administration.of(configuration, access, AccessStart.data(configuration), running);
    }

    /** The address of the main connector as image names begin with it: {@code 127.0.0.1:43121}. */
    public String address() {
        String host = edge.main().getAddress().isAnyLocalAddress()
                ? "localhost"
                : edge.main().getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port();
    }

    /** The port of the main connector; the real one if 0 was asked for. */
    public int port() {
        return edge.main().getPort();
    }

    /** The main connector's root: {@code http://127.0.0.1:43121/}, or {@code https:} with {@code server.tls}. */
    public URI url() {
        return URI.create((configuration.server().tls().isPresent() ? "https://" : "http://") + address() + "/");
    }

    /** Where it listens, the main connector first. */
    public List<InetSocketAddress> addresses() {
        return edge.addresses();
    }

    /** Who may do what, unless this server is open to everybody. */
    public Optional<AccessControl> access() {
        return access;
    }

    /** The password of the user {@code admin}, if this was a first start and it was made up. */
    public Optional<String> initialPassword() {
        return initialPassword.map(InitialPassword::password);
    }

    /** The file in which it stands until it is changed, or {@link #forgetInitialPassword} is called. */
    public Optional<Path> initialPasswordFile() {
        return initialPassword.flatMap(InitialPassword::file);
    }

    /** Deletes that file, since somebody has seen the password. */
    public void forgetInitialPassword() {
        initialPasswordFile()
                .ifPresent(file -> InitialPassword.forget(configuration.server().data()));
    }

    /**
     * Opens a port for one registry alone, with what is set for it.
     *
     * @param port 0 is any that is free
     * @return the port
     * @throws StartException if it cannot be had
     */
    public int openPort(String registry, int port) {
        return edge.open(registry, port, Edge.Speech.HTTP);
    }

    /**
     * Closes a registry's own port. Requests that have begun are answered, for as long as the settings let a stopping
     * server take; nothing happens if there is no such port.
     */
    public void closePort(int port) throws InterruptedException {
        edge.close(port);
    }

    /** The main registry, for calls within this process. */
    public Registry registry() {
        return registry(configuration.server().main());
    }

    /**
     * A registry by its name, for calls within this process: what is pushed here is pulled there, and the other way round.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Registry registry(String name) {
        return assembly.registry(name)
                .orElseThrow(() -> new IllegalArgumentException("no registry is named " + name + "; there are "
                        + String.join(", ", configuration.registries().keySet())));
    }

    /**
     * Stops: says at once that it is not ready, lets requests end that have begun (for as long as the settings allow), then
     * closes everything. What was acknowledged is safe whether or not this is ever called.
     */
    @Override
    public synchronized void close() {
        opened.close();
    }

    /** What a server is to be like; {@link #set} takes whatever the configuration file knows. */
    public static final class Builder {
        private final Sources sources;
        private final List<NewUser> users;

        private Builder(Sources sources, List<NewUser> users) {
            this.sources = sources;
            this.users = users;
        }

        /**
         * Makes an administrator, if there is nobody yet: from now on one has to log in. What he is called, and how many
         * there are, is up to the caller.
         */
        public Builder user(String name, String password) {
            List<NewUser> more = new ArrayList<>(users);
            more.add(NewUser.person(name, password, Set.of(BuiltIn.ADMIN)));
            return new Builder(sources, List.copyOf(more)).set("access.open", "false");
        }

        /** Of the main connector; 0 is any that is free. */
        public Builder port(int port) {
            return set("server.port", Integer.toString(port));
        }

        /** The addresses to listen on. */
        public Builder bind(String... addresses) {
            return set("server.bind", String.join(",", addresses));
        }

        /** Any setting by its path: {@code set("registries.private.sparseManifests", "true")}. The last one counts. */
        public Builder set(String key, String value) {
            return new Builder(sources.with(key, value, "set(\"" + key + "\")"), users);
        }

        /** Further settings from a file; those given here count more. */
        public Builder config(Path file) {
            return new Builder(sources.withFile(file), users);
        }

        /**
         * @throws ConfigurationException if a setting is unknown or wrong
         * @throws StartException if it cannot start
         */
        public RegistryServer start() {
            return start(InstantSource.system());
        }

        RegistryServer start(InstantSource clock) {
            return RegistryServer.start(Configuration.read(sources), users, clock);
        }
    }
}
