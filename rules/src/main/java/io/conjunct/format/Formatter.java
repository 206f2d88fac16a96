// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.format;

import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.rule.Node;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.serializer.Serializer;

/**
 * Writes a rule file in the one form: keys in the order of the schema, two spaces of indentation, a signal on one line
 * where it fits, durations and conditions as the language prints them. Comments, blank lines, quotes and anchors stay.
 *
 * <p>SnakeYAML reads and writes; what it wrote is read again and compared. A file whose meaning or comments would change
 * is left alone with a finding, and so is one that cannot be read.
 */
public final class Formatter {
    private static final int PASSES = 4;
    private static final Pattern BLANK = Pattern.compile("(?m)^ +$");

    private Formatter() {}

    /** The file in its form, which is the same text when it has it; empty when it was refused with a finding. */
    public static Optional<String> format(RuleSource source, Findings findings) {
        Optional<Node> before = RuleLoader.document(source, findings);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        if (!(before.get() instanceof Node.Table table)
                || (table.get("groups").isEmpty() && table.get("silences").isEmpty())) {
            findings.error(
                    "fmt/no-rules",
                    before.get().place(),
                    "this is no rule file: it has neither `groups` nor `silences`",
                    "name rule files only");
            return Optional.empty();
        }
        String text = source.text().startsWith("\uFEFF") ? source.text().substring(1) : source.text();
        boolean windows = text.contains("\r\n");
        text = text.replace("\r\n", "\n").replace('\r', '\n');
        try {
            Optional<String> formatted = settled(text);
            if (formatted.isPresent() && Meaning.isSame(text, formatted.get(), source.path())) {
                return formatted.map(f -> windows ? f.replace("\n", "\r\n") : f);
            }
        } catch (YAMLException e) {
            // What cannot be written without harm is not written.
        }
        findings.error(
                "fmt/unchanged",
                Place.startOf(source.path()),
                "the file cannot be formatted without losing something of it",
                "move comments out of `{…}` and `[…]`, and behind keys to lines of their own");
        return Optional.empty();
    }

    /** Formatted until nothing changes; empty when that does not come about. */
    private static Optional<String> settled(String text) {
        String last = text;
        for (int pass = 0; pass < PASSES; pass++) {
            String next = once(last);
            if (next.equals(last)) {
                return Optional.of(next);
            }
            last = next;
        }
        return Optional.empty();
    }

    private static String once(String text) {
        LoaderOptions in = new LoaderOptions();
        in.setProcessComments(true);
        in.setMaxAliasesForCollections(Integer.MAX_VALUE);
        in.setCodePointLimit(Integer.MAX_VALUE);
        org.yaml.snakeyaml.nodes.Node root = new Yaml(in).compose(new StringReader(text));
        Form.apply(root);
        return write(root, DumperOptions.FlowStyle.BLOCK);
    }

    /** A node as YAML. */
    static String write(org.yaml.snakeyaml.nodes.Node node, DumperOptions.FlowStyle style) {
        DumperOptions out = new DumperOptions();
        out.setDefaultFlowStyle(style);
        out.setProcessComments(true);
        out.setIndent(2);
        out.setSplitLines(false);
        out.setWidth(Integer.MAX_VALUE);
        out.setAllowUnicode(true);
        out.setAnchorGenerator(org.yaml.snakeyaml.nodes.Node::getAnchor);
        StringWriter text = new StringWriter();
        Serializer serializer = new Serializer(new Emitter(text, out), new Resolver(), out, null);
        try {
            serializer.open();
            serializer.serialize(node);
            serializer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Blank lines come out indented.
        return BLANK.matcher(text.toString()).replaceAll("");
    }
}
