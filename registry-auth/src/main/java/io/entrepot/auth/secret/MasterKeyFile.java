package io.entrepot.auth.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file that the master keys lie in, one a line, the current one first: readable by its owner only, in a folder that is
 * his only. Written whole, beside, and renamed, so that there is never half a key. Where a file system has no such
 * permissions, its own must do.
 */
public final class MasterKeyFile {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final int MAX_BYTES = 64 * 1024;

    private final Path file;
    private final SecureRandom random;

    public MasterKeyFile(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    /**
     * A box with the keys of the file, which is made with a new key if there is none.
     *
     * @throws SecretException if others can read it, or it holds something else
     */
    public SecretBox open() {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                create();
            }
            return box(read());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Puts a new key in front: from now on it seals, and the older ones open what they sealed. */
    public SecretBox rotate() {
        try {
            List<MasterKey> keys = new ArrayList<>();
            keys.add(MasterKey.generate(random));
            keys.addAll(read());
            write(keys, true);
            return box(keys);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Forgets all keys but the current one: for when everything was sealed anew. */
    public SecretBox forgetOlder() {
        try {
            List<MasterKey> keys = read().subList(0, 1);
            write(keys, true);
            return box(keys);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private SecretBox box(List<MasterKey> keys) {
        return new SecretBox(keys.get(0), keys.subList(1, keys.size()), random);
    }

    private void create() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new SecretException("a master key file lies in a folder");
        }
        if (!Files.exists(folder)) {
            if (posix(folder.getRoot())) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
            } else {
                Files.createDirectories(folder);
            }
        }
        try {
            write(List.of(MasterKey.generate(random)), false);
        } catch (FileAlreadyExistsException e) {
            // Another process has just made it: its key is as good.
        }
    }

    private List<MasterKey> read() throws IOException {
        requirePrivate();
        if (Files.size(file) > MAX_BYTES) {
            throw new SecretException("the master key file holds something else: it is too long");
        }
        List<MasterKey> keys = Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
                .filter(line -> !line.isBlank())
                .map(MasterKey::parse)
                .toList();
        if (keys.isEmpty()) {
            throw new SecretException("the master key file is empty: bring it back from a backup");
        }
        return keys;
    }

    private void requirePrivate() throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SecretException("the master key file is no plain file");
        }
        if (!posix(file)) {
            return;
        }
        Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        others.removeAll(FILE);
        others.remove(PosixFilePermission.OWNER_EXECUTE);
        if (!others.isEmpty()) {
            throw new SecretException(
                    "the master key file " + file.getFileName()
                            + " can be read or changed by others: chmod 600 it, and if anybody may have read it, rotate the key");
        }
    }

    private static boolean posix(Path path) throws IOException {
        return Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class);
    }

    private void write(List<MasterKey> keys, boolean replace) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path beside = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            if (folder != null && posix(folder)) {
                Files.createFile(beside, PosixFilePermissions.asFileAttribute(FILE));
            } else {
                Files.createFile(beside);
            }
            fill(beside, String.join("\n", keys.stream().map(MasterKey::text).toList()) + "\n");
            if (replace) {
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                // A link fails if the name is taken, a rename would not.
                Files.createLink(file, beside);
            }
        } finally {
            Files.deleteIfExists(beside);
        }
        syncFolder(folder);
    }

    private static void fill(Path path, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void syncFolder(@Nullable Path folder) throws IOException {
        if (folder != null && posix(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static SecretException unusable(IOException e) {
        return new SecretException("the master key file cannot be read or written", e);
    }
}
