package io.entrepot.core.wire;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which part of a list a request asks for: {@code n} entries, from none to {@link PageRequest#MAX_LIMIT}, after
 * {@code last}. Without {@code n} the list decides: tags come whole, the catalogue in pages.
 */
public record Paging(OptionalInt n, Optional<String> last) {
    public static final Paging NONE = new Paging(OptionalInt.empty(), Optional.empty());

    public Paging {
        if (n.isPresent() && (n.getAsInt() < 0 || n.getAsInt() > PageRequest.MAX_LIMIT)) {
            throw new IllegalArgumentException("n is 0 to " + PageRequest.MAX_LIMIT + ", not " + n.getAsInt());
        }
        if (last.filter(String::isEmpty).isPresent()) {
            throw new IllegalArgumentException("everything comes after an empty last: leave it out");
        }
    }

    public static Paging of(PageRequest page) {
        return new Paging(OptionalInt.of(page.limit()), page.last());
    }

    /** @throws RegistryException.Invalid if {@code n} is no whole number; one that is too large is taken as the largest */
    static Paging of(Query query) {
        Optional<String> n = query.first("n").filter(s -> !s.isEmpty());
        Optional<String> last = query.first("last").filter(s -> !s.isEmpty());
        return n.isEmpty() && last.isEmpty()
                ? NONE
                : new Paging(n.map(Paging::number).orElse(OptionalInt.empty()), last);
    }

    private static OptionalInt number(String text) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw new RegistryException.Invalid(
                        ErrorCode.UNSUPPORTED, "n is how many entries are wanted: a whole number, not negative");
            }
            value = Math.min(value * 10 + (c - '0'), PageRequest.MAX_LIMIT);
        }
        return OptionalInt.of(value);
    }

    /** Whether {@code n=0} was asked for: the answer is empty and has no next page. */
    public boolean nothing() {
        return n.isPresent() && n.getAsInt() == 0;
    }

    /**
     * What to ask of a repository.
     *
     * @param limit entries to ask for at a time if the request did not say; asked for too when {@link #nothing()} is wanted
     */
    public PageRequest request(int limit) {
        return new PageRequest(last, nothing() ? limit : n.orElse(limit));
    }

    /** Where the next page begins when this one ended with {@code newLast}. */
    public Paging after(String newLast, int limit) {
        return new Paging(OptionalInt.of(n.orElse(limit)), Optional.of(newLast));
    }

    UriBuilder addTo(UriBuilder uri) {
        n.ifPresent(number -> uri.add("n", Integer.toString(number)));
        last.ifPresent(text -> uri.add("last", text));
        return uri;
    }
}
