package io.entrepot.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a YAML file into {@link Node}s that know their line. Only plain data: no anchors, no tags of any kind of object,
 * no key twice.
 */
final class YamlFile {
    private static final int MAX_DEPTH = 20;
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

    private final String name;
    private final Interpolation interpolation;

    private YamlFile(String name, Interpolation interpolation) {
        this.name = name;
        this.interpolation = interpolation;
    }

    /** @throws ConfigurationException if the file cannot be read or is no plain YAML */
    static Node.Mapping read(Path file, Interpolation interpolation) {
        return new YamlFile(file.toString(), interpolation).parse(text(file));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigurationException("The configuration file " + file + " does not exist.");
        } catch (AccessDeniedException e) {
            throw new ConfigurationException("The configuration file " + file + " may not be read by this user.");
        } catch (CharacterCodingException e) {
            throw new ConfigurationException("The configuration file " + file + " is not UTF-8 text.");
        } catch (IOException e) {
            throw new ConfigurationException("The configuration file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private Node.Mapping parse(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(name).build();
        try {
            Optional<org.snakeyaml.engine.v2.nodes.Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                return new Node.Mapping(Map.of(), name);
            }
            Node tree = tree(root.get(), 0);
            if (tree instanceof Node.Mapping mapping) {
                return mapping;
            }
            if (tree instanceof Node.Nothing) {
                return new Node.Mapping(Map.of(), name);
            }
            throw new ConfigurationException(
                    tree.origin() + ": the file must hold settings (key: value), not " + tree.kind() + ".");
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(this::at).orElse(name);
            throw new ConfigurationException(where + ": this is not YAML: " + oneLine(e.getProblem()) + ".");
        } catch (YamlEngineException e) {
            throw new ConfigurationException(
                    name + ": this is not YAML: " + oneLine(String.valueOf(e.getMessage())) + ".");
        }
    }

    private Node tree(org.snakeyaml.engine.v2.nodes.Node node, int depth) {
        String origin = node.getStartMark().map(this::at).orElse(name);
        if (node.getAnchor().isPresent()) {
            throw new ConfigurationException(origin + ": anchors (&) are not supported; write the value again.");
        }
        if (!PLAIN.contains(node.getTag())) {
            throw new ConfigurationException(origin + ": tags such as " + node.getTag() + " are not supported.");
        }
        if (depth > MAX_DEPTH) {
            throw new ConfigurationException(origin + ": nested too deeply.");
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, origin, depth);
        }
        if (node instanceof SequenceNode sequence) {
            List<Node> items = new ArrayList<>();
            sequence.getValue().forEach(n -> items.add(tree(n, depth + 1)));
            return new Node.Sequence(items, origin);
        }
        String text = ((ScalarNode) node).getValue();
        return node.getTag().equals(Tag.NULL)
                ? new Node.Nothing(origin)
                : new Node.Scalar(interpolation.expand(text, origin), origin);
    }

    private Node.Mapping mapping(MappingNode mapping, String origin, int depth) {
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String at = tuple.getKeyNode().getStartMark().map(this::at).orElse(name);
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigurationException(at + ": a key must be one word.");
            }
            Node value = tree(tuple.getValueNode(), depth + 1);
            if (entries.putIfAbsent(key.getValue(), value) != null) {
                throw new ConfigurationException(at + ": the key " + key.getValue() + " stands here a second time.");
            }
        }
        return new Node.Mapping(entries, origin);
    }

    private String at(Mark mark) {
        return name + ", line " + (mark.getLine() + 1);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
