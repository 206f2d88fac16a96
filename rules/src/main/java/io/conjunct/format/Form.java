// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.conjunct.rule.Durations;
import io.conjunct.rule.RuleSchema;
import io.conjunct.rule.Spacing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The form itself, applied to the nodes of a file. What the schema knows of a value decides how it is written. */
final class Form {
    /** Signals on one line end before this column, as far as their indentation is the usual one. */
    private static final int WIDTH = 120;

    private static final int INDENTATION = 4;
    private static final Set<String> CONDITIONS = Set.of("when", "until");
    private static final Set<String> DURATIONS = Set.of("over", "within", "for", "keep_firing_for", "stale_after");
    private static final String REFERENCE = "#/$defs/";

    private Form() {}

    static void apply(Node root) {
        apply(root, RuleSchema.json(), "");
    }

    private static void apply(Node node, JsonNode written, String key) {
        String name = written.path("$ref").asText();
        JsonNode definition =
                name.isEmpty() ? written : RuleSchema.json().path("$defs").path(name.substring(REFERENCE.length()));
        if (node instanceof MappingNode mapping) {
            mapping(mapping, definition);
            if (name.equals(REFERENCE + "signal")) {
                boolean fits = !Comments.in(mapping) && width(key, mapping) <= WIDTH;
                mapping.setFlowStyle(fits ? FlowStyle.FLOW : FlowStyle.BLOCK);
            } else if (Comments.in(mapping)) {
                mapping.setFlowStyle(FlowStyle.BLOCK);
            }
        } else if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                Comments.liftTo(item);
                apply(item, definition.path("items"), "");
                Comments.liftTo(item);
            }
            if (sequence.getValue().stream().anyMatch(Comments::in)) {
                sequence.setFlowStyle(FlowStyle.BLOCK);
            }
        }
    }

    private static void mapping(MappingNode mapping, JsonNode definition) {
        List<String> order = new ArrayList<>();
        definition.path("properties").fieldNames().forEachRemaining(order::add);
        Map<NodeTuple, Integer> places = new HashMap<>();
        List<NodeTuple> tuples = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            JsonNode known = definition.path("properties").path(key);
            apply(tuple.getValueNode(), known.isMissingNode() ? definition.path("additionalProperties") : known, key);
            NodeTuple next = new NodeTuple(tuple.getKeyNode(), value(key, known, tuple.getValueNode()));
            places.put(next, order.contains(key) ? order.indexOf(key) : order.size());
            tuples.add(next);
        }
        tuples.sort(Comparator.comparingInt(t -> places.getOrDefault(t, order.size())));
        mapping.setValue(tuples);
    }

    /** Durations and conditions on one line, as the language prints them; everything else as it is. */
    private static Node value(String key, JsonNode known, Node value) {
        boolean oneLine = value instanceof ScalarNode s
                && s.getScalarStyle() != ScalarStyle.LITERAL
                && s.getScalarStyle() != ScalarStyle.FOLDED
                && s.getStartMark().getLine() == s.getEndMark().getLine();
        if (known.isMissingNode() || !oneLine) {
            return value;
        }
        ScalarNode scalar = (ScalarNode) value;
        Optional<String> text = canonical(key, scalar.getValue()).filter(t -> !t.equals(scalar.getValue()));
        if (text.isEmpty()) {
            return value;
        }
        ScalarNode next = new ScalarNode(
                scalar.getTag(), text.get(), scalar.getStartMark(), scalar.getEndMark(), scalar.getScalarStyle());
        next.setAnchor(scalar.getAnchor());
        next.setBlockComments(scalar.getBlockComments());
        next.setInLineComments(scalar.getInLineComments());
        next.setEndComments(scalar.getEndComments());
        return next;
    }

    /** The one way to write the value of this key; empty where there are several, or it cannot be read. */
    static Optional<String> canonical(String key, String text) {
        if (CONDITIONS.contains(key)) {
            return Spacing.of(text);
        }
        return DURATIONS.contains(key) ? Durations.canonical(text) : Optional.empty();
    }

    private static int width(String key, MappingNode mapping) {
        FlowStyle style = mapping.getFlowStyle();
        mapping.setFlowStyle(FlowStyle.FLOW);
        int width = Formatter.write(mapping, FlowStyle.FLOW).strip().length();
        mapping.setFlowStyle(style);
        return INDENTATION + key.length() + ": ".length() + width;
    }
}
