// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import io.conjunct.event.Field;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Selector;
import io.conjunct.signal.Signal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one entry of {@code signals}. What the schema has refused is skipped in silence. */
final class SignalReader {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]{0,63}";
    private static final Pattern TRAFFIC = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?) ?/ ?([smhd])");

    private final Node.Scalar name;
    private final Node.Table table;
    private final Findings findings;

    private SignalReader(Node.Scalar name, Node.Table table, Findings findings) {
        this.name = name;
        this.table = table;
        this.findings = findings;
    }

    /** The signal, or empty when some part of it was refused. */
    static Optional<SignalDraft> read(Node.Entry entry, Findings findings) {
        if (!(entry.value() instanceof Node.Table table)) {
            return Optional.empty();
        }
        return new SignalReader(entry.key(), table, findings).read();
    }

    private Optional<SignalDraft> read() {
        int before = findings.errors();
        checkName();
        Optional<Selector> selector = SelectorReader.read(table, findings);
        Optional<Quantity.Unit> written = table.scalar("unit").map(u -> Quantity.ofMetric(u.text()));
        Quantity.Unit recordedIn = written.orElse(Quantity.NO_UNIT);
        Optional<Measure> measure = selector.flatMap(s -> table.scalar("measure")
                .flatMap(m -> parsed(m, () -> MeasureReader.parse(m.text(), s.kind(), recordedIn))));
        Optional<Duration> over = table.text("over").flatMap(this::window);
        List<String> by = table.sequence("by").stream()
                .flatMap(s -> s.scalars().stream())
                .map(Node.Scalar::text)
                .toList();
        if (selector.isEmpty() || measure.isEmpty() || over.isEmpty()) {
            return Optional.empty();
        }
        Quantity.Unit unit = unit(measure.get(), recordedIn);
        Optional<Signal.OnMissing> onMissing = onMissing(unit);
        long minSamples = table.scalar("min_samples")
                .map(s -> wholeNumber(s))
                .orElse(measure.get().defaultMinSamples());
        OptionalDouble traffic = traffic();
        if (onMissing.isEmpty() || findings.errors() > before) {
            return Optional.empty();
        }
        Signal signal = new Signal(
                name.text(),
                measure.get(),
                selector.get(),
                over.get(),
                by,
                unit.base(),
                unit.factor().doubleValue(),
                minSamples,
                onMissing.get(),
                false);
        return Optional.of(new SignalDraft(signal, name, table, traffic));
    }

    private void checkName() {
        String text = name.text();
        if (ConditionParser.RESERVED.contains(text.toUpperCase(Locale.ROOT))) {
            findings.error(
                    "signal/name", name.place(), "`" + text + "` is a word of the language", "choose another name");
        } else if (!text.matches(NAME)) {
            String repaired = text.replaceAll("[^A-Za-z0-9_]+", "_");
            findings.error(
                    "signal/name",
                    name.place(),
                    "a signal's name has letters, digits and _, at most 64",
                    repaired.matches(NAME) ? "write " + repaired : "write it like error_ratio");
        }
    }

    private Optional<Duration> window(Node.Scalar scalar) {
        Optional<Duration> over = parsed(scalar, () -> Durations.parse(scalar.text()));
        if (over.isPresent()
                && (over.get().toMillis() % 1000 != 0
                        || over.get().isZero()
                        || over.get().compareTo(Duration.ofDays(30)) > 0)) {
            findings.error(
                    "duration/out-of-range",
                    scalar.place(),
                    "`" + scalar.text() + "` is out of range for `over`",
                    "write whole seconds, 1s to 30d");
            return Optional.empty();
        }
        return over;
    }

    /** The unit of the value, and the factor to it from what is recorded. */
    private Quantity.Unit unit(Measure measure, Quantity.Unit recordedIn) {
        Optional<Node.Scalar> written = table.scalar("unit");
        boolean occurrences = measure.type() == Measure.Type.COUNT
                || (measure.type() == Measure.Type.RATE && measure.field().isEmpty());
        boolean ownPredicate = measure.outcome()
                .filter(o -> o instanceof Outcome.Measured m && !m.field().equals(Field.DURATION))
                .isPresent();
        boolean duration = measure.field().equals(Field.DURATION);
        if (written.isPresent()
                && (occurrences || duration || (measure.type() == Measure.Type.RATIO && !ownPredicate))) {
            findings.error(
                    "signal/unit-not-needed",
                    written.get().place(),
                    duration
                            ? "spans record their duration in nanoseconds, always"
                            : "the unit of `"
                                    + table.scalar("measure")
                                            .map(Node.Scalar::text)
                                            .orElse("") + "` is known",
                    "remove `unit`");
        }
        return switch (measure.type()) {
            case RATIO -> new Quantity.Unit(Signal.RATIO, BigDecimal.ONE);
            case COUNT -> new Quantity.Unit(Signal.COUNT, BigDecimal.ONE);
            case RATE -> {
                Quantity.Unit of = duration ? Quantity.SPAN_DURATION : recordedIn;
                // Seconds of work per second of time: how many are busy.
                String base = of.base().equals(Signal.SECONDS)
                        ? Units.PLAIN
                        : of.base().isEmpty() || of.base().equals(Signal.RATIO) ? Signal.PER_SECOND : of.base() + "/s";
                yield new Quantity.Unit(base, of.factor());
            }
            case SUM, AVG, MIN, MAX, LAST, QUANTILE -> duration ? Quantity.SPAN_DURATION : recordedIn;
        };
    }

    private Optional<Signal.OnMissing> onMissing(Quantity.Unit unit) {
        Optional<Node.Scalar> written = table.scalar("on_missing");
        if (written.isEmpty()) {
            return Optional.of(new Signal.OnMissing.Unknown());
        }
        Node.Scalar scalar = written.get();
        String text = scalar.text().strip();
        if (text.equals("unknown")) {
            return Optional.of(new Signal.OnMissing.Unknown());
        }
        if (text.matches("hold\\b.*")) {
            String duration = text.substring("hold".length()).strip();
            return parsed(scalar, () -> {
                Duration atMost = Durations.parse(duration);
                if (atMost.isZero() || atMost.compareTo(Duration.ofDays(30)) > 0) {
                    throw new Problem(
                            "duration/out-of-range",
                            0,
                            text.length(),
                            "hold: " + duration + " (expected: 1s to 30d)",
                            "write hold 10m");
                }
                return new Signal.OnMissing.Hold(atMost);
            });
        }
        return parsed(scalar, () -> {
            Token number = number(text);
            if (Units.common(unit.base(), number.unit()).isEmpty()) {
                throw new Problem(
                        "unit/mismatch",
                        0,
                        text.length(),
                        "`" + name.text() + "` is " + Units.name(unit.base()) + ", `" + text + "` is "
                                + Units.name(number.unit()),
                        UnitFix.of(unit.base(), number));
            }
            return new Signal.OnMissing.Value(number.number().doubleValue());
        });
    }

    private static Token number(String text) {
        try {
            return Lexer.number(text);
        } catch (Problem e) {
            throw new Problem(
                    "signal/on-missing",
                    0,
                    text.length(),
                    "`" + text + "` is no value for a missing signal",
                    "write unknown, a number, or hold 10m");
        }
    }

    /** Events per second, from {@code 200/s}, {@code 5/m}, {@code 1000/h} or {@code 1000/d}. */
    private OptionalDouble traffic() {
        Optional<Node.Scalar> written = table.scalar("traffic");
        if (written.isEmpty()) {
            return OptionalDouble.empty();
        }
        Matcher rate = TRAFFIC.matcher(written.get().text().strip());
        if (!rate.matches() || Double.parseDouble(rate.group(1)) == 0) {
            findings.error(
                    "signal/traffic",
                    written.get().place(),
                    "`" + written.get().text() + "` is no rate of events",
                    "write events per second, minute, hour or day, as in 200/s, 5/m, 1000/h or 1000/d");
            return OptionalDouble.empty();
        }
        long seconds = switch (rate.group(2)) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3_600;
            default -> 86_400;
        };
        return OptionalDouble.of(Double.parseDouble(rate.group(1)) / seconds);
    }

    private static long wholeNumber(Node.Scalar scalar) {
        return scalar.text().matches("[0-9]{1,15}") ? Long.parseLong(scalar.text()) : 0;
    }

    private <T> Optional<T> parsed(Node.Scalar scalar, Supplier<T> parser) {
        return Parsing.of(scalar, findings, parser);
    }
}
