// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.check.Spelling;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns the text of a {@code when} or {@code until} into a {@link Condition}: looks signals up and compares units. */
final class ConditionReader {
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Scope scope;
    private final Findings findings;
    private final Places places;
    private final Node.Scalar scalar;

    private ConditionReader(Scope scope, Findings findings, Places places, Node.Scalar scalar) {
        this.scope = scope;
        this.findings = findings;
        this.places = places;
        this.scalar = scalar;
    }

    /** The condition, or empty when some part of it was refused. */
    static Optional<Condition> read(Node.Scalar scalar, Scope scope, Findings findings, Places places) {
        ConditionReader reader = new ConditionReader(scope, findings, places, scalar);
        try {
            ConditionParser.Parsed parsed = ConditionParser.parse(scalar.text());
            for (Problem hint : parsed.hints()) {
                findings.warning(hint.id, scalar.place(hint.from, hint.to), hint.message, hint.fix);
            }
            return reader.condition(parsed.condition());
        } catch (Problem problem) {
            findings.error(problem.id, scalar.place(problem.from, problem.to), problem.message, problem.fix);
            return Optional.empty();
        }
    }

    private Optional<Condition> condition(Syntax.Truth syntax) {
        Optional<Condition> condition;
        if (syntax instanceof Syntax.Comparison comparison) {
            condition = comparison(comparison).map(c -> c);
        } else if (syntax instanceof Syntax.Not not) {
            condition = condition(not.term()).map(Condition.Not::new);
        } else if (syntax instanceof Syntax.Then then) {
            condition = terms(List.of(then.first(), then.second())).flatMap(terms -> then(then, terms));
        } else if (syntax instanceof Syntax.AtLeast some) {
            condition = terms(some.terms()).flatMap(terms -> atLeast(some, terms));
        } else {
            Syntax.Junction junction = (Syntax.Junction) syntax;
            condition = terms(junction.terms())
                    .map(terms -> junction.and() ? new Condition.And(terms) : new Condition.Or(terms));
        }
        condition.ifPresent(c -> places.put(c, place(syntax)));
        return condition;
    }

    /** All terms, or empty when one of them was refused. */
    private Optional<List<Condition>> terms(List<Syntax.Truth> syntax) {
        List<Condition> terms = new ArrayList<>();
        for (Syntax.Truth term : syntax) {
            condition(term).ifPresent(terms::add);
        }
        return terms.size() < syntax.size() ? Optional.empty() : Optional.of(terms);
    }

    private Optional<Condition> then(Syntax.Then syntax, List<Condition> terms) {
        Duration within = syntax.within();
        if (within.isZero() || within.toMillis() % 1000 != 0 || within.compareTo(LONGEST) > 0) {
            findings.error(
                    "duration/out-of-range",
                    scalar.place(syntax.withinFrom(), syntax.to()),
                    "`" + Durations.format(within) + "` is out of range for `within`",
                    "write whole seconds, 1s to 30d");
            return Optional.empty();
        }
        return Optional.of(new Condition.Then(terms.get(0), terms.get(1), within));
    }

    /** One condition that is counted twice would make two out of one. */
    private Optional<Condition> atLeast(Syntax.AtLeast syntax, List<Condition> terms) {
        for (int i = 0; i < terms.size(); i++) {
            int first = terms.indexOf(terms.get(i));
            if (first < i) {
                Syntax again = syntax.terms().get(i);
                findings.error(
                        "condition/of-twice",
                        place(again),
                        "`" + text(again) + "` is counted twice",
                        "write another condition in its place, or remove it");
                return Optional.empty();
            }
        }
        return Optional.of(new Condition.AtLeast(syntax.count(), terms));
    }

