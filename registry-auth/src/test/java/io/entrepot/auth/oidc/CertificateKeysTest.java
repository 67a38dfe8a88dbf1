package io.entrepot.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import org.junit.jupiter.api.Test;

/** The ids were computed by openssl and Python from the same certificate. */
class CertificateKeysTest {
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBdjCCAR2gAwIBAgIUE/UaMwdXdeIzg8YrYKm05QZ9uaEwCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGdG9rZW5zMB4XDTI2MTEyMjIyMjk0NFoXDTM2MTExOTIyMjk0
            NFowETEPMA0GA1UEAwwGdG9rZW5zMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            EMR+1YCczlJFA7eev0zOb5/SHwPvtnHgZ7en4TxF6kjb9S6+rQhpJTd6L6z99yS/
            s3COzWaX8ptIkVlWyTEsYqNTMFEwHQYDVR0OBBYEFP8tGn1HyZ6saCt63p1vBfj8
            YvTIMB8GA1UdIwQYMBaAFP8tGn1HyZ6saCt63p1vBfj8YvTIMA8GA1UdEwEB/wQF
            MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgdOu4tebUzhL+dmGNS0d/p6zNCw091vkR
            fBAR/pS6j8YCIGOJgkFfJrsB+fenWw/LWDBcFKcY9HvZwznARS31BQak
            -----END CERTIFICATE-----
            """;

    @Test
    void a_key_is_known_by_both_ids_that_token_servers_give_it() throws Exception {
        assertThat(CertificateKeys.isPem(CERTIFICATE)).isTrue();
        assertThat(JWKSet.parse(CertificateKeys.jwks(CERTIFICATE)).getKeys())
                .extracting(JWK::getKeyID)
                .containsExactly(
                        "RJ2M:OOQU:S62Z:FLOA:F5XS:FCFY:V34R:GYE2:5OV5:4RIN:7LTS:WHEV",
                        "PdirXFlcAp6YRinoSt7k1CCBg5jCH6ml3yTyYxIOSTM");
    }

    @Test
    void what_is_no_certificate_is_no_key() {
        assertThatThrownBy(() -> CertificateKeys.jwks("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
                .isInstanceOf(Outbound.FailedException.class);
        assertThat(CertificateKeys.isPem("{\"keys\":[]}")).isFalse();
    }
}
