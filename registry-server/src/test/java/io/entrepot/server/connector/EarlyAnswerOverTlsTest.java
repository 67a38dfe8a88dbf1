package io.entrepot.server.connector;

import org.junit.jupiter.api.Timeout;

/** An early answer arrives over TLS, too. */
@Timeout(60)
class EarlyAnswerOverTlsTest extends EarlyAnswerTest {
    @Override
    RawServer server(HttpLimits limits) {
        return RawServer.overTls(limits);
    }
}
