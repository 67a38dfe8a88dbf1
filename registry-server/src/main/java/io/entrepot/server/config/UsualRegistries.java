package io.entrepot.server.config;

import io.entrepot.server.config.Node.Mapping;
import io.entrepot.server.config.Node.Scalar;
import io.entrepot.server.config.Node.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The registries of a server whose owner has defined none: a private one, proxies of those that everybody pulls from, and a
 * group of them. In the group only the private one and Docker Hub answer for bare names, so that a mistyped name does not
 * travel to six companies; the others answer under their own host names, and for what their presets own.
 */
final class UsualRegistries {
    static final String REGISTRIES = "registries";
    static final String GROUP = "registry";

    private static final String PRIVATE = "private";
    private static final List<Preset> PROXIES = List.of(
            Preset.DOCKER_HUB,
            Preset.KUBERNETES,
            Preset.GCR,
            Preset.QUAY,
            Preset.GITHUB,
            Preset.MICROSOFT,
            Preset.ECR_PUBLIC);

    private UsualRegistries() {}

    /** What a file would say in their place. */
    static Mapping mapping() {
        Map<String, Node> all = new LinkedHashMap<>();
        all.put(PRIVATE, mapping(Map.of("type", text("hosted"))));
        for (Preset preset : PROXIES) {
            Map<String, Node> proxy = new LinkedHashMap<>();
            proxy.put("type", text("proxy"));
            proxy.put("preset", text(preset.word()));
            all.put(preset.word(), mapping(proxy));
        }
        Map<String, Node> group = new LinkedHashMap<>();
        group.put("type", text("group"));
        group.put("members", texts(PRIVATE, Preset.DOCKER_HUB.word(), Preset.GCR.word()));
        group.put("writable", text(PRIVATE));
        Map<String, Node> routes = new LinkedHashMap<>();
        routes.put("**", texts(PRIVATE, Preset.DOCKER_HUB.word()));
        Preset.GCR.owns().forEach(owned -> routes.put(owned.glob(), texts(PRIVATE, Preset.GCR.word())));
        group.put("routes", mapping(routes));
        group.put("v1", text("true"));
        all.put(GROUP, mapping(group));
        return mapping(all);
    }

    private static Mapping mapping(Map<String, Node> entries) {
        return new Mapping(entries, Answer.DEFAULT);
    }

    private static Sequence texts(String... texts) {
        return new Sequence(
                List.of(texts).stream()
                        .map(UsualRegistries::text)
                        .map(Node.class::cast)
                        .toList(),
                Answer.DEFAULT);
    }

    private static Scalar text(String text) {
        return new Scalar(text, Answer.DEFAULT);
    }
}
