// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.check.Place;
import io.conjunct.check.SourceText;

/**
 * How a YAML scalar is spread over its file: an offset in the value is not an offset in the file where the scalar is
 * quoted, folded or a block. Values are aligned with the file character by character; white space may differ.
 *
 * @param from offset of the scalar's first character in the file, of a quoted one its quote
 * @param to offset behind its last
 */
record ScalarLayout(SourceText source, Style style, int from, int to) {

    /** How it is written. */
    enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        BLOCK
    }

    ScalarLayout {
        requireNonNull(source, "source");
        requireNonNull(style, "style");
    }

    /** The whole scalar; of a block its first line of text. */
    Place place() {
        if (style == Style.BLOCK) {
            int start = skipWhite(start());
            return source.place(start, to);
        }
        return source.place(from, to);
    }

    Place place(String value, int valueFrom, int valueTo) {
        int[] offsets = align(value);
        int last = Math.max(valueFrom, valueTo - 1);
        int first = offsets[Math.min(valueFrom, value.length())];
        int end = last < value.length() && valueTo > valueFrom ? offsets[last] + 1 : first + 1;
        return source.place(first, end);
    }

    /** The offset in the file of each character of the value, and of its end. */
    private int[] align(String value) {
        String text = source.text();
        int[] offsets = new int[value.length() + 1];
        int at = start();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isWhitespace(c)) {
                offsets[i] = at;
                if (c == ' ' && at < to && text.charAt(at) == ' ') {
                    at++;
                }
                continue;
            }
            at = skipWhite(at);
            offsets[i] = at;
            at = Math.min(to, at + width(text, at));
        }
        offsets[value.length()] = at;
        return offsets;
    }

    /** How many characters of the file stand for the next one of the value. */
    private int width(String text, int at) {
        if (at + 1 >= to) {
            return 1;
        }
        if (style == Style.SINGLE_QUOTED && text.charAt(at) == '\'') {
            return 2;
        }
        if (style == Style.DOUBLE_QUOTED && text.charAt(at) == '\\') {
            return switch (text.charAt(at + 1)) {
                case 'x' -> 4;
                case 'u' -> 6;
                case 'U' -> 10;
                default -> 2;
            };
        }
        return 1;
    }

    private int skipWhite(int start) {
        String text = source.text();
        int at = start;
        while (at < to) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (style == Style.DOUBLE_QUOTED
                    && c == '\\'
                    && at + 1 < to
                    && "nrt \n\r".indexOf(text.charAt(at + 1)) >= 0) {
                at += 2;
            } else {
                break;
            }
        }
        return Math.min(at, Math.max(start, to - 1));
    }

    /** Where the value's text begins: behind the quote, or behind the header line of a block. */
    private int start() {
        return switch (style) {
            case PLAIN -> from;
            case SINGLE_QUOTED, DOUBLE_QUOTED -> Math.min(from + 1, to);
            case BLOCK -> {
                int lineBreak = source.text().indexOf('\n', from);
                yield lineBreak < 0 || lineBreak >= to ? from : lineBreak + 1;
            }
        };
    }
}
