// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.signal.Signal;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * The units of numbers: {@code 1000ms} is 1 {@code s}, {@code 0.1%} is 0.001 {@code ratio}, {@code 1GiB} is 1073741824
 * {@code By}. Factors are decimal, so that 0.1% is the double nearest to 0.001.
 */
final class Quantity {
    static final String BYTES = "By";

    /** A unit one can write behind a number. */
    record Unit(String base, BigDecimal factor) {}

    static final Map<String, Unit> UNITS = Map.ofEntries(
            time("ns", "1e-9"),
            time("us", "1e-6"),
            time("µs", "1e-6"),
            time("μs", "1e-6"),
            time("ms", "1e-3"),
            time("s", "1"),
            time("m", "60"),
            time("h", "3600"),
            time("d", "86400"),
            time("w", "604800"),
            Map.entry("%", new Unit(Signal.RATIO, new BigDecimal("0.01"))),
            bytes("B", "1"),
            bytes("kB", "1000"),
            bytes("MB", "1e6"),
            bytes("GB", "1e9"),
            bytes("KiB", "1024"),
            bytes("MiB", "1048576"),
            bytes("GiB", "1073741824"));

    private static final Map<String, Unit> METRIC_UNITS = Map.of(
            "min", new Unit(Signal.SECONDS, BigDecimal.valueOf(60)),
            "By", new Unit(BYTES, BigDecimal.ONE),
            "KBy", new Unit(BYTES, BigDecimal.valueOf(1000)),
            "KiBy", new Unit(BYTES, BigDecimal.valueOf(1 << 10)),
            "MiBy", new Unit(BYTES, BigDecimal.valueOf(1 << 20)),
            "GiBy", new Unit(BYTES, BigDecimal.valueOf(1 << 30)),
            "1", new Unit(Signal.RATIO, BigDecimal.ONE));

    /** Span durations are recorded in nanoseconds. */
    static final Unit SPAN_DURATION = new Unit(Signal.SECONDS, new BigDecimal("1e-9"));

    /** A field of which nobody said what it is. */
    static final Unit NO_UNIT = new Unit(Units.PLAIN, BigDecimal.ONE);

    private Quantity() {}

    private static Map.Entry<String, Unit> time(String name, String factor) {
        return Map.entry(name, new Unit(Signal.SECONDS, new BigDecimal(factor)));
    }

    private static Map.Entry<String, Unit> bytes(String name, String factor) {
        return Map.entry(name, new Unit(BYTES, new BigDecimal(factor)));
    }

    /** What the {@code unit} of a metric means; a unit we cannot convert is kept as it is. */
    static Unit ofMetric(String name) {
        return Optional.ofNullable(METRIC_UNITS.get(name))
                .or(() -> Optional.ofNullable(UNITS.get(name)))
                .orElseGet(() -> new Unit(name, BigDecimal.ONE));
    }

    /** A share as people write it: {@code 99.9%}. */
    static String percent(BigDecimal share) {
        return share.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
