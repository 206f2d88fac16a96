// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.rule.Expression.Operator;
import io.conjunct.signal.Comparator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Parses a condition by operator precedence, loosest first: OR, AND, THEN, NOT, comparison, {@code + -}, {@code * /}, unary
 * minus. Numbers and truths are kept apart while parsing, so that the error names the part that is wrong.
 */
final class ConditionParser {
    /** Words that cannot name a signal, in any case: operators, and what later versions will read. */
    static final Set<String> RESERVED = Set.of(
            "AND", "OR", "NOT", "THEN", "OF", "WITHIN", "BASELINE", "BURN", "HOLD", "FOR", "TRUE", "FALSE", "UNKNOWN");

    private static final int MAX_TOKENS = 1_000;
    private static final int MAX_DEPTH = 50;
    private static final int SEQUENCE = 3;
    private static final int COMPARISON = 4;
    private static final int SUM = 5;
    private static final int PRODUCT = 6;

    private final List<Token> tokens;
    private final List<Problem> hints = new ArrayList<>();
    private int at;
    private int depth;

    private ConditionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * A parsed condition.
     *
     * @param hints what was understood although it is written in an unusual way
     */
    record Parsed(Syntax.Truth condition, List<Problem> hints) {}

    /** Parses a whole text; throws a {@link Problem} at the first word that does not fit. */
    static Parsed parse(String text) {
        List<Token> tokens = Lexer.tokens(text);
        if (tokens.size() > MAX_TOKENS) {
            throw new Problem(
                    "condition/too-long",
                    0,
                    text.length(),
                    "the condition has more than " + MAX_TOKENS + " words",
                    "split the rule");
        }
        ConditionParser parser = new ConditionParser(tokens);
        Syntax.Truth condition = parser.truth(parser.expression(0));
        Token rest = parser.peek();
        if (rest.type() != Token.Type.END) {
            throw parser.unexpected(rest);
        }
        return new Parsed(condition, parser.hints);
    }

    private Syntax expression(int looserThan) {
        if (++depth > MAX_DEPTH) {
            throw syntax(
                    peek(), "the condition is nested more than " + MAX_DEPTH + " levels deep", "remove parentheses");
        }
        Syntax left = prefix();
        while (true) {
            Token operator = peek();
            int strength = strength(operator);
            if (strength <= looserThan) {
                break;
            }
            at++;
            left = infix(left, operator, strength);
        }
        depth--;
        return left;
    }

    private Syntax prefix() {
        Token token = peek();
        if (token.is("NOT")) {
            at++;
            Syntax.Truth term = truth(expression(SEQUENCE));
            return new Syntax.Not(term, token.from(), term.to());
        }
        if (token.is("-") || token.is("+")) {
            at++;
            Syntax.Value term = value(expression(PRODUCT));
            if (token.is("+")) {
                return term;
            }
            return term instanceof Syntax.Literal n
                    ? new Syntax.Literal(-n.value(), n.unit(), "-" + n.text(), token.from(), n.to())
                    : new Syntax.Negative(term, token.from(), term.to());
        }
        if (token.is("(")) {
            at++;
            Syntax inner = expression(0);
            Token close = peek();
            if (!close.is(")")) {
                throw close.type() == Token.Type.END
                        ? syntax(token, "this `(` is never closed", "add `)`")
                        : unexpected(close);
            }
            at++;
            return Syntax.widen(inner, token.from(), close.to());
        }
        if (token.type() == Token.Type.NUMBER) {
            at++;
            if (peek().type() == Token.Type.NAME && Quantity.UNITS.containsKey(peek().text())) {
                throw new Problem(
                        Lexer.SYNTAX,
                        token.from(),
                        peek().to(),
                        "a space between the number and its unit",
                        "write " + token.text() + peek().text());
            }
            if (peek().is("OF")) {
                return atLeast(token);
            }
            return new Syntax.Literal(
                    token.number().doubleValue(), token.unit(), token.text(), token.from(), token.to());
        }
        if (token.type() == Token.Type.NAME) {
            return name(token);
        }
        throw unexpected(token);
    }

