package io.entrepot.proxy.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Who may come in, and what the others are told. Immutable. */
final class Gate {
    /** Whether a request shows what it takes. */
    interface Judge {
        boolean admits(Exchange request);
    }

    /** The lines of {@code WWW-Authenticate} for a request. */
    interface Challenger {
        List<String> challenges(Exchange request);
    }

    static final Gate OPEN = new Gate(request -> true, request -> List.of());

    private final Judge judge;
    private final Challenger challenger;

    Gate(Judge judge, Challenger challenger) {
        this.judge = judge;
        this.challenger = challenger;
    }

    Gate challenging(Challenger other) {
        return new Gate(judge, other);
    }

    Challenger challenger() {
        return challenger;
    }

    static Gate basic(String user, String password) {
        String expected = basicCredentials(user, password);
        return new Gate(
                request ->
                        request.header("Authorization").filter(expected::equals).isPresent(),
                request -> List.of("Basic realm=\"scripted\""));
    }

    static String basicCredentials(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** Empty if it is let in. */
    Optional<Answer> refusal(Exchange request) {
        if (judge.admits(request)) {
            return Optional.empty();
        }
        Answer answer = new Answer(401)
                .json("{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\","
                        + "\"detail\":\"scripted\"}]}");
        challenger.challenges(request).forEach(line -> answer.add("WWW-Authenticate", line));
        return Optional.of(answer);
    }
}
