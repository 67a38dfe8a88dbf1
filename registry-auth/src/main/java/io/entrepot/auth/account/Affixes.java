package io.entrepot.auth.account;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Values by texts that others begin or end with: one look-up for each length that there is. Filled by one thread first. */
final class Affixes<V> {
    private final Map<String, V> values = new HashMap<>();
    private final TreeSet<Integer> lengths = new TreeSet<>();

    V at(String affix, Supplier<V> maker) {
        lengths.add(affix.length());
        return values.computeIfAbsent(affix, a -> maker.get());
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether the test holds for any value whose text {@code whole} begins with. */
    boolean anyPrefix(String whole, Predicate<V> test) {
        for (int length : lengths) {
            if (length > whole.length()) {
                return false;
            }
            V value = values.get(whole.substring(0, length));
            if (value != null && test.test(value)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the test holds for any value whose text {@code whole} ends with. */
    boolean anySuffix(String whole, Predicate<V> test) {
        for (int length : lengths) {
            if (length > whole.length()) {
                return false;
            }
            V value = values.get(whole.substring(whole.length() - length));
            if (value != null && test.test(value)) {
                return true;
            }
        }
        return false;
    }
}
