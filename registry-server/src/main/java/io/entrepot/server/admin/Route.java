package io.entrepot.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing that can be asked: where, by whom, and how it is answered.
 *
 * @param path its components; one in braces stands for any name
 */
record Route(String method, List<String> path, Need need, Function<Asked, Answer> answer) {

    static Route get(String path, Need need, Function<Asked, Answer> answer) {
        return of("GET", path, need, answer);
    }

    static Route post(String path, Need need, Function<Asked, Answer> answer) {
        return of("POST", path, need, answer);
    }

    static Route put(String path, Need need, Function<Asked, Answer> answer) {
        return of("PUT", path, need, answer);
    }

    static Route patch(String path, Need need, Function<Asked, Answer> answer) {
        return of("PATCH", path, need, answer);
    }

    static Route delete(String path, Need need, Function<Asked, Answer> answer) {
        return of("DELETE", path, need, answer);
    }

    private static Route of(String method, String path, Need need, Function<Asked, Answer> answer) {
        return new Route(method, List.of(path.substring(1).split("/")), need, answer);
    }

    /** The names in the path, if it is this route's. */
    Optional<List<String>> names(List<String> segments) {
        if (segments.size() != path.size()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            if (path.get(i).startsWith("{")) {
                names.add(segments.get(i));
            } else if (!path.get(i).equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /** Whether it changes anything, and so has a body, be it an empty object. */
    boolean takesBody() {
        return !method.equals("GET") && !method.equals("DELETE");
    }

    @Override
    public String toString() {
        return method + " /" + String.join("/", path);
    }
}
