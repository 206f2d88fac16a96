// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import java.util.function.Predicate;

/** Walks over a short text, character by character. */
final class Scan {
    private final String text;
    private final String id;
    private int at;

    /** @param id of the problems it reports */
    Scan(String text, String id) {
        this.text = text;
        this.id = id;
    }

    int at() {
        return at;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    String from(int start) {
        return text.substring(start, at);
    }

    void skipSpace() {
        while (!atEnd() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    boolean accept(char c) {
        if (!atEnd() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    boolean accept(String symbol) {
        if (text.startsWith(symbol, at)) {
            at += symbol.length();
            return true;
        }
        return false;
    }

    String takeWhile(Predicate<Character> part) {
        int start = at;
        while (!atEnd() && part.test(text.charAt(at))) {
            at++;
        }
        return from(start);
    }

    /** An attribute's or field's name, bare or quoted. */
    String attribute() {
        if (startsQuoted()) {
            return quoted();
        }
        int start = at;
        String name = takeWhile(c -> Character.isLetterOrDigit(c) || "._-/:@".indexOf(c) >= 0);
        if (name.isEmpty()) {
            throw problem(start, start + 1, "expected a name", "write an attribute such as http.route, or quote it");
        }
        return name;
    }

    /** A value, bare or quoted. */
    String value() {
        if (startsQuoted()) {
            return quoted();
        }
        int start = at;
        String value = takeWhile(c -> !Character.isWhitespace(c) && ",()[]\"'".indexOf(c) < 0);
        if (value.isEmpty()) {
            throw problem(start, start + 1, "expected a value", "write it bare, or in quotes");
        }
        return value;
    }

    private boolean startsQuoted() {
        return !atEnd() && (text.charAt(at) == '"' || text.charAt(at) == '\'');
    }

    private String quoted() {
        int start = at;
        char quote = text.charAt(at++);
        int end = text.indexOf(quote, at);
        if (end < 0) {
            throw problem(start, text.length(), "this quote is never closed", "add " + quote);
        }
        String value = text.substring(at, end);
        at = end + 1;
        return value;
    }

    Problem problem(int from, int to, String message, String fix) {
        return new Problem(id, from, to, message, fix);
    }
}
