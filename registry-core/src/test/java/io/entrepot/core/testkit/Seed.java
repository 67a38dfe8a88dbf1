package io.entrepot.core.testkit;

import java.util.Random;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The chance in a test: another seed in each run, named when the test fails, replayed with {@code -Dseed=42}. Registered
 * as an extension: {@code @RegisterExtension final Seed seed = new Seed();}
 */
public final class Seed implements TestExecutionExceptionHandler {
    private final long value;

    /** Each instance draws its own, so every test method of a class has one. */
    public Seed() {
        this(Long.getLong("seed", System.nanoTime() & 0xffff_ffffL));
    }

    public Seed(long value) {
        this.value = value;
    }

    public long value() {
        return value;
    }

    /** Begins from the seed at each call. */
    public Random random() {
        return new Random(value);
    }

    /** The same content for the same seed and number, another one for every other. */
    public Content content(int number, int size) {
        byte[] bytes = new byte[size];
        new Random(value * 31 + number).nextBytes(bytes);
        return new Content(bytes);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        failure.addSuppressed(new AssertionError("replay with -Dseed=" + value));
        throw failure;
    }

    @Override
    public String toString() {
        return "seed " + value;
    }
}
