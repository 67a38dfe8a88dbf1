package io.entrepot.server.connector;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Requests as bytes, and what must become of them. */
final class Corpus {
    static final String GET = "GET ";
    static final String HOST = "Host: x\r\n";
    private static final String POST = "POST /a HTTP/1.1\r\n" + HOST;
    private static final String CHUNKS = "3\r\nabc\r\n0\r\n\r\n";

    private Corpus() {}

    /** @param statuses any of them; 0: closing without an answer is fine too */
    record Case(String name, String request, Set<Integer> statuses) {
        static Case of(String name, String request, Integer... statuses) {
            return new Case(name, request, Set.of(statuses));
        }
    }

    static Stream<Case> refused() {
        List<Case> all = new ArrayList<>();
        transferEncodings(all);
        lengths(all);
        headerLines(all);
        versions(all);
        hosts(all);
        targets(all);
        methods(all);
        sizes(all);
        expectations(all);
        return all.stream();
    }

    private static void transferEncodings(List<Case> all) {
        for (String value : List.of(
                "xchunked",
                "chunked, identity",
                "identity, chunked",
                "chunked, chunked",
                "chunked,",
                ",chunked",
                "gzip",
                "gzip, chunked",
                "chunked, gzip",
                "identity",
                "compress",
                "deflate",
                "cow",
                "\"chunked\"",
                "'chunked'",
                "chunked;q=1",
                "chunked foo",
                "chunke",
                "chunkedd",
                "ch\u00fcnked",
                "chunked\u000b",
                "\u000bchunked",
                "\u00a0chunked",
                "x",
                "0")) {
            all.add(Case.of("TE " + value, POST + "Transfer-Encoding: " + value + "\r\n\r\n" + CHUNKS, 400, 501));
        }
        all.add(Case.of("TE empty", POST + "Transfer-Encoding:\r\n\r\n" + CHUNKS, 400, 501));
        all.add(Case.of(
                "TE twice", POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS, 400));
        all.add(Case.of(
                "TE twice, differing",
                POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n" + CHUNKS,
                400));
        all.add(Case.of(
                "TE twice, differing case",
                POST + "Transfer-Encoding: cow\r\ntransfer-encoding: chunked\r\n\r\n" + CHUNKS,
                400));
        all.add(Case.of("TE and CL", POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" + CHUNKS, 400));
        all.add(Case.of("CL and TE", POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS, 400));
        all.add(Case.of("CL 0 and TE", POST + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS, 400));
        all.add(Case.of(
                "TE identity and CL", POST + "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc", 400, 501));
        all.add(Case.of(
                "TE in 1.0", "POST /a HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS, 400));
        all.add(Case.of(
                "TE in 1.0, kept alive",
                "POST /a HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
                400));
        all.add(Case.of(
                "TE with a space before the colon", POST + "Transfer-Encoding : chunked\r\n\r\n" + CHUNKS, 400));
        all.add(Case.of("TE with a tab before the colon", POST + "Transfer-Encoding\t: chunked\r\n\r\n" + CHUNKS, 400));
        all.add(Case.of(
                "TE after a space",
                "POST /a HTTP/1.1\r\n Transfer-Encoding: chunked\r\n" + HOST + "\r\n" + CHUNKS,
                400));
        all.add(Case.of(
                "TE on GET, unknown", GET + "/ HTTP/1.1\r\n" + HOST + "Transfer-Encoding: cow\r\n\r\n", 400, 501));
        all.add(Case.of("TE folded", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKS, 400, 501));
        all.add(Case.of("TE folded with a tab", POST + "Transfer-Encoding:\r\n\tchunked\r\n\r\n" + CHUNKS, 400, 501));
        all.add(Case.of(
                "TE folded away", POST + "Transfer-Encoding: chunked\r\n , identity\r\n\r\n" + CHUNKS, 400, 501));
    }

    private static void lengths(List<Case> all) {
        for (String value : List.of(
                "+3",
                "-1",
                "-3",
                "3,3",
                "3, 3",
                "3 3",
                "0x3",
                "3.0",
                "3e0",
                "abc",
                "3;",
                "\"3\"",
                "9223372036854775808",
                "18446744073709551619",
                "99999999999999999999999",
                "\u0663",
                "3\u00a0")) {
            all.add(Case.of("CL " + value, POST + "Content-Length: " + value + "\r\n\r\nabc", 400));
        }
        all.add(Case.of("CL empty", POST + "Content-Length:\r\n\r\nabc", 400));
        all.add(Case.of("CL twice, equal", POST + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400));
        all.add(Case.of("CL twice, differing", POST + "Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc", 400));
        all.add(Case.of("CL twice, differing case", POST + "Content-Length: 0\r\ncontent-length: 3\r\n\r\nabc", 400));
        all.add(Case.of("CL with a space before the colon", POST + "Content-Length : 3\r\n\r\nabc", 400));
    }

    private static void headerLines(List<Case> all) {
        String start = GET + "/ HTTP/1.1\r\n" + HOST;
        all.add(Case.of("bare LF after a header", GET + "/ HTTP/1.1\r\nHost: x\n\r\n", 400));
        all.add(Case.of("bare LF after the request line", GET + "/ HTTP/1.1\n" + HOST + "\r\n", 400));
        all.add(Case.of("bare LF only", GET + "/ HTTP/1.1\nHost: x\n\n", 400));
        all.add(Case.of("bare CR in a value", start + "A: b\rc\r\n\r\n", 400));
        all.add(Case.of("bare CR before a name", start + "\rA: b\r\n\r\n", 400));
        all.add(Case.of("CR CR CR as an end", start + "\r\r\r", 400));
        all.add(Case.of("CR CR LF as an end", start + "A: b\r\r\n\r\n", 400));
        all.add(Case.of("NUL in a value", start + "A: b\0c\r\n\r\n", 400));
        all.add(Case.of("NUL in a name", start + "A\0: b\r\n\r\n", 400));
        all.add(Case.of("control character in a value", start + "A: b\u0001c\r\n\r\n", 400));
        all.add(Case.of("DEL in a value", start + "A: b\u007fc\r\n\r\n", 400));
        all.add(Case.of("space before the first header", GET + "/ HTTP/1.1\r\n " + HOST + "\r\n", 400));
        all.add(Case.of("tab before the first header", GET + "/ HTTP/1.1\r\n\t" + HOST + "\r\n", 400));
        all.add(Case.of("space before the colon", start + "A : b\r\n\r\n", 400));
        all.add(Case.of("no colon", start + "A\r\n\r\n", 400));
        all.add(Case.of("empty name", start + ": b\r\n\r\n", 400));
        for (char c : "\"(),/;<=>?@[\\]{}\u00fc".toCharArray()) {
            all.add(Case.of("name with " + c, start + "A" + c + "B: b\r\n\r\n", 400));
        }
    }

    private static void versions(List<Case> all) {
        for (String version : List.of("HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9", "HTTP/0.9")) {
            all.add(Case.of(version, GET + "/ " + version + "\r\n" + HOST + "\r\n", 400, 505));
        }
        for (String version : List.of(
                "HTTP/1",
                "HTTP/11",
                "HTTP/1.10",
                "HTTP/01.1",
                "HTTP/1.1.1",
                "http/1.1",
                "HTTP 1.1",
                "HTTPS/1.1",
                "ICY/1.1",
                "HTTP/1,1",
                "HTTP/1.1 x",
                "HTTP/ 1.1",
                "/1.1")) {
            all.add(Case.of("version " + version, GET + "/ " + version + "\r\n" + HOST + "\r\n", 400, 505));
        }
        all.add(Case.of("no version", GET + "/\r\n" + HOST + "\r\n", 400, 505));
        all.add(Case.of("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 405, 505));
    }

    private static void hosts(List<Case> all) {
        String start = GET + "/ HTTP/1.1\r\n";
        all.add(Case.of("no Host", start + "\r\n", 400));
        all.add(Case.of("two Hosts", start + HOST + "Host: y\r\n\r\n", 400));
        all.add(Case.of("two equal Hosts", start + HOST + HOST + "\r\n", 400));
        all.add(Case.of("two Hosts in 1.0", GET + "/ HTTP/1.0\r\n" + HOST + "Host: y\r\n\r\n", 400));
        for (String host : List.of(
                "a b", "a/b", "a\\b", "u@h", "a?b", "a#b", "a:b", "a:99999", "a:-1", "a:80:80", "[::1", "::1]", "[x]",
                "<a>", "a\"b")) {
            all.add(Case.of("Host " + host, start + "Host: " + host + "\r\n\r\n", 400));
        }
    }

    private static void targets(List<Case> all) {
        for (String target : List.of(
                "http://evil/",
                "https://evil/v2/",
                "http://x@evil/",
                "http://evil#x/",
                "//evil/../x",
                "/a/../b",
                "/a/..",
                "/..",
                "/../",
                "/a/./b",
                "/.",
                "/a/%2e%2e/b",
                "/a/%2E./b",
                "/a/.%2e",
                "/%2e",
                "/a;x=1",
                "/a;/b",
                "/;a",
                "/a;..;/b",
                "/a/..;/b",
                "/a%3bx",
                "/a\\b",
                "/..\\b",
                "/a%5cb",
                "/a%5Cb",
                "/a%00",
                "/%00/b",
                "/a%0d%0aX:y",
                "/a%0a",
                "/a%1f",
                "/a%7f",
                "/a%",
                "/a%z",
                "/a%2",
                "/a%zz",
                "/a%u0041",
                "/a#b",
                "/#",
                "/a?b#c",
                "/a?b\\c",
                "/a\u0001b",
                "/a\u0000b",
                "/a\u007fb",
                "/a\u00fcb",
                "/a?\u00fc",
                "/a?b\u0000",
                "/a\"b",
                "/a<b>",
                "/a^b",
                "/a`b",
                "/a{b}",
                "/a|b",
                "/a?b<c",
                "a",
                "v2/",
                "..",
                "?a",
                "\\a",
                "*a",
                "x:y")) {
            all.add(Case.of("target " + target, GET + target + " HTTP/1.1\r\n" + HOST + "\r\n", 400));
        }
        all.add(Case.of("target *", GET + "* HTTP/1.1\r\n" + HOST + "\r\n", 400));
        all.add(Case.of("no target", "GET HTTP/1.1\r\n" + HOST + "\r\n", 400, 505));
        all.add(Case.of("two spaces", "GET  / HTTP/1.1\r\n" + HOST + "\r\n", 400));
        all.add(Case.of("space in the target", "GET /a b HTTP/1.1\r\n" + HOST + "\r\n", 400, 505));
        all.add(Case.of("tab for a space", "GET\t/ HTTP/1.1\r\n" + HOST + "\r\n", 400));
        all.add(Case.of("CR in the target", "GET /a\rb HTTP/1.1\r\n" + HOST + "\r\n", 400));
    }

    private static void methods(List<Case> all) {
        for (String method : List.of("TRACE", "TRACK", "PROPFIND", "PURGE", "MOVE", "X", "get", "Get", "GET0")) {
            all.add(Case.of("method " + method, method + " / HTTP/1.1\r\n" + HOST + "\r\n", 405, 400));
        }
        all.add(Case.of("CONNECT", "CONNECT x:443 HTTP/1.1\r\n" + HOST + "\r\n", 405, 400));
        all.add(Case.of("CONNECT with a path", "CONNECT / HTTP/1.1\r\n" + HOST + "\r\n", 405, 400));
        all.add(Case.of("method with a slash", "GE/T / HTTP/1.1\r\n" + HOST + "\r\n", 400));
        all.add(Case.of("method with a NUL", "G\0ET / HTTP/1.1\r\n" + HOST + "\r\n", 400));
        all.add(Case.of("endless method", "G".repeat(2000) + " / HTTP/1.1\r\n" + HOST + "\r\n", 400, 405));
        all.add(Case.of("binary", "\u0001\u0002\u0003\u0004\r\n\r\n", 400));
        all.add(Case.of("TRACE with a body", "TRACE / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc", 405));
        all.add(Case.of(
                "method TRACE, chunked",
                "TRACE / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
                405));
    }

    private static void sizes(List<Case> all) {
        String start = GET + "/ HTTP/1.1\r\n" + HOST;
        all.add(Case.of("80 KiB header", start + "A: " + "a".repeat(80 * 1024) + "\r\n\r\n", 400, 0));
        all.add(Case.of("80 KiB name", start + "a".repeat(80 * 1024) + ": a\r\n\r\n", 400, 0));
        all.add(Case.of("80 KiB in lines", start + ("A: " + "a".repeat(1000) + "\r\n").repeat(80) + "\r\n", 400, 0));
        all.add(Case.of("101 headers", start + "A: b\r\n".repeat(100) + "\r\n", 400));
        all.add(Case.of("2000 headers", start + "A: b\r\n".repeat(2000) + "\r\n", 400, 0));
        all.add(Case.of("80 KiB path", GET + "/" + "a".repeat(80 * 1024) + " HTTP/1.1\r\n" + HOST + "\r\n", 400, 0));
        all.add(Case.of("80 KiB query", GET + "/?" + "a".repeat(80 * 1024) + " HTTP/1.1\r\n" + HOST + "\r\n", 400, 0));
        all.add(Case.of("51 parameters", GET + "/?" + "a=b&".repeat(51) + " HTTP/1.1\r\n" + HOST + "\r\n", 400));
        all.add(Case.of("17 KiB Authorization", start + "Authorization: " + "a".repeat(17 * 1024) + "\r\n\r\n", 400));
        all.add(Case.of("two Authorizations", start + "Authorization: Basic a\r\nAuthorization: Basic b\r\n\r\n", 400));
    }

    private static void expectations(List<Case> all) {
        for (String value : List.of("200-ok", "100-continue, x", "x", "100", "100-continue;q=1")) {
            all.add(Case.of("Expect " + value, POST + "Content-Length: 3\r\nExpect: " + value + "\r\n\r\nabc", 417));
        }
        all.add(Case.of(
                "Expect twice", POST + "Content-Length: 3\r\nExpect: 100-continue\r\nExpect: x\r\n\r\nabc", 417));
        all.add(Case.of("Expect x on GET", GET + "/ HTTP/1.1\r\n" + HOST + "Expect: x\r\n\r\n", 417));
    }

    static Stream<Case> brokenChunks() {
        String start = POST + "Transfer-Encoding: chunked\r\n\r\n";
        List<Case> all = new ArrayList<>();
        for (String body : List.of(
                "3\nabc\r\n0\r\n\r\n",
                "3\r\nabc\n0\r\n\r\n",
                "3\r\nabc0\r\n\r\n",
                "3\r\nabcd\r\n0\r\n\r\n",
                "3\r\nab\r\n0\r\n\r\n",
                "3\r\nabc\r\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\n\n",
                "3\r\nabc\r\n0\r\n\n",
                "3\r\nabc\r\n0\r\n\r\r\n",
                "\r\n3\r\nabc\r\n0\r\n\r\n",
                " 3\r\nabc\r\n0\r\n\r\n",
                "3 \r\nabc\r\n0\r\n\r\n",
                "3\t\r\nabc\r\n0\r\n\r\n",
                "+3\r\nabc\r\n0\r\n\r\n",
                "-3\r\nabc\r\n0\r\n\r\n",
                "0x3\r\nabc\r\n0\r\n\r\n",
                "x\r\nabc\r\n0\r\n\r\n",
                "\r\nabc\r\n0\r\n\r\n",
                ";a=b\r\nabc\r\n0\r\n\r\n",
                "3;a=b\nabc\r\n0\r\n\r\n",
                "3;a\nxx\r\nabc\r\n0\r\n\r\n",
                "3;a\rb\r\nabc\r\n0\r\n\r\n",
                "3;a\0b\r\nabc\r\n0\r\n\r\n",
                "3,4\r\nabc\r\n0\r\n\r\n",
                "3.\r\nabc\r\n0\r\n\r\n",
                "3\rabc\r\n0\r\n\r\n",
                "3\r\rabc\r\n0\r\n\r\n",
                "0000000000000003\r\nabc\r\n0\r\n\r\n",
                "ffffffffffffffff\r\nabc\r\n0\r\n\r\n",
                "8000000000000000\r\nabc\r\n0\r\n\r\n",
                "10000000000000003\r\nabc\r\n0\r\n\r\n",
                "\u0663\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\r\nA: b\n\r\n",
                "3\r\nabc\r\n0\r\nA : b\r\n\r\n",
                "3\r\nabc\r\n0\r\nA\r\n\r\n",
                "3\r\nabc\r\n0\r\n: b\r\n\r\n",
                "3\r\nabc\r\n0\r\n A: b\r\n\r\n",
                "3\r\nabc\r\n0\r\nA: b\0\r\n\r\n",
                "3\r\nabc\r\n0\r\nA: b\rc\r\n\r\n",
                "3\r\nabc\r\n0\r\nGET /smuggled HTTP/1.1\r\n\r\n",
                "3\r\nabc\r\n0\r\nA: " + "a".repeat(9000) + "\r\n\r\n",
                "3\r\nabc\r\n0\r\n" + "A: b\r\n".repeat(2000) + "\r\n",
                "3;" + "a".repeat(9000) + "\r\nabc\r\n0\r\n\r\n")) {
            String name = body.substring(0, Math.min(40, body.length()));
            all.add(Case.of("chunks " + name, start + body, 400, 0));
        }
        return all.stream();
    }

    static Stream<Case> accepted() {
        String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n";
        String get = " HTTP/1.1\r\n" + HOST + "\r\n";
        return Stream.of(
                Case.of("GET", GET + "/" + get, 200),
                Case.of("HEAD", "HEAD /" + get, 200),
                Case.of("OPTIONS", "OPTIONS /" + get, 200),
                Case.of("DELETE", "DELETE /a" + get, 200),
                Case.of("GET 1.0, kept alive", GET + "/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
                Case.of("query", GET + "/v2/a/tags/list?n=10&last=b%2Fc" + get, 200),
                Case.of("odd but fine query", GET + "/?a=b/c?d&&=:@!$'()*+,;" + get, 200),
                Case.of("colon in a digest", GET + "/v2/a/blobs/sha256:0f" + get, 200),
                Case.of("encoded colon", GET + "/v2/a/blobs/sha256%3A0f" + get, 200),
                Case.of("encoded slash", GET + "/a%2Fb" + get, 200),
                Case.of("dots in names", GET + "/a..b/.c/d./..." + get, 200),
                Case.of("two slashes", GET + "/a//b" + get, 200),
                Case.of("absolute target", GET + "http://x/a" + get, 200),
                Case.of("absolute target without a path", GET + "http://x" + get, 200),
                Case.of("100 headers", GET + "/ HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(99) + "\r\n", 200),
                Case.of("50 KiB header", GET + "/ HTTP/1.1\r\n" + HOST + "A: " + "a".repeat(50_000) + "\r\n\r\n", 200),
                Case.of("Host with a port", GET + "/ HTTP/1.1\r\nHost: x:5000\r\n\r\n", 200),
                Case.of("Host with an address", GET + "/ HTTP/1.1\r\nHost: [::1]:5000\r\n\r\n", 200),
                Case.of("CL", POST + "Content-Length: 3\r\n\r\nabc", 200),
                Case.of("CL 0", POST + "Content-Length: 0\r\n\r\n", 200),
                Case.of("CL with zeros", POST + "Content-Length: 0003\r\n\r\nabc", 200),
                Case.of("CL with blanks around", POST + "Content-Length:   3  \r\n\r\nabc", 200),
                Case.of("no length", POST + "\r\n", 200),
                Case.of("GET with a small body", GET + "/ HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc", 200),
                Case.of("HEAD with a small body", "HEAD / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc", 200),
                Case.of(
                        "DELETE with chunks",
                        "DELETE / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
                        200),
                Case.of(
                        "early answer, small body",
                        "PUT /early HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc",
                        401),
                Case.of("chunks", chunked + CHUNKS, 200),
                Case.of("Chunked", POST + "Transfer-Encoding: Chunked\r\n\r\n" + CHUNKS, 200),
                Case.of("no chunks", chunked + "0\r\n\r\n", 200),
                Case.of("many zeros", chunked + "000\r\n\r\n", 200),
                Case.of("upper case size", chunked + "A\r\n0123456789\r\n0\r\n\r\n", 200),
                Case.of("extension", chunked + "3;a=b;c=\"d e\"\r\nabc\r\n0;x\r\n\r\n", 200),
                Case.of("trailers", chunked + "3\r\nabc\r\n0\r\nA: b\r\nC:\r\n\r\n", 200),
                Case.of("line feeds in the data", chunked + "6\r\n\n\r\n0\r\n\r\n0\r\n\r\n", 200),
                Case.of("many chunks", chunked + "1\r\na\r\n".repeat(5000) + "0\r\n\r\n", 200));
    }
}
