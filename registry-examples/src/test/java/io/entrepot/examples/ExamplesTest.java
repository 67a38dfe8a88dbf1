package io.entrepot.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Every example does what it says. */
class ExamplesTest {
    @Test
    void an_embedded_registry_gives_back_what_was_pushed_to_it() throws Exception {
        assertThat(output(() -> EmbeddedRegistry.main(new String[0])))
                .contains("serving on 127.0.0.1:", "read back: Bread, milk, containers.");
    }

    private interface Example {
        void run() throws Exception;
    }

    private static String output(Example example) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            example.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
