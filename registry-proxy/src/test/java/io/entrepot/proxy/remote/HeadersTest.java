package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    private static final URI SECURE = URI.create("https://registry.example/x/v2/a/blobs/uploads/");

    /** An answer that is only its headers. */
    private record Said(URI from, Map<String, String> values) implements Reply {
        @Override
        public int status() {
            return 200;
        }

        @Override
        public String header(String name) {
            return values.getOrDefault(name, "");
        }

        @Override
        public List<String> headers(String name) {
            return values.containsKey(name) ? List.of(header(name)) : List.of();
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public InputStream body() {
            return InputStream.nullInputStream();
        }

        @Override
        public byte[] bytes(int limit) {
            return new byte[0];
        }

        @Override
        public void close() {}
    }

    private static Reply said(String name, String value) {
        return new Said(SECURE, Map.of(name, value));
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/a/blobs/uploads/1?s=%2F&t=x, https://registry.example/v2/a/blobs/uploads/1?s=%2F&t=x",
        "https://other.example/1, https://other.example/1",
        "1, https://registry.example/x/v2/a/blobs/uploads/1",
        "?s=1, https://registry.example/x/v2/a/blobs/uploads/?s=1",
        "//other.example/1, https://other.example/1",
    })
    void a_location_is_resolved_with_its_query(String location, String expected) {
        assertThat(Headers.location(said("Location", location))).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://registry.example/1", "ftp://registry.example/1"})
    void an_upload_does_not_leave_tls(String location) {
        assertThatThrownBy(() -> Headers.location(said("Location", location)))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1, 1", "12a", "1.5", "1234567890123456789"})
    void a_length_that_is_no_number_is_none(String length) {
        assertThat(Headers.length(said("Content-Length", length))).isEmpty();
        assertThat(Headers.length(said("Content-Length", " 12 "))).hasValue(12);
    }

    @Test
    void a_range_is_read_as_it_is_written_in_answers() {
        assertThat(ContentRange.parse("Bytes 0-0/1")).isPresent();
        assertThat(ContentRange.parse("bytes 0-9999999999999999999/*")).isEmpty();
        assertThat(ContentRange.saysEmpty("bytes */0")).isTrue();
        assertThat(ContentRange.saysEmpty("bytes */1")).isFalse();
        assertThat(ContentRange.saysEmpty("bytes 0-0/0")).isFalse();
    }
}
