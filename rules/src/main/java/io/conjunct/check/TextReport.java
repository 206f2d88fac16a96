// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.RuleSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Findings as a compiler shows them. The first line is {@code path:line:column: severity: message [id]}, which editors
 * and terminals turn into a link; then the source line, carets, and the fix.
 */
final class TextReport {
    /** Longer source lines are cut around the carets. */
    private static final int MAX_WIDTH = 120;

    private static final int BEFORE_CARETS = 60;

    private TextReport() {}

    static String of(List<Diagnostic> diagnostics, List<RuleSource> sources) {
        Map<String, SourceText> texts = new HashMap<>();
        for (RuleSource source : sources) {
            String text = source.text();
            texts.put(
                    source.path(), new SourceText(source.path(), text.startsWith("\uFEFF") ? text.substring(1) : text));
        }
        StringBuilder out = new StringBuilder();
        for (Diagnostic diagnostic : diagnostics) {
            if (!out.isEmpty()) {
                out.append('\n');
            }
            out.append(diagnostic.path())
                    .append(':')
                    .append(diagnostic.line())
                    .append(':')
                    .append(diagnostic.column())
                    .append(": ")
                    .append(diagnostic.severity().word())
                    .append(": ")
                    .append(diagnostic.message())
                    .append(" [")
                    .append(diagnostic.id())
                    .append("]\n");
            SourceText text = texts.get(diagnostic.path());
            if (text == null || text.text().isEmpty() || diagnostic.line() > text.lines()) {
                if (!diagnostic.fix().isEmpty()) {
                    out.append("  = ").append(diagnostic.fix()).append('\n');
                }
            } else {
                snippet(diagnostic, text.line(diagnostic.line()), out);
            }
        }
        return out.toString();
    }

    private static void snippet(Diagnostic diagnostic, String fullLine, StringBuilder out) {
        int[] line = fullLine.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .toArray();
        int start = Math.min(diagnostic.column() - 1, line.length);
        int length = Math.max(1, Math.min(diagnostic.length(), line.length - start));
        int from = 0;
        int to = line.length;
        if (to > MAX_WIDTH) {
            from = Math.max(0, Math.min(start - BEFORE_CARETS, to - MAX_WIDTH));
            to = Math.min(line.length, from + MAX_WIDTH);
        }
        length = Math.max(1, Math.min(length, to - start));
        String shown = (from > 0 ? "…" : "")
                + new String(line, from, to - from).stripTrailing()
                + (to < line.length ? "…" : "");
        int indent = start - from + (from > 0 ? 1 : 0);
        String number = String.valueOf(diagnostic.line());
        String margin = " ".repeat(number.length() + 1) + "|";
        out.append(margin).append('\n');
        out.append(number).append(" | ").append(shown).append('\n');
        out.append(margin).append(' ').append(" ".repeat(indent)).append("^".repeat(length));
        if (!diagnostic.fix().isEmpty()) {
            boolean fits = indent + length + 1 + diagnostic.fix().length() <= MAX_WIDTH - 20;
            if (fits) {
                out.append(' ').append(diagnostic.fix());
            } else {
                out.append('\n')
                        .append(" ".repeat(number.length() + 1))
                        .append("= ")
                        .append(diagnostic.fix());
            }
        }
        out.append('\n');
    }
}
