package io.entrepot.server.config;

import io.entrepot.server.config.Node.Mapping;
import io.entrepot.server.config.Node.Scalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One reading of all {@link Sources}: remembers what was asked for, so that what nobody asked for is known to be a
 * mistake, and what was answered and why, so that it can be shown. Used once, by one thread.
 */
final class Reading {
    static final String PREFIX = "ENTREPOT_";
    private static final int SHOWN = 100;

    private final Sources sources;
    private final Mapping file;
    private final Set<List<String>> known = new LinkedHashSet<>();
    private final Set<List<String>> left = new HashSet<>();
    private final Set<List<String>> failed = new HashSet<>();
    private final Map<List<String>, Answer> answers = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** @throws ConfigurationException if there is a file that cannot be read */
    Reading(Sources sources) {
        this.sources = sources;
        Mapping written = sources.file()
                .map(f -> YamlFile.read(f, new Interpolation(sources.environment())))
                .orElseGet(() -> new Mapping(Map.of(), ""));
        this.file = sources.usual() && !defines(sources, written) ? withUsual(written) : written;
    }

    /** Whether somebody says which registries there are. */
    private static boolean defines(Sources sources, Mapping written) {
        return written.entries().containsKey(UsualRegistries.REGISTRIES)
                || sources.flags().stream()
                        .map(Sources.Flag::key)
                        .anyMatch(key -> key.startsWith(UsualRegistries.REGISTRIES + ".") && key.endsWith(".type"));
    }

    private static Mapping withUsual(Mapping written) {
        Map<String, Node> entries = new LinkedHashMap<>(written.entries());
        entries.put(UsualRegistries.REGISTRIES, UsualRegistries.mapping());
        return new Mapping(entries, written.origin());
    }

    Section root() {
        return new Section(this, List.of(), Optional.of(file), file.origin());
    }

    /** A value from outside of the file, which counts more than it. */
    Optional<Node> given(List<String> path) {
        String key = dotted(path);
        for (int i = sources.flags().size() - 1; i >= 0; i--) {
            Sources.Flag flag = sources.flags().get(i);
            if (flag.key().equals(key)) {
                return Optional.of(new Scalar(flag.value(), flag.origin()));
            }
        }
        String name = variable(path);
        String value = sources.environment().get(name);
        if (value != null && !madeByKubernetes(name, value)) {
            return Optional.of(new Scalar(value, name));
        }
        String valueFile = sources.environment().get(name + "_FILE");
        return Optional.ofNullable(valueFile)
                .map(f -> new Scalar(Interpolation.contents(Path.of(f), name + "_FILE"), name + "_FILE"));
    }

    /** Names right under {@code path} that flags speak of; one that is known may have dots in it. */
    Set<String> namesInFlags(List<String> path, Set<String> names) {
        String start = dotted(path) + ".";
        Set<String> found = new TreeSet<>();
        for (Sources.Flag flag : sources.flags()) {
            boolean ofKnown = names.stream().anyMatch(n -> flag.key().startsWith(start + n + "."));
            if (flag.key().startsWith(start) && !ofKnown) {
                String rest = flag.key().substring(start.length());
                int dot = rest.indexOf('.');
                found.add(dot < 0 ? rest : rest.substring(0, dot));
            }
        }
        return found;
    }

    /** Whether a flag or a variable says something about a setting under this path. */
    boolean givenUnder(List<String> path) {
        String start = variable(path) + "_";
        return !namesInFlags(path, Set.of()).isEmpty()
                || sources.environment().entrySet().stream()
                        .anyMatch(e -> e.getKey().startsWith(start) && !madeByKubernetes(e.getKey(), e.getValue()));
    }

    void known(List<String> path) {
        known.add(path);
    }

    void leave(List<String> path) {
        left.add(path);
    }

    void answer(List<String> path, String text, String origin) {
        answers.put(path, new Answer(path, text, origin));
    }

    void problem(String origin, String sentence) {
        problems.add((origin.isEmpty() ? "" : origin + ": ") + sentence + (sentence.endsWith("?") ? "" : "."));
    }

