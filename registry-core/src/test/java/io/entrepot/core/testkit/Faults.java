package io.entrepot.core.testkit;

import io.entrepot.core.Blob;
import io.entrepot.core.RegistryException;
import java.util.function.Supplier;

/**
 * Lets one call to the stores fail, the {@code n}-th: either before it is made, or after it was made, as when the answer
 * is lost. Counts the calls of all decorators that it was given to. For tests of one thread.
 */
public final class Faults {
    /** What came of the call that fails. */
    public enum Mode {
        NOT_DONE,
        DONE_BUT_ANSWER_LOST
    }

    private final int failing;
    private final Mode mode;
    private boolean off;
    private int calls;
    private String fired = "";

    public Faults(int failing, Mode mode) {
        this.failing = failing;
        this.mode = mode;
    }

    public static Faults none() {
        return new Faults(0, Mode.NOT_DONE);
    }

    /** What failed, empty if nothing did. */
    public String fired() {
        return fired;
    }

    /** No call fails or is counted any more. */
    public void stop() {
        off = true;
    }

    <T> T call(String what, Supplier<T> call) {
        if (off || ++calls != failing) {
            return call.get();
        }
        fired = "call " + calls + " (" + what + ", " + mode + ")";
        if (mode == Mode.DONE_BUT_ANSWER_LOST) {
            T lost = call.get();
            if (lost instanceof Blob blob) {
                blob.close();
            }
        }
        throw RegistryException.storage("injected into " + fired, null);
    }

    void run(String what, Runnable call) {
        call(what, () -> {
            call.run();
            return true;
        });
    }
}
