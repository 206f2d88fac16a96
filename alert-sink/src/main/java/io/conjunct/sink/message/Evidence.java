// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import io.conjunct.alert.Leg;
import io.conjunct.alert.Truth;
import io.conjunct.signal.Signal;
import java.util.Locale;
import java.util.Map;

/**
 * One condition of the rule in words.
 *
 * @param condition as it is written in the rule
 * @param verdict empty when it held, otherwise that it did not or is not known
 * @param value what was measured, in a human unit
 * @param threshold what it was compared with; "unknown" when it is
 * @param basis how many events in which window; empty when neither is known
 * @param of the series it was read from, empty when there is one only
 * @param trend its values of late as a spark line; may be empty
 */
public record Evidence(
        String condition, String verdict, String value, String threshold, String basis, String of, String trend) {
    static Evidence of(Leg leg, String trend) {
        boolean percent = leg.unit().equals(Signal.RATIO);
        Quantity value = new Quantity(leg.value(), leg.unit(), percent);
        Quantity threshold = new Quantity(leg.threshold(), leg.unit(), percent);
        return new Evidence(
                leg.text(),
                verdict(leg.state()),
                value.besides(threshold),
                threshold.besides(value),
                basis(leg),
                labels(leg.labels()),
                trend);
    }

    /** Value, threshold, basis and trend as one phrase: {@code 1.42 s, limit 1 s, 1,204 events in 5 min  ▁▁▃█}. */
    public String measured() {
        StringBuilder words = new StringBuilder(value);
        if (!threshold.equals("unknown")) {
            words.append(", limit ").append(threshold);
        }
        if (!basis.isEmpty()) {
            words.append(", ").append(basis);
        }
        if (!of.isEmpty()) {
            words.append(" (").append(of).append(')');
        }
        if (!verdict.isEmpty()) {
            words.append(" [").append(verdict).append(']');
        }
        if (!trend.isEmpty()) {
            words.append("  ").append(trend);
        }
        return words.toString();
    }

    static String labels(Map<String, String> labels) {
        StringBuilder words = new StringBuilder();
        labels.forEach((key, value) -> words.append(words.isEmpty() ? "" : ", ")
                .append(key)
                .append('=')
                .append(value));
        return words.toString();
    }

    private static String verdict(Truth state) {
        return switch (state) {
            case TRUE -> "";
            case FALSE -> "does not hold";
            case UNKNOWN -> "not known";
        };
    }

    private static String basis(Leg leg) {
        String window = leg.windowMillis() > 0 ? " in " + Quantity.window(leg.windowMillis()) : "";
        if (leg.n() <= 0) {
            return window.strip();
        }
        return String.format(Locale.ROOT, "%,d event%s%s", leg.n(), leg.n() == 1 ? "" : "s", window);
    }
}
