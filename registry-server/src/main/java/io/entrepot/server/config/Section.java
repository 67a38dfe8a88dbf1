package io.entrepot.server.config;

import io.entrepot.server.config.Node.Mapping;
import io.entrepot.server.config.Node.Scalar;
import io.entrepot.server.config.Node.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The settings under one key, to be asked for by name: every question says what the answer may be and what holds if
 * nobody has said anything. What is wrong is noted, and the default taken, so that one start shows all mistakes.
 */
final class Section {
    private final Reading reading;
    private final List<String> path;
    private final Optional<Mapping> written;
    private final String origin;

    /** @param origin where it stands, or would stand if anything of it were written */
    Section(Reading reading, List<String> path, Optional<Mapping> written, String origin) {
        this.reading = reading;
        this.path = path;
        this.written = written;
        this.origin = origin;
    }

    /** Its own key, the last part of the path. */
    String name() {
        return path.get(path.size() - 1);
    }

    /** The group of settings under a key; an empty one if nothing is written there. */
    Section section(String key) {
        List<String> at = at(key);
        reading.known(at);
        Optional<Node> node = node(key);
        if (node.isPresent() && !(node.get() instanceof Mapping) && !(node.get() instanceof Node.Nothing)) {
            reading.problem(
                    node.get().origin(),
                    Reading.dotted(at) + " must be a group of settings (key: value), not "
                            + node.get().kind());
        }
        Optional<Mapping> mapping = node.filter(Mapping.class::isInstance).map(Mapping.class::cast);
        return new Section(reading, at, mapping, node.map(Node::origin).orElse(origin));
    }

    /** The sections under a key, one for each name that is written there or that a flag gives; else those by default. */
    List<Section> sections(String key, List<String> byDefault) {
        Section all = section(key);
        Set<String> names = new LinkedHashSet<>();
        node(key)
                .ifPresentOrElse(
                        n -> all.written.ifPresent(m -> names.addAll(m.entries().keySet())),
                        () -> names.addAll(byDefault));
        names.addAll(reading.namesInFlags(all.path, names));
        List<Section> sections = new ArrayList<>();
        for (String name : names) {
            if (Kind.NAME.parse().apply(name).isEmpty()) {
                String where = all.node(name).map(Node::origin).orElse(origin);
                reading.problem(where, Reading.dotted(all.at(name)) + ": a name must be " + Kind.NAME.what());
            }
            sections.add(all.section(name));
        }
        return sections;
    }

    /** A key of it, as messages name it. */
    String path(String key) {
        return Reading.dotted(at(key));
    }

    /** Whether what is said of this key is one value, and not a group of settings. */
    boolean isText(String key) {
        return given(key).filter(Scalar.class::isInstance).isPresent();
    }

    /** What is written under a key, or given for something under it by a flag, whatever the names may be. */
    List<String> names(String key) {
        Section all = section(key);
        Set<String> names = new LinkedHashSet<>();
        all.written.ifPresent(m -> names.addAll(m.entries().keySet()));
        names.addAll(reading.namesInFlags(all.path, names));
        return List.copyOf(names);
    }

    /** Whether somebody said something about this key. */
    boolean has(String key) {
        return reading.given(at(key)).isPresent() || node(key).isPresent();
    }

    /** Whether somebody said something about this key, or from outside of the file about one under it. */
    boolean hasGroup(String key) {
        return has(key) || reading.givenUnder(at(key));
    }

    <T> T value(String key, Kind<T> kind, String byDefault) {
        return optional(key, kind).orElseGet(() -> {
            reading.answer(at(key), Answer.yaml(byDefault), Answer.DEFAULT);
            return parse(kind, byDefault);
        });
    }

    /** A value without which nothing can be done. {@code meanwhile} stands in for it until the mistake is reported. */
    <T> T required(String key, Kind<T> kind, String meanwhile) {
        return optional(key, kind).orElseGet(() -> {
            if (!failed(key)) {
                reading.fail(at(key), origin, Reading.dotted(at(key)) + " is missing: it must be " + kind.what());
            }
            return parse(kind, meanwhile);
        });
    }

    <T> Optional<T> optional(String key, Kind<T> kind) {
        return given(key).flatMap(node -> {
            if (node instanceof Scalar scalar) {
                Optional<T> value = one(key, kind, scalar);
                value.ifPresent(v -> reading.answer(at(key), Answer.yaml(scalar.text()), scalar.origin()));
                return value;
            }
            reading.fail(
                    at(key),
                    node.origin(),
                    Reading.dotted(at(key)) + " must be " + kind.what() + ", not " + node.kind());
            return Optional.empty();
        });
    }

