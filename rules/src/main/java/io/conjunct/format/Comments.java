// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.comments.CommentLine;
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

    /** A comment before the first key of an item belongs before its dash. */
    static void liftTo(Node item) {
        if (!(item instanceof MappingNode mapping)
                || mapping.getFlowStyle() == FlowStyle.FLOW
                || mapping.getValue().isEmpty()) {
            return;
        }
        Node first = mapping.getValue().get(0).getKeyNode();
        if (some(first.getBlockComments())) {
            List<CommentLine> all = new ArrayList<>();
            if (some(item.getBlockComments())) {
                all.addAll(item.getBlockComments());
            }
            all.addAll(first.getBlockComments());
            item.setBlockComments(all);
            first.setBlockComments(List.of());
        }
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
