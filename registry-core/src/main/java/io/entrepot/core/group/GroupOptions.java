package io.entrepot.core.group;

import io.entrepot.core.RepositoryPattern;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a group treats its members.
 *
 * @param lenient whether a member that cannot be asked is passed over, with a warning; otherwise none behind it answers for a
 *     tag, since it might have had it
 * @param wholeLists whether there is no list where a member's part of it is missing; otherwise a warning says so
 * @param routes who may be asked for names of these patterns, by their names; whoever a name fits no pattern of, all
 */
public record GroupOptions(boolean lenient, boolean wholeLists, Map<RepositoryPattern, List<String>> routes) {
    public static final GroupOptions DEFAULT = new GroupOptions(false, false, Map.of());

    public GroupOptions {
        routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
    }

    public static GroupOptions routing(Map<RepositoryPattern, List<String>> routes) {
        return new GroupOptions(false, false, routes);
    }
}