    /** A value that nothing shows again. */
    Optional<String> secret(String key) {
        return given(key).flatMap(node -> {
            if (node instanceof Scalar scalar) {
                reading.answer(at(key), "(hidden)", scalar.origin());
                return Optional.of(scalar.text());
            }
            reading.fail(at(key), node.origin(), Reading.dotted(at(key)) + " must be one value, not " + node.kind());
            return Optional.empty();
        });
    }

    /** Texts under names that are nobody's to know beforehand. */
    Map<String, String> texts(String key) {
        Section all = section(key);
        Map<String, String> texts = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        all.written.ifPresent(m -> names.addAll(m.entries().keySet()));
        names.addAll(reading.namesInFlags(all.path, names));
        names.forEach(name -> all.optional(name, Kind.TEXT).ifPresent(text -> texts.put(name, text)));
        return texts;
    }

    /**
     * What is made of these settings, unless it refuses them with a sentence (IllegalArgumentException), which is noted
     * then. Only to be called if nothing else was wrong with them.
     */
    <T> Optional<T> made(Supplier<T> maker) {
        try {
            return Optional.of(maker.get());
        } catch (IllegalArgumentException e) {
            problem(Reading.dotted(path) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Something is wrong with these settings together. */
    void problem(String sentence) {
        reading.problem(origin, sentence);
    }

    /** Several values, or one; outside of a file they are separated by commas. */
    <T> List<T> list(String key, Kind<T> kind, List<String> byDefault) {
        Optional<Node> node = given(key);
        if (node.isEmpty()) {
            reading.answer(
                    at(key), byDefault.stream().map(Answer::yaml).toList().toString(), Answer.DEFAULT);
            return byDefault.stream().map(text -> parse(kind, text)).toList();
        }
        List<T> values = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        for (Node item : items(node.get())) {
            if (item instanceof Scalar scalar) {
                shown.add(Answer.yaml(scalar.text()));
                one(key, kind, scalar).ifPresent(values::add);
            } else {
                reading.fail(
                        at(key),
                        item.origin(),
                        "each entry of " + Reading.dotted(at(key)) + " must be " + kind.what() + ", not "
                                + item.kind());
            }
        }
        reading.answer(at(key), shown.toString(), node.get().origin());
        return failed(key) ? byDefault.stream().map(text -> parse(kind, text)).toList() : values;
    }

    private static List<Node> items(Node node) {
        if (node instanceof Sequence sequence) {
            return sequence.items();
        }
        if (node instanceof Scalar scalar) {
            return Arrays.stream(scalar.text().split(",", -1))
                    .map(text -> (Node) new Scalar(text.strip(), scalar.origin()))
                    .toList();
        }
        return List.of(node);
    }

    /** Whether something wrong is said of this key. */
    boolean failed(String key) {
        return reading.failed(at(key));
    }

    /** Leaves everything under this section unjudged: it cannot be said what belongs there. */
    void leave() {
        reading.leave(path);
    }

    /** Leaves one key unjudged, of which something wrong is said already. */
    void leave(String key) {
        reading.known(at(key));
        reading.leave(at(key));
    }

    private <T> Optional<T> one(String key, Kind<T> kind, Scalar scalar) {
        Optional<T> value = kind.parse().apply(scalar.text());
        if (value.isEmpty()) {
            reading.fail(
                    at(key),
                    scalar.origin(),
                    Reading.dotted(at(key)) + " cannot be \"" + Reading.shown(scalar.text()) + "\": it must be "
                            + kind.what() + hint(scalar.text(), kind.words()));
        }
        return value;
    }

    private static String hint(String text, Collection<String> words) {
        return Nearest.to(text, words).map(w -> "; did you mean " + w + "?").orElse("");
    }

    private static <T> T parse(Kind<T> kind, String text) {
        return kind.parse()
                .apply(text)
                .orElseThrow(() -> new IllegalStateException("not " + kind.what() + ": " + text));
    }

    private Optional<Node> given(String key) {
        reading.known(at(key));
        return reading.given(at(key)).or(() -> node(key));
    }

    private Optional<Node> node(String key) {
        return written.flatMap(m -> Optional.ofNullable(m.entries().get(key)));
    }

    private List<String> at(String key) {
        List<String> at = new ArrayList<>(path);
        at.add(key);
        return List.copyOf(at);
    }
}
