// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Whether comments stand inside a value. What has some cannot be written on one line. */
final class Comments {
    private Comments() {}

    /** Inside it, not before or behind it. */
    static boolean in(Node node) {
        if (node instanceof MappingNode mapping) {
            return mapping.getValue().stream().anyMatch(t -> at(t.getKeyNode()) || at(t.getValueNode()));
        }
        return node instanceof SequenceNode sequence
                && sequence.getValue().stream().anyMatch(Comments::at);
    }

    /** Takes what stands before an item of a list: before it, or before its first key. */
    static List<CommentLine> take(Node item) {
        List<CommentLine> taken = new ArrayList<>();
        take(item, taken);
        if (item instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
            take(mapping.getValue().get(0).getKeyNode(), taken);
        }
        return taken;
    }

    private static void take(Node node, List<CommentLine> taken) {
        if (some(node.getBlockComments())) {
            taken.addAll(node.getBlockComments());
            node.setBlockComments(new ArrayList<>());
        }
    }

    /** Puts a comment before an item. */
    static void put(Node item, String text) {
        item.setBlockComments(
                List.of(new CommentLine(item.getStartMark(), item.getEndMark(), text, CommentType.BLOCK)));
    }

    private static boolean at(Node node) {
        return some(node.getBlockComments())
                || some(node.getInLineComments())
                || some(node.getEndComments())
                || in(node);
    }

    private static boolean some(@Nullable List<CommentLine> comments) {
        return comments != null && !comments.isEmpty();
    }
}
