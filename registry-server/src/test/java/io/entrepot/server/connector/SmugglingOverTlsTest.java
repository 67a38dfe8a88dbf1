package io.entrepot.server.connector;

import org.junit.jupiter.api.TestInstance;

/** What is ambiguous is refused over TLS, too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmugglingOverTlsTest extends SmugglingTest {
    @Override
    RawServer server(HttpLimits limits) {
        return RawServer.overTls(limits);
    }
}
