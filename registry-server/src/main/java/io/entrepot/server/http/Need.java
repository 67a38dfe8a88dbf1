package io.entrepot.server.http;

import io.entrepot.core.access.Domain;

/** What a route asks of those who come. Every {@link Route} says it: there is none that forgot to. */
public sealed interface Need {
    /** Nothing: it answers before anybody is asked who he is. */
    Need NOTHING = new Nothing();
    /** To be somebody, or to bring the token that anonymous callers get. */
    Need KNOWN = new Known();
    /** Whatever the registry asks of this caller for this content; it sees him only through his guard. */
    Need GUARDED = new Guarded();

    record Nothing() implements Need {}

    record Known() implements Need {}

    record Guarded() implements Need {}

    /** A right to administer: to see how a domain is set up, or to change it. */
    record Administration(Domain domain, boolean change) implements Need {}

    static Need toSee(Domain domain) {
        return new Administration(domain, false);
    }

    static Need toChange(Domain domain) {
        return new Administration(domain, true);
    }
}
