package io.entrepot.core.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A disk that a test can fill: a small one in memory. Only root can mount it; for others the test is skipped. */
public final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** @param options of tmpfs, say {@code size=8m,nr_inodes=1000} */
    public static SmallDisk mount(Path at, String options) {
        assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && run("mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString()),
                "only root can mount a small disk to fill");
        return new SmallDisk(at);
    }

    public Path path() {
        return path;
    }

    /** From now on nothing on it can be changed. Nothing may be open for writing. */
    public void makeReadOnly() {
        if (!run("mount", "-o", "remount,ro", path.toString())) {
            throw new AssertionError(path + " cannot be made read-only");
        }
    }

    /** Lazily: a native library that was loaded from it stays mapped for as long as the process lives. */
    @Override
    public void close() {
        if (!run("umount", "-l", path.toString())) {
            throw new AssertionError(path + " stays mounted");
        }
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            return process.onExit().orTimeout(20, TimeUnit.SECONDS).join().exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
