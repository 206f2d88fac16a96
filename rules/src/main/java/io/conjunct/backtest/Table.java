// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under headers; the first column is set left, the others right. */
public final class Table {
    private final List<String> headers;
    private final int leftColumns;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param leftColumns how many columns, from the first, hold words instead of numbers */
    public Table(int leftColumns, String... headers) {
        this.headers = List.of(headers);
        this.leftColumns = leftColumns;
    }

    /** Adds a row, one cell per header. */
    public void row(List<String> cells) {
        if (cells.size() != headers.size()) {
            throw new IllegalArgumentException("cells: " + cells.size() + " (expected: " + headers.size() + ")");
        }
        rows.add(List.copyOf(cells));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** For a terminal: columns two blanks apart. */
    public List<String> text() {
        int[] widths = new int[headers.size()];
        List<List<String>> all = new ArrayList<>();
        all.add(headers);
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String gap = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ").append(i < leftColumns ? row.get(i) + gap : gap + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** For a pull request's comment. */
    List<String> markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("| " + String.join(" | ", headers) + " |");
        StringBuilder rule = new StringBuilder("|");
        for (int i = 0; i < headers.size(); i++) {
            rule.append(i < leftColumns ? "---|" : "--:|");
        }
        lines.add(rule.toString());
        for (List<String> row : rows) {
            List<String> safe = row.stream().map(c -> c.replace("|", "\\|")).toList();
            lines.add("| " + String.join(" | ", safe) + " |");
        }
        return lines;
    }
}