    private Optional<Condition.Comparison> comparison(Syntax.Comparison syntax) {
        Optional<Typed> left = value(syntax.left());
        Optional<Typed> right = value(syntax.right());
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        if (Units.common(left.get().unit(), right.get().unit()).isEmpty()) {
            mismatch(syntax, syntax.left(), left.get(), syntax.right(), right.get(), "compared with");
            return Optional.empty();
        }
        // As it would be formatted, so that spaces are no change of the rule.
        String text = Spacing.canonical(scalar.text().substring(syntax.from(), syntax.to()));
        Condition.Comparison comparison = new Condition.Comparison(
                text, left.get().expression(), syntax.comparator(), right.get().expression());
        if (comparison.signals().isEmpty()) {
            findings.error(
                    "condition/no-signal",
                    place(syntax),
                    "this compares numbers only",
                    scope.names().isEmpty() ? "name a signal" : "name a signal: " + String.join(", ", scope.names()));
            return Optional.empty();
        }
        return Optional.of(comparison);
    }

    /** An expression and its unit. */
    private record Typed(Expression expression, String unit) {}

    private Optional<Typed> value(Syntax.Value syntax) {
        Optional<Typed> typed;
        if (syntax instanceof Syntax.Literal literal) {
            typed = Optional.of(new Typed(new Expression.Number(literal.value(), literal.unit()), literal.unit()));
        } else if (syntax instanceof Syntax.Name name) {
            typed = signal(name).map(s -> new Typed(new Expression.Reference(s), s.unit()));
        } else if (syntax instanceof Syntax.Baseline baseline) {
            typed = baseline(baseline).map(s -> new Typed(new Expression.Reference(s), s.unit()));
        } else if (syntax instanceof Syntax.Burn burn) {
            typed = burn(burn).map(e -> new Typed(e, Units.PLAIN));
        } else if (syntax instanceof Syntax.Negative negative) {
            typed = value(negative.term())
                    .map(t -> new Typed(
                            new Expression.Arithmetic(
                                    new Expression.Number(-1, Units.PLAIN), Expression.Operator.TIMES, t.expression()),
                            t.unit()));
        } else {
            typed = arithmetic((Syntax.Arithmetic) syntax);
        }
        typed.ifPresent(t -> places.put(t.expression(), place(syntax)));
        return typed;
    }

    private Optional<Typed> arithmetic(Syntax.Arithmetic syntax) {
        Optional<Typed> left = value(syntax.left());
        Optional<Typed> right = value(syntax.right());
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> unit =
                Units.of(left.get().unit(), syntax.operator(), right.get().unit());
        if (unit.isEmpty()) {
            String verb = syntax.operator() == Expression.Operator.PLUS ? "added to" : "mixed in a difference with";
            mismatch(syntax, syntax.left(), left.get(), syntax.right(), right.get(), verb);
            return Optional.empty();
        }
        Expression expression = new Expression.Arithmetic(
                left.get().expression(), syntax.operator(), right.get().expression());
        return Optional.of(new Typed(expression, unit.get()));
    }

    private Optional<Signal> signal(Syntax.Name name) {
        Optional<Signal> signal = scope.find(name.name());
        if (signal.isEmpty() && !scope.isBroken(name.name())) {
            findings.error(
                    "condition/unknown-signal",
                    place(name),
                    "`" + name.name() + "` is not a signal of the group `" + scope.group() + "`",
                    scope.names().isEmpty()
                            ? "define it under `signals`"
                            : Spelling.nearest(name.name(), scope.names())
                                    .map(n -> "did you mean `" + n + "`?")
                                    .orElse("define it under `signals`; there are: "
                                            + String.join(", ", scope.names())));
        }
        return signal;
    }

