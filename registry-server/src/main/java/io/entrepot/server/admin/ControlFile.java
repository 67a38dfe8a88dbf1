package io.entrepot.server.admin;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * How whoever may read a data folder's files reaches the server that runs on it: {@code control.json}, there as long as it
 * runs. After a crash it stays behind; that nobody listens is then told by the folder's lock, which is free.
 *
 * @param url of a door on this machine
 * @param token made anew with each start
 */
public record ControlFile(URI url, String token) {
    private static final String NAME = "control.json";
    private static final int TOKEN_BYTES = 32;
    private static final String OWNER_ONLY = "rw-------";

    public static String newToken(SecureRandom random) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty if no server has written one, or one that is not to be understood. */
    public static Optional<ControlFile> read(Path folder) throws IOException {
        try {
            JsonObject json = StrictJson.object(Files.readString(folder.resolve(NAME)));
            return json.get("url") instanceof JsonPrimitive url && json.get("token") instanceof JsonPrimitive token
                    ? Optional.of(new ControlFile(URI.create(url.getAsString()), token.getAsString()))
                    : Optional.empty();
        } catch (NoSuchFileException | AdminException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** In one step, in the place of one that a crash has left. Nobody else can read it at any moment. */
    public void write(Path folder) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("url", url.toString());
        json.addProperty("token", token);
        Path fresh = folder.resolve(NAME + ".new");
        Files.deleteIfExists(fresh);
        ByteBuffer text = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel file = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownersOnly(folder))) {
            while (text.hasRemaining()) {
                file.write(text);
            }
        }
        Files.move(fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    public static void remove(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
    }

    private static FileAttribute<?>[] ownersOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return "control file of " + url;
    }
}