    private Syntax.AtLeast atLeast(Token count) {
        at++;
        expect("(", "write 2 OF (A, B, C)");
        List<Syntax.Truth> terms = new ArrayList<>();
        do {
            terms.add(truth(expression(0)));
        } while (accept(","));
        Token close = expect(")", "separate the conditions with `,` and close them with `)`");
        String k = count.text();
        String of = k + " OF " + terms.size();
        if (!k.matches("[1-9][0-9]{0,3}") || Integer.parseInt(k) > terms.size()) {
            throw new Problem(
                    "condition/of-count",
                    count.from(),
                    count.to(),
                    "`" + k + "` of " + terms.size() + " conditions cannot hold",
                    "write a whole number from 1 to " + terms.size());
        }
        int needed = Integer.parseInt(k);
        if (needed == 1 || needed == terms.size()) {
            hints.add(new Problem(
                    "condition/of-trivial",
                    count.from(),
                    close.to(),
                    "`" + of + "` is " + (needed == 1 ? "any of them" : "all of them"),
                    "join them with " + (needed == 1 ? "OR" : "AND")));
        }
        return new Syntax.AtLeast(needed, terms, count.from(), close.to());
    }

    private boolean accept(String symbol) {
        boolean there = peek().is(symbol);
        at += there ? 1 : 0;
        return there;
    }

    private Syntax name(Token token) {
        at++;
        if (peek().is("(")) {
            return call(token);
        }
        if (RESERVED.contains(token.text().toUpperCase(Locale.ROOT))) {
            throw token.text().equals("not")
                    ? syntax(token, "`not` is written in upper case", "write NOT")
                    : unexpected(token);
        }
        return new Syntax.Name(token.text(), token.from(), token.to());
    }

    private Syntax call(Token function) {
        if (function.text().equals("burn")) {
            return burn(function);
        }
        if (!function.text().equals("baseline")) {
            throw syntax(
                    function,
                    "`" + function.text() + "(…)` cannot stand in a condition",
                    "measure it under `signals` and write the signal's name here");
        }
        expect("(", "write baseline(signal, 7d)");
        Syntax.Name signal = name("baseline needs a signal", "write baseline(signal, 7d)");
        String example = "write baseline(" + signal.name() + ", 7d)";
        expect(",", example);
        Token over = peek();
        Optional<Duration> duration = duration(over);
        if (duration.isEmpty()) {
            throw syntax(over, "baseline needs a duration", example);
        }
        at++;
        Token close = expect(")", example);
        return new Syntax.Baseline(signal, duration.get(), over.from(), function.from(), close.to());
    }

    private Syntax.Burn burn(Token function) {
        String example = "write burn(signal, slo)";
        expect("(", example);
        Syntax.Name signal = name("burn needs a signal", example);
        expect(",", example);
        Syntax.Name slo = name("burn needs an SLO", example);
        Token close = expect(")", example);
        return new Syntax.Burn(signal, slo, function.from(), close.to());
    }

    private Syntax.Name name(String missing, String fix) {
        Token token = peek();
        if (token.type() != Token.Type.NAME) {
            throw syntax(token, missing, fix);
        }
        at++;
        return new Syntax.Name(token.text(), token.from(), token.to());
    }

