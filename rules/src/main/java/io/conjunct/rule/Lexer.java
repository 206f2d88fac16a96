// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cuts a condition into words. Throws a {@link Problem} at a character that starts none. */
final class Lexer {
    static final String SYNTAX = "condition/syntax";
    private static final int MAX_NUMBER_LENGTH = 32;
    private static final List<String> SYMBOLS = List.of(
            ">=", "<=", "==", "!=", "<>", "=>", "=<", "&&", "||", ">", "<", "=", "+", "-", "*", "/", "(", ")", ",");
    private static final Map<String, String> WRITE_INSTEAD = Map.of(
            "&&", "AND", "||", "OR", "<>", "!=", "=>", ">=", "=<", "<=", "!", "NOT", "≥", ">=", "≤", "<=", "≠", "!=");

    private final String text;
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        return new Lexer(text).tokens();
    }

    /** Reads a number with its unit, which must be the whole text. */
    static Token number(String text) {
        List<Token> tokens = tokens(text);
        boolean negative = tokens.get(0).is("-");
        Token token = tokens.get(negative ? 1 : 0);
        if (token.type() != Token.Type.NUMBER || tokens.size() != (negative ? 3 : 2)) {
            throw new Problem(
                    "value/number",
                    0,
                    text.length(),
                    "`" + text + "` is not a number",
                    "write it like 5, 300ms, 2GiB or 0.1%");
        }
        return negative
                ? new Token(Token.Type.NUMBER, text, token.number().negate(), token.unit(), 0, text.length())
                : token;
    }

    private List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at >= text.length()) {
                int end = text.stripTrailing().length();
                tokens.add(new Token(Token.Type.END, "", BigDecimal.ZERO, "", end, end));
                return tokens;
            }
            tokens.add(next());
        }
    }

    private Token next() {
        char c = text.charAt(at);
        if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            return number();
        }
        if (isNameStart(c)) {
            int from = at;
            while (at < text.length() && isNamePart(text.charAt(at))) {
                at++;
            }
            return token(Token.Type.NAME, from);
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                String instead = WRITE_INSTEAD.get(symbol);
                if (instead != null) {
                    throw new Problem(
                            SYNTAX,
                            at,
                            at + symbol.length(),
                            "`" + symbol + "` is not an operator",
                            "write " + instead);
                }
                at += symbol.length();
                return token(Token.Type.SYMBOL, at - symbol.length());
            }
        }
        int width = Character.charCount(text.codePointAt(at));
        String found = text.substring(at, at + width);
        String instead = WRITE_INSTEAD.get(found);
        String fix = instead != null
                ? "write " + instead
                : c == '"' || c == '\'' ? "texts are compared in `where` or in ratio(…)" : "remove it";
        throw new Problem(SYNTAX, at, at + width, "`" + found + "` has no meaning here", fix);
    }

    private Token number() {
        int from = at;
        BigDecimal total = BigDecimal.ZERO;
        String unit = "";
        int parts = 0;
        do {
            BigDecimal digits = digits();
            int unitFrom = at;
            while (at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '%')) {
                at++;
            }
            String name = text.substring(unitFrom, at);
            if (name.isEmpty() && parts == 0) {
                total = digits;
                break;
            }
            Quantity.Unit known = Quantity.UNITS.get(name);
            if (known == null || (parts > 0 && !known.base().equals("s")) || (parts > 0 && !unit.equals("s"))) {
                throw new Problem(
                        SYNTAX,
                        name.isEmpty() ? from : unitFrom,
                        at,
                        name.isEmpty() ? "the last number lacks its unit" : "`" + name + "` is not a unit",
                        "write ns us ms s m h d w, B kB MB GB KiB MiB GiB, or a percent sign");
            }
            total = total.add(digits.multiply(known.factor()));
            unit = known.base();
            parts++;
        } while (at < text.length() && isDigit(text.charAt(at)));
        if (Double.isInfinite(total.doubleValue())) {
            throw new Problem(SYNTAX, from, at, "this number is too large", "write a smaller one");
        }
        if (at < text.length() && isNamePart(text.charAt(at))) {
            throw new Problem(SYNTAX, from, at + 1, "a number runs into a name", "put a space or an operator between");
        }
        return new Token(Token.Type.NUMBER, text.substring(from, at), total, unit, from, at);
    }

    private BigDecimal digits() {
        int from = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }
        int exponent = at;
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            int digits = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            if (at == digits || at - digits > 3) {
                at = exponent;
            }
        }
        String number = text.substring(from, at);
        if (number.length() > MAX_NUMBER_LENGTH) {
            throw new Problem(SYNTAX, from, at, "this number is too long", "write it like 1e9");
        }
        return new BigDecimal(number.endsWith(".") ? number + "0" : number);
    }

    private Token token(Token.Type type, int from) {
        return new Token(type, text.substring(from, at), BigDecimal.ZERO, "", from, at);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c) || c == '.';
    }
}
