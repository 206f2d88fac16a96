// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts PromQL into words. At most {@value #MAX_CHARS} characters are read. */
final class QueryLexer {
    private static final int MAX_CHARS = 20_000;

    /** Possessive where a repetition could be tried in two ways. */
    private static final Pattern WORD = Pattern.compile("(?<blank>\\s++|#[^\\n]*+)"
            + "|(?<string>\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|`[^`]*+`)"
            + "|(?<duration>(?:[0-9]++(?:ms|[smhdwy]))++(?![a-zA-Z0-9_.]))"
            + "|(?<number>0x[0-9a-fA-F]++|(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?)"
            + "|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*+)"
            + "|(?<symbol>=~|!~|!=|==|>=|<=|[-+*/%^(){}\\[\\],=<>@:])");

    private QueryLexer() {}

    /** What a word is. */
    enum Kind {
        STRING,
        DURATION,
        NUMBER,
        NAME,
        SYMBOL,
        END
    }

    /** A word; of a string what stands between the quotes. */
    record Word(Kind kind, String text, int offset) {
        boolean is(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }

        boolean isName(String name) {
            return kind == Kind.NAME && text.equalsIgnoreCase(name);
        }
    }

    static List<Word> words(String text) {
        if (text.length() > MAX_CHARS) {
            throw new NotCarried(
                    "the expression has " + text.length() + " characters (expected: at most " + MAX_CHARS + ")");
        }
        List<Word> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        int at = 0;
        while (at < text.length()) {
            matcher.region(at, text.length());
            if (!matcher.lookingAt()) {
                throw new NotCarried("`" + text.substring(at, Math.min(text.length(), at + 10)) + "` is not PromQL");
            }
            word(matcher, words);
            at = matcher.end();
        }
        words.add(new Word(Kind.END, "the end", text.length()));
        return words;
    }

    private static void word(Matcher matcher, List<Word> words) {
        String found = matcher.group();
        int at = matcher.start();
        if (matcher.group("string") != null) {
            words.add(new Word(Kind.STRING, unquoted(found), at));
        } else if (matcher.group("duration") != null) {
            words.add(new Word(Kind.DURATION, found, at));
        } else if (matcher.group("number") != null) {
            words.add(new Word(Kind.NUMBER, found, at));
        } else if (matcher.group("name") != null) {
            words.add(new Word(Kind.NAME, found, at));
        } else if (matcher.group("symbol") != null) {
            words.add(new Word(Kind.SYMBOL, found, at));
        }
    }

    private static String unquoted(String quoted) {
        String inside = quoted.substring(1, quoted.length() - 1);
        return quoted.startsWith("`") ? inside : inside.replaceAll("\\\\(.)", "$1");
    }
}
