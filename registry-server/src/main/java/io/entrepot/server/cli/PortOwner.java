package io.entrepot.server.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who listens on a port, as far as Linux tells this user. */
final class PortOwner {
    private static final String LISTEN = "0A";

    private PortOwner() {}

    /** As in {@code java, process 4711}. */
    static Optional<String> of(int port) {
        Set<String> sockets = listening(port);
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), sockets)) {
                    return Optional.of(name(process) + "process " + process.getFileName());
                }
            }
        } catch (IOException e) {
            // No /proc, or not ours to read: the message does without a name.
        }
        return Optional.empty();
    }

    private static Set<String> listening(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] column = line.strip().split("\\s+");
                    if (column.length > 9
                            && column[3].equals(LISTEN)
                            && column[1].endsWith(String.format(":%04X", port))) {
                        sockets.add("socket:[" + column[9] + "]");
                    }
                }
            } catch (IOException e) {
                // Another system than Linux.
            }
        }
        return sockets;
    }

    private static boolean holds(Path descriptors, Set<String> sockets) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Another user's, or closed meanwhile.
        }
        return false;
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip() + ", ";
        } catch (IOException e) {
            return "";
        }
    }
}
