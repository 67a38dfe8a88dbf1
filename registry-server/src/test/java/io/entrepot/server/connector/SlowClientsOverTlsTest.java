package io.entrepot.server.connector;

import org.junit.jupiter.api.Timeout;

/** Clients that dawdle are cut off over TLS, too. */
@Timeout(60)
class SlowClientsOverTlsTest extends SlowClientsTest {
    @Override
    RawServer server(HttpLimits limits) {
        return RawServer.overTls(limits);
    }
}