    private static Optional<Duration> duration(Token token) {
        try {
            return token.type() == Token.Type.NUMBER ? Optional.of(Durations.parse(token.text())) : Optional.empty();
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    private Syntax infix(Syntax left, Token operator, int strength) {
        if (strength <= 2) {
            Syntax.Truth first = truth(left);
            Syntax.Truth second = truth(expression(strength));
            requireClosed(first, operator);
            requireClosed(second, operator);
            boolean and = strength == 2;
            List<Syntax.Truth> terms = new ArrayList<>();
            if (first instanceof Syntax.Junction j && j.and() == and) {
                terms.addAll(j.terms());
            } else {
                terms.add(first);
            }
            terms.add(second);
            return new Syntax.Junction(and, terms, first.from(), second.to());
        }
        if (strength == SEQUENCE) {
            return then(truth(left), truth(expression(SEQUENCE)));
        }
        Syntax.Value first = value(left);
        Syntax.Value second = value(expression(strength));
        if (strength == COMPARISON) {
            if (strength(peek()) == COMPARISON) {
                throw syntax(peek(), "comparisons cannot be chained", "write a < b AND b < c");
            }
            if (operator.is("==")) {
                hints.add(new Problem(
                        "condition/double-equals",
                        operator.from(),
                        operator.to(),
                        "equality is written with one `=`",
                        "write ="));
            }
            return new Syntax.Comparison(first, comparator(operator), second, first.from(), second.to());
        }
        Operator arithmetic = switch (operator.text()) {
            case "+" -> Operator.PLUS;
            case "-" -> Operator.MINUS;
            case "*" -> Operator.TIMES;
            default -> Operator.DIVIDED_BY;
        };
        return new Syntax.Arithmetic(first, arithmetic, second, first.from(), second.to());
    }

    private Syntax.Then then(Syntax.Truth first, Syntax.Truth second) {
        String example = "write A THEN B within 10m";
        Token within = expect("within", example);
        Token written = peek();
        Optional<Duration> duration = duration(written);
        if (duration.isEmpty()) {
            throw syntax(written, "`within` needs a duration", example);
        }
        at++;
        return new Syntax.Then(first, second, duration.get(), within.from(), false, first.from(), written.to());
    }

    /** AND and OR beside a THEN could be read in two ways. */
    private static void requireClosed(Syntax.Truth term, Token operator) {
        if (term instanceof Syntax.Then then && !then.closed()) {
            throw new Problem(
                    Lexer.SYNTAX,
                    then.from(),
                    then.to(),
                    "`" + operator.text() + "` beside THEN can be read in two ways",
                    "put parentheses around what belongs together, as in (A AND B) THEN C within 10m");
        }
    }

    private int strength(Token token) {
        if (token.type() == Token.Type.NAME) {
            String upper = token.text().toUpperCase(Locale.ROOT);
            if ((upper.equals("AND") || upper.equals("OR") || upper.equals("THEN")) && !upper.equals(token.text())) {
                throw syntax(token, "`" + token.text() + "` is written in upper case", "write " + upper);
            }
        }
        return switch (token.type() == Token.Type.NUMBER ? "" : token.text()) {
            case "OR" -> 1;
            case "AND" -> 2;
            case "THEN" -> SEQUENCE;
            case ">", ">=", "<", "<=", "=", "==", "!=" -> COMPARISON;
            case "+", "-" -> SUM;
            case "*", "/" -> PRODUCT;
            default -> 0;
        };
    }

    private static Comparator comparator(Token token) {
        String symbol = token.is("==") ? "=" : token.text();
        for (Comparator comparator : Comparator.values()) {
            if (comparator.symbol().equals(symbol)) {
                return comparator;
            }
        }
        throw new IllegalStateException("no comparator " + symbol);
    }

    private Syntax.Truth truth(Syntax part) {
        if (part instanceof Syntax.Truth truth) {
            return truth;
        }
        throw new Problem(
                Lexer.SYNTAX,
                part.from(),
                part.to(),
                "a number alone is neither true nor false",
                "compare it, as in `error_ratio > 1%`");
    }

    private Syntax.Value value(Syntax part) {
        if (part instanceof Syntax.Value value) {
            return value;
        }
        throw new Problem(
                Lexer.SYNTAX,
                part.from(),
                part.to(),
                "a condition cannot be calculated with",
                "put the comparison outside the arithmetic");
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token expect(String symbol, String fix) {
        Token token = peek();
        if (!token.is(symbol)) {
            throw syntax(token, "expected `" + symbol + "`", fix);
        }
        at++;
        return token;
    }

    private Problem unexpected(Token token) {
        if (token.type() == Token.Type.END) {
            return syntax(token, "the condition ends too early", "write what follows the operator, or remove it");
        }
        String fix = token.is("within") || token.is("for")
                ? "`" + token.text() + "` is a key of the rule, on a line of its own"
                : token.is(")") ? "remove it, or open it before" : "join conditions with AND or OR";
        return syntax(token, "`" + token.text() + "` does not fit here", fix);
    }

    private static Problem syntax(Token at, String message, String fix) {
        return new Problem(Lexer.SYNTAX, at.from(), at.to(), message, fix);
    }
}
