package io.entrepot.auth.account;

import java.util.Optional;
import java.util.function.Supplier;

/** Something that takes long, made when it is first wanted and then kept. Used by one thread. */
final class Once<T> {
    private final Supplier<T> maker;
    private Optional<T> made = Optional.empty();

    Once(Supplier<T> maker) {
        this.maker = maker;
    }

    T get() {
        T value = made.orElseGet(maker);
        made = Optional.of(value);
        return value;
    }
}
