package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A registry that is reached by a host name on the main connector. */
class HostNamesTest {
    private static final String PASSWORD = "pigeons-are-cross";
    private static final Pattern SERVICE = Pattern.compile("service=\"[^\"/]+/([^\"]+)\"");

    private static RegistryServer start() {
        return RegistryServer.inMemory()
                .user("root", PASSWORD)
                .set("server.main", "private")
                .set("registries.private.type", "hosted")
                .set("registries.lab.type", "hosted")
                .set("registries.lab.connectors.hosts", "lab.example.com")
                .start();
    }

    @ParameterizedTest
    @CsvSource({
        "lab.example.com, registry/lab",
        "lab.example.com:5000, registry/lab",
        "LAB.Example.Com, registry/lab",
        "LAB.example.com:443, registry/lab",
        "example.com, main",
        "x.lab.example.com, main",
        "lab.example.com.evil.test, main",
        "127.0.0.1, main"
    })
    void the_name_in_a_request_chooses_the_registry(String host, String connector) throws IOException {
        try (RegistryServer server = start()) {
            Matcher challenge = SERVICE.matcher(ask(server, host, "GET /v2/", ""));
            assertThat(challenge.find()).isTrue();
            assertThat(challenge.group(1)).isEqualTo(connector);
        }
    }

    @Test
    void what_is_pushed_there_is_in_that_registry_and_a_token_is_good_for_that_name_only() throws IOException {
        try (RegistryServer server = start()) {
            String basic = Visits.basic("root", PASSWORD);
            String begun = ask(server, "lab.example.com:5000", "POST /v2/app/blobs/uploads/", basic);
            assertThat(begun).startsWith("HTTP/1.1 202 ");
            String session = begun.replaceAll("(?si).*\r\nlocation: [^\r]*(/v2/[^\r]*)\r\n.*", "$1");
            assertThat(ask(server, "Lab.example.com", "GET " + session, basic)).startsWith("HTTP/1.1 204 ");
            assertThat(ask(server, "127.0.0.1", "GET " + session, basic)).startsWith("HTTP/1.1 404 ");

            Matcher service =
                    Pattern.compile("service=\"([^\"]+)\"").matcher(ask(server, "lab.example.com", "GET /v2/", ""));
            assertThat(service.find()).isTrue();
            String answer = ask(
                    server,
                    "lab.example.com",
                    "GET /v2/token?service=" + service.group(1) + "&scope=repository:app:pull,push",
                    basic);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            String token = "Bearer " + answer.replaceAll("(?s).*\"token\":\"([^\"]*)\".*", "$1");
            assertThat(ask(server, "lab.example.com:443", "GET " + session, token))
                    .startsWith("HTTP/1.1 204 ");
            assertThat(ask(server, "127.0.0.1", "GET /v2/", token)).startsWith("HTTP/1.1 401 ");
        }
    }

    private static String ask(RegistryServer server, String host, String request, String authorization)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            String shown = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";
            String length = request.startsWith("POST") ? "Content-Length: 0\r\n" : "";
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + shown + length
                                    + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
