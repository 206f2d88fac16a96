// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.yaml;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.rule.Node;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import java.util.List;
import java.util.Optional;

/**
 * Reads the text of a YAML file into {@link Section}s, with the reader of rule files: the same YAML 1.2, and the same
 * refusals of keys that stand twice, tags, merge keys and what is nested or expanded without end. Its findings are told
 * by place and fix, not in its words, for these repeat what stands there.
 */
public final class Document {
    private Document() {}

    /** The keys and values at the top of the file; empty, with a problem, when it has none. */
    public static Optional<Section> read(String text, Problems problems, SecretSource secrets) {
        String path = problems.file();
        Findings findings = new Findings();
        Optional<Node> top = RuleLoader.document(new RuleSource(path, text), findings);
        findings.sorted(List.of(path)).forEach(finding -> problems.add(place(finding), id(finding), sentence(finding)));
        if (top.isEmpty()) {
            return Optional.empty();
        }
        if (top.get() instanceof Node.Table table) {
            return Optional.of(new Section(table, "", problems, secrets));
        }
        problems.add(top.get().place(), "receivers/type", "expected keys and values, found " + Section.kind(top.get()));
        return Optional.empty();
    }

    private static Place place(Diagnostic finding) {
        return new Place(finding.path(), finding.line(), finding.column(), finding.length());
    }

    /** {@code yaml/duplicate-key} is {@code receivers/duplicate-key}. */
    private static String id(Diagnostic finding) {
        return "receivers" + finding.id().substring(finding.id().indexOf('/'));
    }

    private static String sentence(Diagnostic finding) {
        return switch (finding.id()) {
            case "file/empty" -> "the file is empty; write `receivers:` and `routes:`";
            // It shows a key, which is no secret.
            case "yaml/duplicate-key" -> Section.shown(finding.message()) + "; " + finding.fix();
            default -> "this is not YAML as it should be; " + finding.fix();
        };
    }
}
