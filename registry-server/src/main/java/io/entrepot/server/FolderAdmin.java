package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.account.Accounts;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.AdminClient;
import io.entrepot.server.admin.AdminRequest;
import io.entrepot.server.admin.Answer;
import io.entrepot.server.admin.ControlFile;
import io.entrepot.server.admin.RegistryAdmin;
import io.entrepot.server.admin.RemoteAdmin;
import io.entrepot.server.config.Configuration;
import io.entrepot.storage.file.DataFolder;
import io.entrepot.storage.file.DataFolderException;
import io.entrepot.storage.file.FolderInUseException;
import io.entrepot.storage.sql.SqlDatabase;
import io.entrepot.storage.sql.UnusableDatabaseException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Administers the server on a data folder of this machine, whether or not it runs: by its control file if it does, else
 * in its place, and as long as this is open no server can start.
 */
public final class FolderAdmin implements AdminClient {
    private static final int TRIES = 50;
    private static final long PAUSE_MILLIS = 100;

    private final AdminApi api;
    private final Opened opened;

    private FolderAdmin(AdminApi api, Opened opened) {
        this.api = api;
        this.opened = opened;
    }

    /**
     * A server that is just starting or stopping, or another command, is waited for, for some seconds.
     *
     * @throws NoSuchFileException if no server has ever used the folder
     * @throws AccessDeniedException if the folder is another user's
     * @throws IOException if a server uses the folder and cannot be reached
     * @throws StartException if the folder or its database cannot be used
     */
    public static AdminClient open(Configuration configuration) throws IOException {
        Path folder = configuration.server().data().toAbsolutePath().normalize();
        if (Files.exists(folder) && !Files.isWritable(folder)) {
            throw new AccessDeniedException(folder.toString());
        }
        if (!Files.exists(folder.resolve("format"))) {
            throw new NoSuchFileException(folder.toString());
        }
        // The lock is asked first: what a crashed server has left in the file may be another program's port by now.
        for (int i = 0; i < TRIES; i++) {
            Optional<AdminClient> client = inPlace(configuration, folder);
            if (client.isEmpty()) {
                client = ControlFile.read(folder).map(RemoteAdmin::of);
            }
            if (client.isPresent()) {
                return client.get();
            }
            pause();
        }
        throw new IOException("the data folder " + folder + " is in use, but no server that uses it can be reached");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Empty if somebody else uses the folder. */
    private static Optional<AdminClient> inPlace(Configuration configuration, Path path) throws IOException {
        Opened opened = new Opened();
        try {
            DataFolder folder = opened.add(DataFolder.open(path));
            ControlFile.remove(folder.path());
            InstantSource clock = InstantSource.system();
            SqlDatabase database = opened.add(SqlDatabase.open(folder, HostedOptions.LEASE, clock));
            AccessControl access = opened.add(AccessStart.open(configuration, database.documents(), clock));
            AdminApi api = Administration.of(configuration, access, Optional.of(folder.path()), RegistryAdmin.STOPPED);
            // Whoever changes that password here has no more use for the file.
            opened.add(() -> FirstStart.forgetOld(access, folder.path()));
            return Optional.of(new FolderAdmin(api, opened));
        } catch (FolderInUseException e) {
            opened.close();
            return Optional.empty();
        } catch (DataFolderException | UnusableDatabaseException e) {
            opened.close();
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | IOException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public Answer ask(String method, String target, String body) {
        return api.handle(new AdminRequest(
                method,
                target,
                body.isEmpty() ? Optional.empty() : Optional.of(body),
                Accounts.system(),
                Optional.empty()));
    }

    @Override
    public void close() {
        opened.close();
    }
}
