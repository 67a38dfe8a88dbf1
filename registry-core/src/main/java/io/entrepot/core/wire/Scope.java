package io.entrepot.core.wire;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a token is asked for or good for: {@code repository:team/app:pull,push} (distribution, "Token scope
 * documentation"). Names and actions are as they were said: what they come to is for the token endpoint to decide.
 */
public record Scope(String type, String name, Set<String> actions) {
    public static final String REPOSITORY = "repository";
    public static final String PULL = "pull";
    public static final String PUSH = "push";
    public static final String DELETE = "delete";
    /** Of the catalogue, and of a repository in the sense of all that the subject may. */
    public static final String EVERYTHING = "*";

    public static final Scope CATALOG = new Scope("registry", "catalog", Set.of(EVERYTHING));

    /** How many are looked at in one request; what is beyond is not granted. */
    public static final int MOST = 100;
    /** How many of each are. */
    public static final int MOST_ACTIONS = 8;

    private static final Pattern SPACES = Pattern.compile(" +");
    private static final Pattern COMMA = Pattern.compile(",");

    public Scope {
        actions = Collections.unmodifiableSet(new LinkedHashSet<>(actions));
    }

    public static Scope repository(String name, String... actions) {
        return new Scope(REPOSITORY, name, new LinkedHashSet<>(List.of(actions)));
    }

    /**
     * Reads the values of {@code scope} parameters, each a list separated by spaces. A name may hold colons (a host and
     * port), so it lies between the first and the last one; a class, as in {@code repository(plugin)}, is dropped. What is
     * no scope is passed over; what names the same thing twice is put together; more than {@value #MOST}, and more than
     * {@value #MOST_ACTIONS} actions of one, are not read.
     */
    public static List<Scope> parse(Collection<String> values) {
        Map<String, Scope> scopes = new LinkedHashMap<>();
        values.stream().flatMap(Scope::words).limit(MOST).forEach(word -> {
            int first = word.indexOf(':');
            int last = word.lastIndexOf(':');
            if (first > 0 && last > first + 1) {
                String type = withoutClass(word.substring(0, first));
                Scope scope = new Scope(
                        type, word.substring(first + 1, last), some(COMMA.splitAsStream(word.substring(last + 1))));
                scopes.merge(type + ":" + scope.name, scope, Scope::plus);
            }
        });
        return List.copyOf(scopes.values());
    }

    private static Stream<String> words(String value) {
        return SPACES.splitAsStream(value).filter(word -> !word.isEmpty());
    }

    private static Set<String> some(Stream<String> actions) {
        return actions.filter(action -> !action.isEmpty())
                .distinct()
                .limit(MOST_ACTIONS)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String withoutClass(String type) {
        int open = type.indexOf('(');
        return open > 0 && type.endsWith(")") ? type.substring(0, open) : type;
    }

    private Scope plus(Scope more) {
        return new Scope(type, name, some(Stream.concat(actions.stream(), more.actions.stream())));
    }

    @Override
    public String toString() {
        return type + ":" + name + ":" + String.join(",", actions);
    }
}