    private Optional<Signal> baseline(Syntax.Baseline syntax) {
        Optional<Signal> found = signal(syntax.signal());
        if (found.isEmpty()) {
            return found;
        }
        Signal signal = found.get();
        Place over = scalar.place(syntax.overFrom(), syntax.to() - 1);
        if (syntax.over().compareTo(signal.over()) <= 0) {
            findings.error(
                    "condition/baseline-too-short",
                    over,
                    "a baseline must be longer than its signal's window of " + Durations.format(signal.over()),
                    "write baseline(" + signal.name() + ", 7d)");
            return Optional.empty();
        }
        if (syntax.over().compareTo(LONGEST) > 0 || syntax.over().toMillis() % 1000 != 0) {
            findings.error(
                    "condition/baseline-too-long", over, "a baseline covers whole seconds, at most 30d", "write 30d");
            return Optional.empty();
        }
        Measure.Type type = signal.measure().type();
        if (type == Measure.Type.COUNT || type == Measure.Type.SUM) {
            findings.error(
                    "condition/baseline-of-total",
                    place(syntax),
                    "a total over " + Durations.format(syntax.over()) + " cannot be compared with one over "
                            + Durations.format(signal.over()),
                    "measure `rate` instead of a total");
            return Optional.empty();
        }
        return Optional.of(new Signal(
                "baseline(" + signal.name() + ", " + Durations.format(syntax.over()) + ")",
                signal.measure(),
                signal.of(),
                syntax.over(),
                signal.by(),
                signal.unit(),
                signal.scale(),
                signal.minSamples(),
                new Signal.OnMissing.Unknown(),
                true));
    }

    private Optional<Expression> burn(Syntax.Burn syntax) {
        Optional<Signal> signal = signal(syntax.signal());
        String name = syntax.slo().name();
        Optional<Slo> slo = scope.findSlo(name);
        if (slo.isEmpty() && !scope.isBroken(name)) {
            findings.error(
                    "condition/unknown-slo",
                    place(syntax.slo()),
                    "`" + name + "` is not an SLO of the group `" + scope.group() + "`",
                    scope.sloNames().isEmpty() ? "define it under `slos`" : Spelling.hint(name, scope.sloNames()));
        }
        if (signal.isEmpty() || slo.isEmpty()) {
            return Optional.empty();
        }
        if (!slo.get().isAbout(signal.get())) {
            findings.error(
                    "condition/burn-of-other",
                    place(syntax.signal()),
                    "`" + name + "` is about " + slo.get().signal().name() + ", and "
                            + signal.get().name() + " counts other events",
                    "name a signal with the same `measure`, `of` and `where`, over any window");
            return Optional.empty();
        }
        return Optional.of(slo.get().burn(signal.get()));
    }

    private void mismatch(
            Syntax whole, Syntax.Value left, Typed leftTyped, Syntax.Value right, Typed rightTyped, String verb) {
        if (right instanceof Syntax.Literal literal) {
            mismatch(left, leftTyped, literal, verb);
        } else if (left instanceof Syntax.Literal literal) {
            mismatch(right, rightTyped, literal, verb);
        } else {
            findings.error(
                    "unit/mismatch",
                    place(whole),
                    "`" + text(left) + "` is " + Units.name(leftTyped.unit()) + " and `" + text(right) + "` is "
                            + Units.name(rightTyped.unit()),
                    "only like can be " + verb + " like");
        }
    }

    private void mismatch(Syntax.Value value, Typed typed, Syntax.Literal literal, String verb) {
        boolean lacksUnit = typed.unit().isEmpty() && literal.unit().equals(Signal.SECONDS);
        List<Signal> signals = typed.expression().signals();
        if (lacksUnit && !signals.isEmpty() && signals.get(0).unit().isEmpty()) {
            findings.error(
                    "signal/metric-unit-missing",
                    place(value),
                    "`" + text(value) + "` has no unit and cannot be " + verb + " a duration",
                    "say what it is recorded in: add `unit: s` (or ms, us, ns) to the signal "
                            + signals.get(0).name());
            return;
        }
        findings.error(
                "unit/mismatch",
                place(literal),
                "`" + text(value) + "` is " + Units.name(typed.unit()) + ", `" + literal.text() + "` is "
                        + Units.name(literal.unit()),
                UnitFix.of(typed.unit(), literal));
    }

    private String text(Syntax syntax) {
        return scalar.text().substring(syntax.from(), syntax.to()).strip().replaceAll("\\s+", " ");
    }

    private Place place(Syntax syntax) {
        return scalar.place(syntax.from(), syntax.to());
    }
}
