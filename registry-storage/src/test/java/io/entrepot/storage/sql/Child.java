package io.entrepot.storage.sql;

import java.io.IOException;
import java.nio.file.Path;

/** A process of its own, for tests of what happens when one ends without a word. */
final class Child {
    static final int HALTED = 77;

    private Child() {}

    /** @param says where its standard output goes */
    static Process run(String task, Path folder, Path says) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        Child.class.getName(),
                        task,
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(says.toFile())
                .start();
    }

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "migrate" -> MigrationsTest.migrateAndHalt(folder);
            case "proxy" -> SqlProxyStateCrashTest.rememberForever(folder);
            case "push" -> SqlCrashTest.pushForever(folder);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}
