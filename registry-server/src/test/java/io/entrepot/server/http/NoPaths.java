package io.entrepot.server.http;

import java.util.List;
import java.util.stream.Stream;

/** Targets that nothing has, made of what attackers put into paths, in every place that a route has. */
final class NoPaths {
    private static final String DIGEST = "sha256:" + "0".repeat(64);

    /** With a bar for what is put in. */
    private static final List<String> ROUTES = List.of(
            "/|",
            "/ui/|",
            "/livez/|",
            "/v2/|",
            "/v2/_catalog/|",
            "/v2/|/tags/list",
            "/v2/a/|/tags/list",
            "/v2/|/manifests/v1",
            "/v2/a/manifests/|",
            "/v2/|/blobs/" + DIGEST,
            "/v2/a/blobs/|",
            "/v2/|/blobs/uploads/",
            "/v2/a/blobs/uploads/|",
            "/v2/a/|/referrers/" + DIGEST,
            "/v2/a/referrers/|",
            "/v2/|/_oci/ext/discover");

    /** None of them is a name, a tag, a digest or an upload. */
    private static final List<String> PAYLOADS = List.of(
            "..",
            "../..",
            "../../../../etc/passwd",
            "../v2/a/manifests/v1",
            "%2e%2e",
            "%2e%2e/%2e%2e",
            ".%2E/",
            "..%2f",
            "..%2f..%2f..%2fetc%2fpasswd",
            "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "..%5c..%5cwindows",
            "..\\..\\windows",
            "%252e%252e%252f",
            "%252e%252e/",
            "%25",
            "%",
            "%2",
            "%zz",
            "%c0%ae%c0%ae%c0%af",
            "%c0%ae%c0%ae/",
            "%e0%80%ae",
            "%uff0e%uff0e",
            "%ef%bc%8e%ef%bc%8e",
            "%e2%80%ae",
            "..;/",
            "..;x=y/",
            "a;x=y",
            ";",
            "....//....//",
            "a/../a",
            "b/../a",
            "a/./a",
            "a/%2e/a",
            "a%2f..%2fa",
            "a%2fa",
            "a//a",
            "//a",
            "//etc/passwd",
            "%2fetc%2fpasswd",
            "file:%2f%2f%2fetc%2fpasswd",
            "file:///etc/passwd",
            "C:%5cwindows",
            "%5c%5chost%5cshare",
            "%00",
            "a%00",
            "a%00.json",
            "a%0d%0aX-Injected:%20yes",
            "a%0a",
            "a%09b",
            "a%7f",
            "%20",
            "a%20b",
            "~root",
            "$HOME",
            "${jndi:ldap://x}",
            "%24%7bjndi:ldap:%2f%2fx%7d",
            "%3cscript%3e",
            "'%20OR%201=1--",
            "a'--",
            "*",
            "@",
            "-",
            ".a",
            "\u00e4",
            "a".repeat(300),
            "sha256:",
            "sha256:..",
            "sha256:..%2f..%2fetc",
            "sha256%3a..%2f",
            "sha256:%2e%2e",
            "sha256:" + "A".repeat(64),
            "sha512:" + "0".repeat(64),
            "md5:" + "0".repeat(32),
            "00000000-0000-0000-0000-00000000000%30");

    private NoPaths() {}

    static Stream<String> all() {
        return ROUTES.stream().flatMap(route -> PAYLOADS.stream().map(payload -> route.replace("|", payload)));
    }
}
