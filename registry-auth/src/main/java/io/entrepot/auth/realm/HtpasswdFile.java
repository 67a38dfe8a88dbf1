package io.entrepot.auth.realm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.entrepot.auth.password.Bcrypt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands in a file as {@code htpasswd -B} writes it: a name, a colon and a bcrypt hash on each line. The last line of
 * a name holds; blank lines and those that begin with {@code #} are nothing.
 *
 * @param problems the lines that are ignored, by their number and with the reason; never with the hash
 */
record HtpasswdFile(Map<String, String> hashes, List<String> problems) {
    static final HtpasswdFile EMPTY = new HtpasswdFile(Map.of(), List.of());

    HtpasswdFile {
        hashes = Map.copyOf(hashes);
        problems = List.copyOf(problems);
    }

    static HtpasswdFile parse(byte[] bytes) {
        Map<String, String> hashes = new HashMap<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String raw : new String(bytes, UTF_8).split("\r\n|\n|\r", -1)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            Optional<String> problem = problem(line, colon);
            if (problem.isPresent()) {
                problems.add("line " + number + ": " + problem.get());
            } else {
                hashes.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return new HtpasswdFile(hashes, problems);
    }

    private static Optional<String> problem(String line, int colon) {
        if (colon < 1) {
            return Optional.of("it is not a name, a colon and a hash");
        }
        return Bcrypt.affordable(line.substring(colon + 1))
                ? Optional.empty()
                : Optional.of("not a bcrypt hash of at most cost 14: make it by 'htpasswd -B'");
    }

    Optional<String> hashOf(String user) {
        return Optional.ofNullable(hashes.get(user));
    }

    /** To compute for nobody. */
    Optional<String> anyHash() {
        return hashes.values().stream().findFirst();
    }
}
