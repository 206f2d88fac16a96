// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.check.SourceText;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads one YAML document into {@link Node}s. SnakeYAML parses; the meaning of plain scalars is decided here, because
 * YAML 1.1 reads {@code on} as true. Anchors may be used, within {@value #MAX_NODES} values after expansion.
 */
final class YamlReader {
    private static final int MAX_NODES = 100_000;
    private static final int MAX_DEPTH = 50;
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+");

    private final SourceText source;
    private final Findings findings;
    private final boolean allBasic;
    private final Set<org.yaml.snakeyaml.nodes.Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<String> path = new ArrayDeque<>();
    private int nodes;

    private YamlReader(SourceText source, Findings findings) {
        this.source = source;
        this.findings = findings;
        String text = source.text();
        this.allBasic = text.codePointCount(0, text.length()) == text.length();
    }

    /** The document, or empty when it has been refused with a finding. */
    static Optional<Node> read(SourceText source, Findings findings) {
        return new YamlReader(source, findings).read();
    }

    private Optional<Node> read() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(Integer.MAX_VALUE);
        try {
            org.yaml.snakeyaml.nodes.Node root = new Yaml(options).compose(new StringReader(source.text()));
            if (root == null) {
                findings.error(
                        "file/empty",
                        Place.startOf(source.path()),
                        "the file is empty",
                        "write `groups:` and at least one group, or delete the file");
                return Optional.empty();
            }
            return Optional.of(node(root));
        } catch (ReaderException e) {
            int at = offset(e.getPosition());
            findings.error(
                    "file/not-text",
                    source.place(at, at + 1),
                    String.format("character U+%04X is not allowed in YAML", e.getCodePoint()),
                    "save the file as UTF-8 text without control characters");
        } catch (MarkedYAMLException e) {
            YamlProblem problem = YamlProblem.of(e, source.text());
            findings.error("yaml/syntax", placeOf(problem.at()), problem.message(), problem.fix());
        } catch (Refused e) {
            findings.error(e.id, e.place, e.message, e.fix);
        } catch (YAMLException e) {
            findings.error(
                    "yaml/too-deep",
                    Place.startOf(source.path()),
                    "the file is nested more than " + MAX_DEPTH + " levels deep",
                    "close the brackets; a rule file needs six levels");
        }
        return Optional.empty();
    }

    private Node node(org.yaml.snakeyaml.nodes.Node yaml) {
        if (++nodes > MAX_NODES) {
            throw new Refused(
                    "yaml/too-large",
                    place(yaml),
                    "anchors expand the file to more than " + MAX_NODES + " values",
                    "write the values out instead of nesting aliases");
        }
        if (!open.add(yaml)) {
            throw new Refused("yaml/recursive", place(yaml), "the value contains itself", "remove the alias");
        }
        if (!yaml.getTag().getValue().startsWith("tag:yaml.org,2002:")) {
            findings.error(
                    "yaml/tag",
                    place(yaml),
                    "the tag `" + yaml.getTag().getValue() + "` means nothing here",
                    "quote the text if it starts with `!`");
        }
        Node node;
        if (yaml instanceof ScalarNode scalar) {
            node = scalar(scalar);
        } else if (yaml instanceof SequenceNode sequence) {
            List<Node> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(node(item)));
            node = new Node.Sequence(place(yaml), items);
        } else {
            node = table((MappingNode) yaml);
        }
        open.remove(yaml);
        return node;
    }

    private Node.Table table(MappingNode mapping) {
        List<Node.Entry> entries = new ArrayList<>();
        Map<String, Place> seen = new HashMap<>();
        String parent = path.isEmpty() ? "" : path.peek();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                throw new Refused(
                        "yaml/key",
                        place(tuple.getKeyNode()),
                        "a mapping or list cannot be a key",
                        "quote a text that starts with `{` or `[`");
            }
            Node.Scalar key = scalar(keyNode);
            Place first = seen.putIfAbsent(key.text(), key.place());
            if (first != null) {
                findings.error(
                        parent.equals("signals") ? "signal/duplicate-name" : "yaml/duplicate-key",
                        key.place(),
                        "`" + key.text() + "` stands twice, first in line " + first.line(),
                        "remove or rename one of them");
            }
            if (key.text().equals("<<")) {
                findings.error("yaml/merge-key", key.place(), "YAML 1.2 has no merge key `<<`", "write the keys out");
            }
            path.push(key.text());
            Node value = node(tuple.getValueNode());
            path.pop();
            if (first == null && !key.text().equals("<<")) {
                entries.add(new Node.Entry(key, value));
            }
        }
        return new Node.Table(place(mapping), entries);
    }

    private Node.Scalar scalar(ScalarNode yaml) {
        ScalarLayout.Style style = switch (yaml.getScalarStyle()) {
            case SINGLE_QUOTED -> ScalarLayout.Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED -> ScalarLayout.Style.DOUBLE_QUOTED;
            case LITERAL, FOLDED -> ScalarLayout.Style.BLOCK;
            default -> ScalarLayout.Style.PLAIN;
        };
        String text = yaml.getValue();
        Node.Scalar.Type type = Node.Scalar.Type.TEXT;
        if (style == ScalarLayout.Style.PLAIN) {
            if (NOTHING.matcher(text).matches()) {
                type = Node.Scalar.Type.NOTHING;
            } else if (BOOLEAN.matcher(text).matches()) {
                type = Node.Scalar.Type.BOOLEAN;
            } else if (NUMBER.matcher(text).matches()) {
                type = Node.Scalar.Type.NUMBER;
            }
        }
        int from = offset(yaml.getStartMark().getIndex());
        int to = offset(yaml.getEndMark().getIndex());
        return new Node.Scalar(text, type, new ScalarLayout(source, style, from, to));
    }

    private Place place(org.yaml.snakeyaml.nodes.Node yaml) {
        return source.place(
                offset(yaml.getStartMark().getIndex()), offset(yaml.getEndMark().getIndex()));
    }

    private Place placeOf(int codePoints) {
        int at = offset(codePoints);
        // What is missing at the end of the file is shown behind the last thing in it.
        if (at >= source.text().length()) {
            at = source.text().stripTrailing().length();
        }
        return source.place(at, at + 1);
    }

    /** SnakeYAML counts code points. */
    private int offset(int codePoints) {
        String text = source.text();
        if (allBasic) {
            return Math.min(codePoints, text.length());
        }
        return text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
    }

    /** Ends the reading of this file. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String id;
        private final transient Place place;
        private final String message;
        private final String fix;

        Refused(String id, Place place, String message, String fix) {
            super(message, null, false, false);
            this.id = id;
            this.place = place;
            this.message = message;
            this.fix = fix;
        }
    }
}
