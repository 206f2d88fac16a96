// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Outcome;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the predicate of a {@code ratio}: {@code attr = value}, {@code attr != value}, {@code attr in [a, b]},
 * {@code attr matches "RE"}, or {@code duration > 300ms}. A threshold is turned into the unit the field is recorded in.
 */
final class PredicateReader {
    private final Scan scan;
    private final Kind kind;
    private final Quantity.Unit recordedIn;

    PredicateReader(Scan scan, Kind kind, Quantity.Unit recordedIn) {
        this.scan = scan;
        this.kind = kind;
        this.recordedIn = recordedIn;
    }

    Outcome read() {
        scan.skipSpace();
        int from = scan.at();
        String attribute = scan.attribute();
        int attributeEnd = scan.at();
        scan.skipSpace();
        int operatorFrom = scan.at();
        String word = scan.takeWhile(Lexer::isNameStart);
        if (word.isEmpty()) {
            Comparator comparator = comparator(operatorFrom);
            boolean equality = comparator == Comparator.EQUAL || comparator == Comparator.NOT_EQUAL;
            boolean field = attribute.equals(Field.DURATION) || (attribute.equals(Field.VALUE) && kind == Kind.METRIC);
            if (!equality || field) {
                return measured(from, attributeEnd, attribute, comparator);
            }
            scan.skipSpace();
            String value = scan.value();
            return attribute(from, new Matcher(attribute, comparator == Comparator.NOT_EQUAL, List.of(value), ""));
        }
        scan.skipSpace();
        return switch (word) {
            case "in" -> attribute(from, new Matcher(attribute, false, values(), ""));
            case "matches" -> {
                int patternFrom = scan.at();
                String pattern = scan.value();
                Regexes.check(pattern, patternFrom, scan.at());
                yield attribute(from, new Matcher(attribute, false, List.of(), pattern));
            }
            default ->
                throw scan.problem(
                        operatorFrom,
                        operatorFrom + word.length(),
                        "`" + word + "` is not an operator",
                        "use =, !=, in [a, b], matches \"regex\", or a comparison of a field");
        };
    }

    private Outcome attribute(int from, Matcher matcher) {
        return new Outcome.Attribute(text(from), matcher);
    }

    private Outcome measured(int from, int fieldEnd, String field, Comparator comparator) {
        MeasureReader.checkField(scan, from, fieldEnd, field, kind);
        scan.skipSpace();
        int numberFrom = scan.at();
        String number = scan.value();
        try {
            Token token = Lexer.number(number);
            Quantity.Unit own = field.equals(Field.DURATION) ? Quantity.SPAN_DURATION : recordedIn;
            if (Units.common(own.base(), token.unit()).isEmpty()) {
                throw new Problem(
                        "unit/mismatch",
                        0,
                        number.length(),
                        "`" + field + "` is " + Units.name(own.base()) + ", `" + number + "` is "
                                + Units.name(token.unit()),
                        UnitFix.of(own.base(), token));
            }
            double threshold =
                    token.number().divide(own.factor(), MathContext.DECIMAL64).doubleValue();
            return new Outcome.Measured(text(from), field, comparator, threshold);
        } catch (Problem e) {
            throw new Problem(e.id, numberFrom + e.from, numberFrom + e.to, e.message, e.fix);
        }
    }

    private List<String> values() {
        if (!scan.accept('[')) {
            throw scan.problem(scan.at(), scan.at() + 1, "expected `[`", "write it like cache.tier in [redis, local]");
        }
        List<String> values = new ArrayList<>();
        do {
            scan.skipSpace();
            values.add(scan.value());
            scan.skipSpace();
        } while (scan.accept(','));
        if (!scan.accept(']')) {
            throw scan.problem(scan.at(), scan.at() + 1, "expected `,` or `]`", "close the list with `]`");
        }
        return values;
    }

    private Comparator comparator(int from) {
        if (scan.accept("==")) {
            return Comparator.EQUAL;
        }
        for (Comparator comparator : List.of(
                Comparator.GREATER_OR_EQUAL,
                Comparator.LESS_OR_EQUAL,
                Comparator.NOT_EQUAL,
                Comparator.GREATER,
                Comparator.LESS,
                Comparator.EQUAL)) {
            if (scan.accept(comparator.symbol())) {
                return comparator;
            }
        }
        throw scan.problem(
                from,
                from + 1,
                "expected an operator",
                "use =, !=, in [a, b], matches \"regex\", or a comparison of a field");
    }

    private String text(int from) {
        return scan.from(from).strip().replaceAll("\\s+", " ");
    }
}
