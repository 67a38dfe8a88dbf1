package io.entrepot.server.http;

import io.entrepot.core.Registry;
import org.junit.jupiter.api.Timeout;

/** Blobs over TLS arrive as they do in clear. */
@Timeout(120)
class BlobSenderOverTlsTest extends BlobSenderTest {
    @Override
    TestServer serving(Registry registry) {
        return TestServer.overTls(registry);
    }
}
