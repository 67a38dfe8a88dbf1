package io.entrepot.server;

import io.entrepot.auth.password.PasswordHasher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/** The password that was made up for the first administrator, and the file in which it stands for whoever owns the data. */
record InitialPassword(String password, Optional<Path> file) {
    static final String NAME = "initial-admin-password";

    /** Durable, and readable for the owner only, when this returns. */
    static InitialPassword write(String password, Optional<Path> data) {
        Optional<Path> file = data.map(folder -> folder.resolve(NAME));
        file.ifPresent(f -> write(f, password + "\n"));
        return new InitialPassword(password, file);
    }

    private static void write(Path file, String text) {
        try {
            // Made anew, so that nobody who has the old one open reads along.
            Files.deleteIfExists(file);
            try (FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
        } catch (IOException e) {
            throw new StartException("The file " + file + " cannot be written (" + e + ")", e);
        }
    }

    /** Whether what stands in the file has this hash. */
    static boolean isStill(Path data, Optional<String> hash) {
        try {
            String text = Files.readString(data.resolve(NAME)).strip();
            return hash.isPresent() && new PasswordHasher(new SecureRandom()).matches(text, hash.get());
        } catch (IOException e) {
            throw new StartException("The file " + data.resolve(NAME) + " cannot be read (" + e + ")", e);
        }
    }

    /** It has been seen, or is no longer the password. */
    static void forget(Path data) {
        try {
            Files.deleteIfExists(data.resolve(NAME));
        } catch (IOException e) {
            throw new IllegalStateException("the file " + data.resolve(NAME) + " cannot be deleted", e);
        }
    }

    @Override
    public String toString() {
        return "initial password" + file.map(f -> " in " + f).orElse("");
    }
}
