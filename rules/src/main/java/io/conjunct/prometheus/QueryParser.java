// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import io.conjunct.prometheus.Query.Aggregate;
import io.conjunct.prometheus.Query.Binary;
import io.conjunct.prometheus.Query.Call;
import io.conjunct.prometheus.Query.Match;
import io.conjunct.prometheus.Query.Number;
import io.conjunct.prometheus.Query.Select;
import io.conjunct.prometheus.QueryLexer.Kind;
import io.conjunct.prometheus.QueryLexer.Word;
import io.conjunct.rule.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads PromQL by recursive descent, with the precedence of its documentation. What has no counterpart here is refused by
 * name instead of being read past. Nested at most {@value #MAX_DEPTH} deep.
 */
final class QueryParser {
    private static final int MAX_DEPTH = 100;
    private static final List<Set<String>> LEVELS = List.of(
            Set.of("or"),
            Set.of("and", "unless"),
            Set.of("==", "!=", ">", ">=", "<", "<="),
            Set.of("+", "-"),
            Set.of("*", "/", "%"));
    private static final Set<String> AGGREGATIONS = Set.of(
            "sum",
            "avg",
            "min",
            "max",
            "count",
            "group",
            "stddev",
            "stdvar",
            "topk",
            "bottomk",
            "quantile",
            "count_values");
    private static final Map<String, String> REFUSED = Map.of(
            "offset",
                    "`offset` looks into the past; a signal has a window that ends now (`baseline(signal, 7d)` may be meant)",
            "ignoring", "`ignoring` names the labels that differ; write `on (…)` with those that join",
            "group_left", "`group_left` copies labels from one side to the other; a rule joins on labels both have",
            "group_right", "`group_right` copies labels from one side to the other; a rule joins on labels both have",
            "without", "`without` keeps labels that are not named here; write `by (…)`",
            "bool", "`bool` makes a number of a comparison; a condition has three values");

    private final List<Word> words;
    private int next;
    private int depth;

    private QueryParser(List<Word> words) {
        this.words = words;
    }

    /**
     * Reads an expression.
     *
     * @throws NotCarried when it is not PromQL, or uses what has no counterpart
     */
    static Query parse(String text) {
        QueryParser parser = new QueryParser(QueryLexer.words(text));
        Query query = parser.binary(0);
        parser.refuseModifier();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return query;
    }

    private Query binary(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        Query left = binary(level + 1);
        while (LEVELS.get(level).contains(operator())) {
            String operator = operator();
            next++;
            refuseModifier();
            Optional<List<String>> on = Optional.empty();
            if (peek().isName("on")) {
                next++;
                on = Optional.of(labels());
                refuseModifier();
            }
            left = new Binary(operator, left, binary(level + 1), on);
        }
        return left;
    }

    private String operator() {
        Word word = peek();
        return word.kind() == Kind.SYMBOL
                ? word.text()
                : word.kind() == Kind.NAME ? word.text().toLowerCase(Locale.ROOT) : "";
    }

    private Query unary() {
        if (++depth > MAX_DEPTH) {
            throw new NotCarried("the expression is nested deeper than " + MAX_DEPTH);
        }
        try {
            if (take("-")) {
                Query inner = unary();
                return inner instanceof Number number
                        ? new Number(-number.value())
                        : new Binary("*", new Number(-1), inner, Optional.empty());
            }
            if (take("+")) {
                return unary();
            }
            Query query = primary();
            if (peek().is("^")) {
                throw new NotCarried("`^` has no counterpart in conditions");
            }
            return query;
        } finally {
            depth--;
        }
    }

    private Query primary() {
        Word word = peek();
        if (take("(")) {
            Query inner = binary(0);
            expect(")");
            refuseSubquery();
            return inner;
        }
        if (word.kind() == Kind.NUMBER) {
            next++;
            return new Number(number(word.text()));
        }
        if (word.is("{")) {
            return select("");
        }
        if (word.kind() != Kind.NAME) {
            throw unexpected("a metric, a number or a function");
        }
        refuseModifier();
        next++;
        String name = word.text();
        if (AGGREGATIONS.contains(name.toLowerCase(Locale.ROOT)) && (peek().is("(") || isGrouping())) {
            return aggregate(name.toLowerCase(Locale.ROOT));
        }
        if (take("(")) {
            return new Call(name, arguments());
        }
        if (name.equalsIgnoreCase("inf") || name.equalsIgnoreCase("nan")) {
            throw new NotCarried("`" + name + "` is not compared with here");
        }
        return select(name);
    }

    private static double number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Double.parseDouble(text);
    }

    private boolean isGrouping() {
        refuseModifier();
        return peek().isName("by");
    }

    private Query aggregate(String operator) {
        List<String> by = grouping();
        expect("(");
        List<Query> arguments = arguments();
        if (by.isEmpty()) {
            by = grouping();
        }
        if (arguments.size() != 1) {
            throw new NotCarried(
                    "`" + operator + "` chooses among series; a signal has one value for each of its labels");
        }
        return new Aggregate(operator, by, arguments.get(0));
    }

    private List<String> grouping() {
        if (!isGrouping()) {
            return List.of();
        }
        next++;
        return labels();
    }

    private List<Query> arguments() {
        List<Query> arguments = new ArrayList<>();
        while (!take(")")) {
            arguments.add(binary(0));
            if (!peek().is(")")) {
                expect(",");
            }
        }
        refuseSubquery();
        return arguments;
    }

    private Query select(String name) {
        List<Match> matches = new ArrayList<>();
        String metric = name;
        if (take("{")) {
            while (!take("}")) {
                Match match = match();
                if (match.label().equals("__name__") && match.operator().equals("=")) {
                    metric = match.value();
                } else {
                    matches.add(match);
                }
                if (!peek().is("}")) {
                    expect(",");
                }
            }
        }
        if (metric.isEmpty()) {
            throw new NotCarried("a selector without a metric's name");
        }
        Optional<Duration> range = Optional.empty();
        if (take("[")) {
            range = Optional.of(duration());
            if (peek().is(":")) {
                throw new NotCarried("a subquery `[…:…]` evaluates an expression many times; a signal has one window");
            }
            expect("]");
        }
        refuseModifier();
        return new Select(metric, matches, range);
    }

    private Match match() {
        Word label = peek();
        if (label.kind() != Kind.NAME && label.kind() != Kind.STRING) {
            throw unexpected("a label");
        }
        next++;
        String operator = peek().text();
        if (!Set.of("=", "!=", "=~", "!~").contains(operator)) {
            throw unexpected("=, !=, =~ or !~");
        }
        next++;
        Word value = peek();
        if (value.kind() != Kind.STRING) {
            throw unexpected("a text in quotes");
        }
        next++;
        return new Match(label.text(), operator, value.text());
    }

    private List<String> labels() {
        expect("(");
        List<String> labels = new ArrayList<>();
        while (!take(")")) {
            if (peek().kind() != Kind.NAME) {
                throw unexpected("a label");
            }
            labels.add(words.get(next++).text());
            if (!peek().is(")")) {
                expect(",");
            }
        }
        return labels;
    }

    private Duration duration() {
        Word word = peek();
        if (word.kind() != Kind.DURATION) {
            throw unexpected("a duration");
        }
        next++;
        return Durations.of(word.text()).orElseThrow(() -> new NotCarried(word.text() + " is not a duration"));
    }

    private void refuseSubquery() {
        if (peek().is("[")) {
            throw new NotCarried("a subquery `[…:…]` evaluates an expression many times; a signal has one window");
        }
        refuseModifier();
    }

    private void refuseModifier() {
        Word word = peek();
        String why = word.kind() == Kind.NAME ? REFUSED.get(word.text().toLowerCase(Locale.ROOT)) : null;
        if (why != null) {
            throw new NotCarried(why);
        }
        if (word.is("@")) {
            throw new NotCarried("`@` names a fixed time; a signal has a window that ends now");
        }
    }

    private Word peek() {
        return words.get(next);
    }

    private boolean take(String symbol) {
        if (peek().is(symbol)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String symbol) {
        if (!take(symbol)) {
            throw unexpected("`" + symbol + "`");
        }
    }

    private NotCarried unexpected(String expected) {
        return new NotCarried(
                "`" + peek().text() + "` at character " + (peek().offset() + 1) + " (expected: " + expected + ")");
    }
}
