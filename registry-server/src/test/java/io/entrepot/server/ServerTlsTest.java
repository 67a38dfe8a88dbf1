package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.Sources;
import io.entrepot.server.tls.TlsOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerTlsTest {
    @Test
    void the_password_in_the_settings_opens_an_encrypted_key_and_is_never_printed() {
        Configuration configuration = Configuration.read(Sources.NONE
                .with("server.tls.certificate", "server.crt", "test")
                .with("server.tls.key", "server.key", "test")
                .with("server.tls.password", "sesame", "test"));
        assertThat(ServerTls.options(configuration))
                .contains(TlsOptions.pem(Path.of("server.crt"), Path.of("server.key"), Optional.of("sesame")));
        assertThat(configuration).asString().doesNotContain("sesame");
    }
}
