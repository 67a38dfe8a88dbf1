package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Call;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.server.RegistryServer;
import io.entrepot.server.http.Stranger.Answer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever strangers send to a whole server: it is refused in JSON, changes nothing, and leaves nothing behind. */
class HostileInputTest {
    private static final List<String> METHODS = List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE");
    private static final List<String> NO_DIGESTS = List.of(
            "x",
            "sha256",
            "sha256:",
            ":" + "0".repeat(64),
            "sha256:" + "0".repeat(63),
            "sha256:" + "0".repeat(65),
            "sha256:" + "g".repeat(64),
            "sha256:" + "A".repeat(64),
            "sha256:" + "0".repeat(63) + "%00",
            "sha256:" + "0".repeat(63) + "%2f",
            "sha256::" + "0".repeat(64),
            "sha256:..%2f..%2f..%2fetc%2fpasswd",
            "SHA256:" + "0".repeat(64),
            "sha512:" + "0".repeat(64),
            "sha1:" + "0".repeat(40),
            "sha384:" + "0".repeat(96),
            "md5:" + "0".repeat(32),
            "sha256+b64:" + "0".repeat(64));
    private static final String OCI = "Content-Type: application/vnd.oci.image.manifest.v1+json";
    private static final Content CONFIG = Content.of("{\"os\":\"linux\"}");
    private static final Content LAYER = Content.of("<html><script>alert(1)</script></html>");
    private static final Sample IMAGE = Sample.image(CONFIG, LAYER);
    private static final String MANIFEST = text(IMAGE);

    @TempDir
    Path folder;

    private RegistryServer server;
    private Stranger stranger;

