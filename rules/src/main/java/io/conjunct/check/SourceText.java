// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** A file's text, cut into lines, so that an offset can be told as line and column. */
public final class SourceText {
    private final String path;
    private final String text;
    private final List<Integer> lineStarts = new ArrayList<>();

    public SourceText(String path, String text) {
        this.path = requireNonNull(path, "path");
        this.text = requireNonNull(text, "text");
        lineStarts.add(0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
                lineStarts.add(i + 1);
            }
        }
    }

    public String path() {
        return path;
    }

    public String text() {
        return text;
    }

    /** Number of lines; an empty file has one. */
    public int lines() {
        return lineStarts.size();
    }

    /** A line without its line break, counted from 1. */
    public String line(int number) {
        return text.substring(lineStarts.get(number - 1), endOfLine(number - 1));
    }

    /** The place of the characters from one offset to another; cut at the end of the first line, never empty. */
    public Place place(int from, int to) {
        int start = Math.max(0, Math.min(from, text.length()));
        int line = lineOf(start);
        int lineStart = lineStarts.get(line);
        int end = Math.max(start, Math.min(to, endOfLine(line)));
        return new Place(
                path,
                line + 1,
                text.codePointCount(lineStart, start) + 1,
                Math.max(1, text.codePointCount(start, end)));
    }

    private int lineOf(int offset) {
        int low = 0;
        int high = lineStarts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (lineStarts.get(middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private int endOfLine(int line) {
        int end = line + 1 < lineStarts.size() ? lineStarts.get(line + 1) : text.length();
        int start = lineStarts.get(line);
        while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return end;
    }
}
