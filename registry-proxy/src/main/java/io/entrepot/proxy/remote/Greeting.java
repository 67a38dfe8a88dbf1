package io.entrepot.proxy.remote;

import io.entrepot.core.Call;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Challenge;
import io.entrepot.core.wire.Endpoint;
import java.util.List;

/**
 * How a remote registry greets us.
 *
 * @param registry whether it looks like one
 * @param challenges how it asks for a login, if it did so in this answer
 */
public record Greeting(boolean registry, Login login, List<Challenge> challenges) {

    /** Whether we may come in. */
    public enum Login {
        /** As we are. */
        ADMITTED,
        /** Not without credentials, and we have none that fit. */
        WANTED,
        /** Our credentials are wrong. */
        REFUSED
    }

    public Greeting {
        challenges = List.copyOf(challenges);
    }

    static Greeting of(Sender sender) {
        try {
            return sender.read(
                    Sender.to("GET", new Endpoint.Base()), Call.internal(), reply -> switch (reply.status()) {
                        case 200 -> new Greeting(!isPage(reply), Login.ADMITTED, List.of());
                        case 401 ->
                            new Greeting(true, Login.WANTED, Challenge.parse(reply.headers("WWW-Authenticate")));
                        case 429 -> throw sender.refusal(reply);
                        default -> new Greeting(false, Login.WANTED, List.of());
                    });
        } catch (RegistryException.Unauthorized e) {
            boolean wrong = e.reason() == RegistryException.Unauthorized.Reason.WRONG_CREDENTIALS;
            return new Greeting(true, wrong ? Login.REFUSED : Login.WANTED, List.of());
        }
    }

    /** Web sites answer anything with a page, which no registry does here. */
    private static boolean isPage(Reply reply) {
        return Headers.type(reply).filter(t -> t.value().equals("text/html")).isPresent();
    }
}