    @BeforeEach
    void start() throws IOException {
        server = RegistryServer.at(folder.resolve("data"))
                .set("access.open", "true")
                .set("server.stopTimeout", "2s")
                .port(0)
                .start();
        stranger = new Stranger(server.port());
        Client.pushImage(repository("a"), new Tag("v1"), CONFIG, LAYER);
        Client.pushImage(repository("b/c"), new Tag("v1"), CONFIG, LAYER);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void what_is_no_path_is_refused_on_every_route_and_changes_nothing() throws IOException {
        List<String> before = everything();
        for (String target : NoPaths.all().toList()) {
            for (String method : METHODS) {
                String body = method.startsWith("P") ? MANIFEST : "";
                Answer answer = stranger.send(method, target, body, OCI);
                assertThat(answer.status()).as("%s %s", method, target).isIn(400, 404, 405);
                assertThat(answer.has("X-Injected")).isFalse();
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void what_is_no_digest_is_refused_wherever_it_stands() throws IOException {
        String upload = begin("a");
        List<String> before = everything();
        for (String digest : NO_DIGESTS) {
            for (Answer answer : List.of(
                    stranger.ask("GET", "/v2/a/blobs/" + digest),
                    stranger.ask("DELETE", "/v2/a/blobs/" + digest),
                    stranger.ask("GET", "/v2/a/referrers/" + digest),
                    stranger.send("PUT", "/v2/a/manifests/v1?digest=" + digest, MANIFEST, OCI),
                    stranger.send("POST", "/v2/a/blobs/uploads/?digest=" + digest, "abc"),
                    stranger.send("PUT", upload + "?digest=" + digest, "abc"))) {
                assertThat(answer.status()).as("%s: %s", digest, answer.body()).isEqualTo(400);
            }
        }
        assertThat(everything()).isEqualTo(before);
        assertThat(stranger.ask("DELETE", upload).status()).isEqualTo(204);
    }

    @Test
    void manifests_that_name_what_is_no_digest_are_refused() throws IOException {
        List<String> before = everything();
        for (String digest : NO_DIGESTS) {
            for (String named :
                    List.of(CONFIG.digest().toString(), LAYER.digest().toString())) {
                Answer answer = stranger.send("PUT", "/v2/a/manifests/v2", MANIFEST.replace(named, digest), OCI);
                assertThat(answer.status()).as("%s: %s", digest, answer.body()).isEqualTo(400);
            }
            String subject = "\"subject\":{\"mediaType\":\"a/b\",\"size\":1,\"digest\":\"" + digest + "\"},\"layers\"";
            Answer answer = stranger.send("PUT", "/v2/a/manifests/v2", MANIFEST.replace("\"layers\"", subject), OCI);
            assertThat(answer.status()).as("%s: %s", digest, answer.body()).isEqualTo(400);
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void chunks_that_say_nonsense_about_themselves_leave_the_upload_as_it_is() throws IOException {
        String upload = begin("a");
        assertThat(stranger.send("PATCH", upload, "0123456789", "Content-Range: 0-9")
                        .status())
                .isEqualTo(202);
        for (String range : List.of(
                "0-9",
                "9-10",
                "11-12",
                "12-10",
                "-1-3",
                "10-",
                "-10",
                "10",
                "a-b",
                "0x0a-0x0c",
                "10-12,13-15",
                "10--12",
                "bytes=10-12",
                "+10-+12",
                "10-99999999999999999999",
                "99999999999999999999-99999999999999999999",
                "9223372036854775807-9223372036854775807",
                "10-13",
                "10-11",
                "\u00b9\u00b0-12",
                "../../10-12")) {
            Answer answer = stranger.send("PATCH", upload, "abc", "Content-Range: " + range);
            assertThat(answer.status()).as(range).isIn(400, 416);
            assertThat(stranger.ask("GET", upload).header("Range")).as(range).isEqualTo("0-9");
        }
        Content whole = Content.of("0123456789abc");
        assertThat(stranger.send("PUT", upload + "?digest=" + whole.digest(), "abc", "Content-Range: 10-12")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void ranges_that_make_no_sense_get_the_whole_or_a_refusal() throws IOException {
        String blob = "/v2/a/blobs/" + LAYER.digest();
        for (String range : List.of(
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=5-1",
                "bytes=-0",
                "bytes=999-",
                "bytes=0-1,0-2,0-99",
                "bytes=--1",
                "bytes=0-99999999999999999999",
                "bytes=99999999999999999999-",
                "bytes=+0-1",
                "bytes=0x0-0x1",
                "bytes 0-1",
                "items=0-1",
                "0-1",
                "bytes=" + "0-0,".repeat(300),
                "bytes=" + "9".repeat(5_000),
                "bytes=" + ",".repeat(5_000))) {
            Answer answer = stranger.ask("GET", blob, "Range: " + range);
            assertThat(answer.status()).as(range).isIn(200, 206, 400, 416);
            if (answer.status() == 200) {
                assertThat(answer.body()).as(range).isEqualTo(text(LAYER));
            } else if (answer.status() == 206) {
                assertThat(text(LAYER)).as(range).startsWith(answer.body());
            }
        }
    }

    @Test
    void any_number_of_entries_may_be_asked_for_and_nonsense_is_refused() throws IOException {
        for (String list : List.of("/v2/_catalog", "/v2/a/tags/list", "/v2/a/referrers/" + IMAGE.digest())) {
            for (String n : List.of("0", "1", "10000", "10001", "2147483648", "9".repeat(2_000))) {
                assertThat(stranger.ask("GET", list + "?n=" + n).status())
                        .as(list + " " + n)
                        .isEqualTo(200);
            }
            for (String n : List.of("-1", "1e9", "x", "%00", "1.0", "0x10", "%31%00", "1%20", "NaN", "..%2f", "%")) {
                assertThat(stranger.ask("GET", list + "?n=" + n).status())
                        .as(list + " " + n)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void web_pages_are_no_manifests() throws IOException {
        List<String> before = everything();
        for (String type : List.of(
                "text/html",
                "text/html; charset=utf-8",
                "TEXT/HTML",
                "image/svg+xml",
                "application/xhtml+xml",
                "text/plain",
                "text/javascript",
                "application/json, text/html",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
                "application/vnd.oci.image.index.v1+json",
                "x")) {
            for (String bytes : List.of(MANIFEST, text(LAYER), "", "{}", "null", "[]")) {
                Answer answer = stranger.send("PUT", "/v2/a/manifests/v2", bytes, "Content-Type: " + type);
                assertThat(answer.status()).as("%s as %s", bytes, type).isEqualTo(400);
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void a_manifest_without_a_type_of_its_own_is_no_web_page_either() throws IOException {
        String untyped = MANIFEST.replaceFirst("\"mediaType\":\"[^\"]*\",", "");
        for (String type : List.of("text/html", "image/svg+xml", "application/xhtml+xml", "text/plain", "x/y")) {
            Answer answer = stranger.send("PUT", "/v2/a/manifests/v2", untyped, "Content-Type: " + type);
            assertThat(answer.status()).as("%s: %s", type, answer.body()).isEqualTo(400);
        }
    }

    @Test
    void a_web_page_that_was_pushed_is_inert() throws IOException {
        for (String target : List.of("/v2/a/blobs/" + LAYER.digest(), "/v2/a/manifests/v1")) {
            for (String method : List.of("GET", "HEAD")) {
                Answer answer = stranger.ask(method, target, "Accept: text/html,*/*");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(answer.header("Content-Security-Policy")).isEqualTo("default-src 'none'; sandbox");
                assertThat(answer.header("Content-Type")).startsWith("application/");
            }
        }
        Answer part = stranger.ask("GET", "/v2/a/blobs/" + LAYER.digest(), "Range: bytes=0-5");
        assertThat(part.header("Content-Disposition")).isEqualTo("attachment");
        assertThat(part.header("Content-Security-Policy")).contains("sandbox");
        assertThat(part.header("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void nothing_that_is_reflected_breaks_out_of_its_line() throws IOException {
        for (String bad : List.of(
                "%0d%0aX-Injected:%20yes",
                "%0aX-Injected:%20yes",
                "%0dX-Injected:%20yes",
                "a%0d%0a%0d%0a<script>",
                "%e5%98%8a%e5%98%8dX-Injected:yes",
                "%c4%8d%c4%8aX-Injected:yes",
                "a%00b",
                "%22%3e%3cscript%3e",
                "a%22,%20<http:%2f%2fevil>;%20rel=%22next")) {
            for (Answer answer : List.of(
                    stranger.ask("GET", "/v2/a/tags/list?n=1&last=" + bad),
                    stranger.ask("GET", "/v2/_catalog?n=1&last=" + bad),
                    stranger.ask("GET", "/v2/a/referrers/" + IMAGE.digest() + "?artifactType=" + bad),
                    stranger.ask("GET", "/v2/a/referrers/" + IMAGE.digest() + "?n=1&last=" + bad),
                    stranger.ask("GET", "/v2/a/manifests/" + bad),
                    stranger.ask("GET", "/v2/" + bad + "/tags/list"),
                    stranger.send("PUT", "/v2/a/manifests/v1?tag=" + bad, MANIFEST, OCI),
                    stranger.send("POST", "/v2/a/blobs/uploads/?mount=" + IMAGE.digest() + "&from=" + bad, ""),
                    stranger.send("POST", "/v2/a/blobs/uploads/?digest-algorithm=" + bad, ""),
                    stranger.ask("GET", "/v2/" + bad, "X-Request-Id: a\tb"),
                    stranger.ask("GET", "/v2/?ns=" + bad, "X-Request-Id: " + bad, "Origin: http://" + bad))) {
                assertThat(answer.head()).as(bad).doesNotContainPattern("(?mi)^X-Injected");
                assertThat(answer.head()).as(bad).doesNotContain("<script>", "<http:");
                assertThat(answer.status()).as(answer.body()).isLessThan(500);
            }
        }
    }

    @Test
    void an_upload_exists_in_its_repository_only() throws IOException {
        String upload = begin("a");
        stranger.send("PATCH", upload, "abc");
        String id = upload.substring(upload.lastIndexOf('/') + 1);
        for (String elsewhere : List.of(
                "/v2/b/c/blobs/uploads/" + id,
                "/v2/a/a/blobs/uploads/" + id,
                "/v2/nobody/blobs/uploads/" + id,
                "/v2/a/blobs/uploads/" + id.toUpperCase(Locale.ROOT),
                "/v2/a/blobs/uploads/" + id + "0",
                "/v2/a/blobs/uploads/" + id.substring(1),
                "/v2/a/blobs/uploads/00000000-0000-4000-8000-000000000000")) {
            for (Answer answer : List.of(
                    stranger.ask("GET", elsewhere),
                    stranger.send("PATCH", elsewhere, "def"),
                    stranger.send(
                            "PUT", elsewhere + "?digest=" + Content.of("abc").digest(), ""),
                    stranger.ask("DELETE", elsewhere))) {
                assertThat(answer.status()).as(elsewhere).isEqualTo(404);
            }
        }
        assertThat(stranger.ask("GET", upload).header("Range")).isEqualTo("0-2");
    }

    @Test
    void who_knows_a_digest_has_not_got_the_blob() throws IOException {
        String foreign = "/v2/other/blobs/" + LAYER.digest();
        for (String body : List.of("", "x", text(LAYER).substring(1))) {
            Answer answer = stranger.send("POST", "/v2/other/blobs/uploads/?digest=" + LAYER.digest(), body);
            // Without a body it is an upload that has begun.
            assertThat(answer.status()).isEqualTo(body.isEmpty() ? 202 : 400);
            assertThat(stranger.ask("HEAD", foreign).status()).isEqualTo(404);
        }
        String upload = begin("other");
        assertThat(stranger.send("PUT", upload + "?digest=" + LAYER.digest(), "")
                        .status())
                .isEqualTo(400);
        assertThat(stranger.ask("GET", foreign).status()).isEqualTo(404);
        Answer mount =
                stranger.send("POST", "/v2/other/blobs/uploads/?mount=" + LAYER.digest() + "&from=nobody/was/here", "");
        assertThat(mount.status()).isEqualTo(202);
        assertThat(stranger.ask("GET", foreign).status()).isEqualTo(404);
    }

    @Test
    void forms_are_parsed_by_nobody() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Set<String> before = names(temporary);
        String form = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../../f\"\r\n"
                + "Content-Type: text/html\r\n\r\n" + "y".repeat(100_000) + "\r\n--x--\r\n";
        String type = "Content-Type: multipart/form-data; boundary=x";
        for (String target : List.of("/v2/", "/v2/a/manifests/v2", "/v2/a/tags/list", "/", "/v2/token")) {
            assertThat(stranger.send("POST", target, form, type).status()).isIn(400, 404, 405);
        }
        assertThat(stranger.send("PUT", "/v2/a/manifests/v2", form, type).status())
                .isEqualTo(400);
        // A body of an upload is just bytes.
        Content bytes = Content.of(form);
        assertThat(stranger.send("POST", "/v2/a/blobs/uploads/?digest=" + bytes.digest(), form, type)
                        .status())
                .isEqualTo(201);
        Set<String> left = names(temporary);
        left.removeAll(before);
        assertThat(left).noneMatch(name -> name.contains("undertow") || name.contains("upload"));
    }

    @Test
    void rounds_of_it_leave_the_heap_as_it_was() throws IOException {
        List<String> targets = NoPaths.all().toList();
        round(targets, 0);
        long before = usedHeap();
        for (int i = 0; i < 20; i++) {
            round(targets, i);
        }
        assertThat(usedHeap() - before).isLessThan(8L << 20);
    }

    /** A tenth of the targets, another one each time. */
    private void round(List<String> targets, int number) throws IOException {
        for (int i = number % 10; i < targets.size(); i += 10) {
            stranger.send(METHODS.get(i % METHODS.size()), targets.get(i), "");
        }
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** What the registry says that it has, and every file of its blob store. */
    private List<String> everything() throws IOException {
        List<String> all = new ArrayList<>();
        for (RepositoryName name : server.registry()
                .repositories(PageRequest.first(1_000), Call.internal())
                .items()) {
            Repository repository = server.registry().repository(name, Call.internal());
            for (String tag : Client.tags(repository)) {
                all.add(name + ":" + tag + " "
                        + repository.resolve(new Tag(tag)).digest());
            }
        }
        try (Stream<Path> files = Files.walk(folder.resolve("data/blobs"))) {
            files.map(Path::toString).sorted().forEach(all::add);
        }
        return all;
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Repository repository(String name) {
        return server.registry().repository(new RepositoryName(name), Call.internal());
    }

    private String begin(String repository) throws IOException {
        Answer begun = stranger.send("POST", "/v2/" + repository + "/blobs/uploads/", "");
        assertThat(begun.status()).isEqualTo(202);
        return begun.header("Location");
    }

    private static String text(Content content) {
        return new String(content.bytes(), StandardCharsets.UTF_8);
    }

    private static String text(Sample sample) {
        return StandardCharsets.UTF_8.decode(sample.manifest().bytes()).toString();
    }
}
