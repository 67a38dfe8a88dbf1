package io.entrepot.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Making folders and small files in them so that they survive a power cut. */
final class Folders {
    private static final DiskFiles DISK = new DiskFiles(0);

    private Folders() {}

    /** Makes a directory and those above it, for the owner's eyes only, if they are missing. */
    static void make(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path above = directory.getParent();
        if (above != null) {
            make(above);
        }
        try {
            Files.createDirectory(directory, DiskFiles.PRIVATE_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        if (above != null) {
            DISK.syncDirectory(above);
        }
    }

    /** Writes a file whole or not at all. */
    static void write(Path folder, String name, String text) throws IOException {
        Path fresh = folder.resolve(name + ".new");
        DISK.delete(fresh);
        try (BlobFiles.Output output = DISK.create(fresh)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                output.write(bytes, bytes.position());
            }
            output.sync();
        }
        DISK.rename(fresh, folder.resolve(name));
        DISK.syncDirectory(folder);
    }

    /** The number that says in which format a folder was written. */
    static int readFormat(Path file, int newest) {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            throw new DataFolderException("The file " + file + " cannot be read (" + e + "): give this user access", e);
        }
        int format;
        try {
            format = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new DataFolderException("The file " + file + " is damaged: restore it from a backup", e);
        }
        if (format < 1 || format > newest) {
            throw new DataFolderException(
                    file.getParent() + " was written in format " + format
                            + " by another version; this one knows formats up to " + newest
                            + ": start the version that wrote it, or restore a backup that is older",
                    null);
        }
        return format;
    }
}
