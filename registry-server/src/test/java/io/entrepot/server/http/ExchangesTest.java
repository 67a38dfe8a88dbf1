package io.entrepot.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds every conversation under {@code exchanges/} with a fresh registry. */
class ExchangesTest {
    private static final Path EXCHANGES = Path.of("src/test/resources/exchanges");

    @TestFactory
    List<DynamicTest> the_registry_answers_as_written() throws IOException {
        try (Stream<Path> files = Files.list(EXCHANGES)) {
            return files.filter(f -> f.toString().endsWith(".http"))
                    .sorted()
                    .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), f.toUri(), () -> hold(f)))
                    .toList();
        }
    }

    private static void hold(Path file) throws IOException {
        try (TestServer server = TestServer.hosted()) {
            new Conversation(Files.readString(file)).hold(server.address());
        }
    }
}
