// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.format;

import io.conjunct.check.Findings;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.Node;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.events.CommentEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** What must be the same in a file before and after: its rules, every value in it but spaces and durations, its comments. */
final class Meaning {
    private Meaning() {}

    static boolean isSame(String before, String after, String path) {
        return comments(before).equals(comments(after))
                && values(before, path).equals(values(after, path))
                && rules(before, path).equals(rules(after, path));
    }

    /** The rules, when the file is one that can be used. */
    private static Optional<List<?>> rules(String text, String path) {
        Loaded loaded = RuleLoader.load(List.of(new RuleSource(path, text)), "");
        return loaded.ruleSet().map(RuleSet::groups);
    }

    /** All comments, sorted: keys may change their order. */
    private static List<String> comments(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setProcessComments(true);
        options.setCodePointLimit(Integer.MAX_VALUE);
        ParserImpl parser = new ParserImpl(new StreamReader(new StringReader(text)), options);
        List<String> comments = new ArrayList<>();
        while (parser.peekEvent() != null) {
            if (parser.getEvent() instanceof CommentEvent comment
                    && comment.getCommentType() != CommentType.BLANK_LINE) {
                comments.add(comment.getValue().strip());
            }
        }
        comments.sort(null);
        return comments;
    }

    private static Object values(String text, String path) {
        return RuleLoader.document(new RuleSource(path, text), new Findings())
                .map(node -> values(node, ""))
                .orElse("");
    }

    private static Object values(Node node, String key) {
        if (node instanceof Node.Table table) {
            Map<String, Object> values = new TreeMap<>();
            table.entries()
                    .forEach(e ->
                            values.put(e.key().text(), values(e.value(), e.key().text())));
            return values;
        }
        if (node instanceof Node.Sequence sequence) {
            return sequence.items().stream().map(item -> values(item, "")).toList();
        }
        Node.Scalar scalar = (Node.Scalar) node;
        return scalar.type() + " " + Form.canonical(key, scalar.text()).orElse(scalar.text());
    }
}
