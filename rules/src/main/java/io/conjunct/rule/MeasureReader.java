// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Spelling;
import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.signal.Measure;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Reads a {@code measure}: {@code count}, {@code p99(duration)}, {@code ratio(status = "error")}. */
final class MeasureReader {
    static final String INVALID = "measure/invalid";
    private static final List<String> NAMES =
            List.of("count", "rate", "sum", "avg", "min", "max", "last", "p50", "p90", "p95", "p99", "p99.9", "ratio");
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "mean",
            "avg",
            "average",
            "avg",
            "median",
            "p50",
            "total",
            "sum",
            "quantile",
            "p99",
            "percentile",
            "p99",
            "latest",
            "last");

    private MeasureReader() {}

    /**
     * Reads one; throws a {@link Problem} with the place inside the text.
     *
     * @param recordedIn the unit of the events' fields, for a threshold in a predicate
     */
    static Measure parse(String text, Kind kind, Quantity.Unit recordedIn) {
        Scan scan = new Scan(text, INVALID);
        scan.skipSpace();
        int from = scan.at();
        String name = scan.takeWhile(Lexer::isNamePart);
        if (name.isEmpty()) {
            throw scan.problem(
                    from,
                    Math.max(from + 1, text.length()),
                    "`" + text + "` is not a measure",
                    "expected one of: " + String.join(", ", NAMES));
        }
        Measure measure = measure(scan, from, name, kind, recordedIn);
        scan.skipSpace();
        if (!scan.atEnd()) {
            throw scan.problem(
                    scan.at(),
                    text.length(),
                    "nothing may follow a measure",
                    "put filters under `where`, the window under `over`");
        }
        return measure;
    }

    private static Measure measure(Scan scan, int from, String name, Kind kind, Quantity.Unit recordedIn) {
        int nameEnd = scan.at();
        scan.skipSpace();
        boolean call = scan.accept('(');
        if (name.equals("count")) {
            if (call) {
                throw scan.problem(from, nameEnd, "count has no field", "write count, or sum(field)");
            }
            return Measure.count();
        }
        if (name.equals("rate") && !call) {
            return Measure.of(Measure.Type.RATE, "");
        }
        if (name.equals("ratio")) {
            if (!call) {
                throw scan.problem(from, nameEnd, "ratio needs a predicate", "write it like ratio(status = \"error\")");
            }
            Measure ratio = Measure.ratio(new PredicateReader(scan, kind, recordedIn).read());
            close(scan);
            return ratio;
        }
        if (isQuantile(name)) {
            BigDecimal quantile = new BigDecimal(name.substring(1)).movePointLeft(2);
            if (quantile.signum() <= 0 || quantile.compareTo(new BigDecimal("0.9999")) > 0) {
                throw scan.problem(
                        from,
                        nameEnd,
                        "`" + name + "` is not between p0 and p99.99",
                        quantile.signum() <= 0 ? "write min(field)" : "write max(field)");
            }
            return Measure.quantile(quantile.doubleValue(), field(scan, from, nameEnd, name, call, kind));
        }
        Measure.Type type = switch (name) {
            case "rate" -> Measure.Type.RATE;
            case "sum" -> Measure.Type.SUM;
            case "avg" -> Measure.Type.AVG;
            case "min" -> Measure.Type.MIN;
            case "max" -> Measure.Type.MAX;
            case "last" -> Measure.Type.LAST;
            default ->
                throw scan.problem(
                        from,
                        nameEnd,
                        "`" + name + "` is not a measure",
                        OTHER_NAMES.containsKey(name)
                                ? "did you mean `" + OTHER_NAMES.get(name) + "`?"
                                : Spelling.hint(name, NAMES));
        };
        return Measure.of(type, field(scan, from, nameEnd, name, call, kind));
    }

    private static boolean isQuantile(String name) {
        return name.length() <= 8 && name.matches("p[0-9]+(\\.[0-9]+)?");
    }

    private static String field(Scan scan, int from, int nameEnd, String name, boolean call, Kind kind) {
        String example = kind == Kind.SPAN ? Field.DURATION : kind == Kind.METRIC ? Field.VALUE : "bytes";
        if (!call) {
            throw scan.problem(from, nameEnd, name + " needs a field", "write " + name + "(" + example + ")");
        }
        scan.skipSpace();
        int start = scan.at();
        String field = scan.attribute();
        checkField(scan, start, scan.at(), field, kind);
        close(scan);
        return field;
    }

    /** Refuses a field that events of this kind never carry. */
    static void checkField(Scan scan, int from, int to, String field, Kind kind) {
        if (kind == Kind.METRIC && !field.equals(Field.VALUE)) {
            throw scan.problem(from, to, "a metric has one field, its value", "write value");
        }
        if (kind == Kind.EVENT && field.equals(Field.DURATION)) {
            throw scan.problem(
                    from, to, "an event has no duration", "measure a span, or a numeric attribute of the event");
        }
    }

    private static void close(Scan scan) {
        scan.skipSpace();
        if (!scan.accept(')')) {
            throw scan.problem(
                    scan.at(),
                    scan.at() + 1,
                    "expected `)`",
                    "a measure reads one field or one predicate; filters go under `where`");
        }
    }
}
