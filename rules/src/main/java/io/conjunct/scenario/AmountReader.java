// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Findings;
import io.conjunct.rule.Node;
import io.conjunct.rule.Node.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts: {@code 2ms}, {@code [2ms, 5ms]}, {@code {ramp: [1s, 9s]}}, {@code {lognormal: {median: 80ms, sigma: 0.4}}}. */
final class AmountReader {
    private static final List<String> SHAPES = List.of("constant", "values", "ramp", "uniform", "lognormal");
    private static final List<String> KEYS = List.of("constant", "values", "ramp", "uniform", "lognormal", "spike");
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    private final boolean durations;
    private final Findings findings;

    /** @param durations whether amounts carry a unit of time; otherwise they are plain numbers */
    AmountReader(boolean durations, Findings findings) {
        this.durations = durations;
        this.findings = findings;
    }

    Optional<Amount> read(Node node) {
        if (!(node instanceof Node.Table)) {
            List<Double> values = numbers(node);
            return values.isEmpty() ? Optional.empty() : Optional.of(new Amount.Cycle(values));
        }
        Optional<Section> read = Section.of(node, "a changing value", KEYS, findings);
        Section section = read.orElseThrow();
        List<String> shapes = SHAPES.stream().filter(section::has).toList();
        if (shapes.size() != 1) {
            findings.error(
                    "given/shape",
                    section.place(),
                    shapes.isEmpty() ? "how does the value go?" : "the value cannot be " + String.join(" and ", shapes),
                    "write one of constant, values, ramp, uniform, lognormal");
            return Optional.empty();
        }
        String shape = shapes.get(0);
        Optional<Amount> amount = shape(section, shape, section.node(shape).orElseThrow());
        return section.has("spike") ? amount.flatMap(a -> spikes(section, a)) : amount;
    }

    private Optional<Amount> shape(Section section, String shape, Node node) {
        switch (shape) {
            case "ramp", "uniform" -> {
                List<Double> ends = numbers(node);
                if (ends.size() != 2) {
                    section.wrong(shape, "`" + shape + "` has a first and a last value", "write " + shape + ": [1, 9]");
                    return Optional.empty();
                }
                double from = ends.get(0);
                double to = ends.get(1);
                return Optional.of(shape.equals("ramp") ? new Amount.Ramp(from, to) : new Amount.Uniform(from, to));
            }
            case "lognormal" -> {
                return Section.of(node, "`lognormal`", List.of("median", "sigma"), findings)
                        .flatMap(this::logNormal);
            }
            default -> {
                List<Double> values = numbers(node);
                return values.isEmpty() ? Optional.empty() : Optional.of(new Amount.Cycle(values));
            }
        }
    }

    private Optional<Amount> logNormal(Section section) {
        Optional<Double> median = section.scalar("median").flatMap(this::number);
        Optional<Double> sigma = section.scalar("sigma").flatMap(s -> new AmountReader(false, findings).number(s));
        for (String key : List.of("median", "sigma")) {
            if (!section.has(key)) {
                section.missing(key);
            }
        }
        return median.flatMap(m -> sigma.map(s -> new Amount.LogNormal(m, s)));
    }

    private Optional<Amount> spikes(Section section, Amount usually) {
        Optional<Amount> amount = Optional.of(usually);
        for (Node item : section.items("spike")) {
            Optional<Section> spike = Section.of(item, "`spike`", List.of("from", "to", "value"), findings);
            if (spike.isPresent() && !spike.get().has("value")) {
                spike.get().missing("value");
            }
            Optional<Interval> during = spike.flatMap(Interval::of);
            Optional<Amount> then = spike.flatMap(s -> s.node("value")).flatMap(this::read);
            amount = amount.flatMap(a -> during.flatMap(d -> then.map(t -> new Amount.Spike(a, d, t))));
        }
        return amount;
    }

    /** The numbers of a scalar or list; empty after a finding. */
    private List<Double> numbers(Node node) {
        List<Double> values = new ArrayList<>();
        List<Scalar> scalars = Section.scalars(node, findings);
        scalars.forEach(s -> number(s).ifPresent(values::add));
        if (scalars.isEmpty() && node instanceof Node.Sequence) {
            findings.error("value/type", node.place(), "the list is empty", "write at least one value");
        }
        return values.size() == scalars.size() ? values : List.of();
    }

    private Optional<Double> number(Scalar scalar) {
        String text = scalar.text();
        if (durations) {
            Matcher duration = DURATION.matcher(text);
            if (duration.matches()) {
                double nanos = Double.parseDouble(duration.group(1)) * NANOS.getOrDefault(duration.group(2), 1.0);
                return Optional.of((double) Math.round(nanos));
            }
            boolean bare = scalar.type() == Scalar.Type.NUMBER;
            findings.error(
                    "duration/invalid",
                    scalar.place(),
                    "`" + text + "` is not a duration",
                    bare ? "write its unit, as in " + text + "ms" : "write it like 2ms, 1.5s or 300us");
            return Optional.empty();
        }
        if (text.equals("NaN") || scalar.type() == Scalar.Type.NUMBER) {
            try {
                return Optional.of(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                // Hexadecimal to YAML; said below.
            }
        }
        findings.error(
                "value/type",
                scalar.place(),
                "`" + text + "` is not a number",
                "write it as it is recorded, without a unit");
        return Optional.empty();
    }
}