    void fail(List<String> path, String origin, String sentence) {
        failed.add(path);
        problem(origin, sentence);
    }

    boolean failed(List<String> path) {
        return failed.contains(path);
    }

    /**
     * What was answered, in the order of the questions.
     *
     * @throws ConfigurationException if anything was wrong, or was given and never asked for
     */
    List<Answer> finish() {
        unknownIn(file, List.of());
        unknownFlags();
        unknownVariables();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return List.copyOf(answers.values());
    }

    private void unknownIn(Mapping mapping, List<String> path) {
        mapping.entries().forEach((key, node) -> {
            List<String> at = new ArrayList<>(path);
            at.add(key);
            if (!known.contains(at) && !left.contains(path)) {
                problem(node.origin(), unknown(at));
            } else if (node instanceof Mapping inner && !left.contains(at)) {
                unknownIn(inner, at);
            }
        });
    }

    private String unknown(List<String> path) {
        List<String> parent = path.subList(0, path.size() - 1);
        Set<String> siblings = new TreeSet<>();
        known.stream()
                .filter(k ->
                        k.size() == path.size() && k.subList(0, parent.size()).equals(parent))
                .forEach(k -> siblings.add(k.get(parent.size())));
        String hint = Nearest.to(path.get(parent.size()), siblings)
                .map(s -> "; did you mean " + s + "?")
                .orElse("");
        String where = parent.isEmpty() ? "at the top" : "under " + dotted(parent);
        return shown(dotted(path)) + " is not a setting; known " + where + ": " + String.join(", ", siblings) + hint;
    }

    private void unknownFlags() {
        Set<String> keys = new TreeSet<>();
        answers.keySet().forEach(path -> keys.add(dotted(path)));
        known.forEach(path -> keys.add(dotted(path)));
        for (Sources.Flag flag : sources.flags()) {
            boolean beneath = left.stream().anyMatch(l -> flag.key().startsWith(dotted(l) + "."));
            if (!keys.contains(flag.key()) && !beneath) {
                String hint = Nearest.to(flag.key(), keys)
                        .map(k -> "; did you mean " + k + "?")
                        .orElse("");
                problem(flag.origin(), shown(flag.key()) + " is not a setting" + hint);
            }
        }
    }

    /** Only variables that begin like a setting are judged: others are another program's, or Kubernetes' own. */
    private void unknownVariables() {
        Set<String> names = new TreeSet<>();
        known.forEach(path -> names.add(variable(path)));
        Set<String> sections = new TreeSet<>();
        known.stream().filter(path -> path.size() == 1).forEach(path -> sections.add(variable(path) + "_"));
        sources.environment().forEach((name, value) -> {
            boolean ours = sections.stream().anyMatch(name::startsWith);
            String plain = name.endsWith("_FILE") ? name.substring(0, name.length() - 5) : name;
            boolean beneath = left.stream().anyMatch(l -> name.startsWith(variable(l) + "_"));
            if (ours && !names.contains(plain) && !beneath && !madeByKubernetes(name, value)) {
                String hint = Nearest.to(plain, names)
                        .map(n -> "; did you mean " + n + "?")
                        .orElse("");
                problem("the environment", shown(name) + " is not a setting" + hint);
            }
        });
    }

    /** Kubernetes describes a service named {@code entrepot-server} in variables that look like ours. */
    private static boolean madeByKubernetes(String name, String value) {
        return value.matches("(tcp|udp|sctp)://.*") || name.matches(".*_(SERVICE_HOST|SERVICE_PORT.*|PORT_\\d+_.*)");
    }

    static String dotted(List<String> path) {
        return String.join(".", path);
    }

    /** {@code registries.docker-hub.writePolicy} is {@code ENTREPOT_REGISTRIES_DOCKER_HUB_WRITE_POLICY}. */
    static String variable(List<String> path) {
        return PREFIX
                + String.join("_", path)
                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .replaceAll("[^A-Za-z0-9]", "_")
                        .toUpperCase(Locale.ROOT);
    }

    /** What somebody wrote, fit for one line of a terminal. */
    static String shown(String text) {
        String plain = text.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
    }
}
