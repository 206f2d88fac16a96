// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.check.RuleFile;
import io.conjunct.event.Kind;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Signal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one entry of {@code signals} means. */
class SignalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count                  | span          |    | count | 1    | 0",
                "rate                   | event a.b     |    | 1/s   | 1    | 0",
                "rate(bytes)            | span          |    | 1/s   | 1    | 0",
                "rate(bytes)            | span          | By | By/s  | 1    | 0",
                "rate(duration)         | span          |    | ''    | 1e-9 | 0",
                "sum(duration)          | span          |    | s     | 1e-9 | 0",
                "p99(duration)          | span          |    | s     | 1e-9 | 300",
                "p95(duration)          | span          |    | s     | 1e-9 | 60",
                "p50(duration)          | span          |    | s     | 1e-9 | 6",
                "p99.9(duration)        | span          |    | s     | 1e-9 | 3000",
                "avg(http.size)         | span          | By | By    | 1    | 1",
                "max(value)             | metric a      |    | ''    | 1    | 1",
                "max(value)             | metric a      | s  | s     | 1    | 1",
                "max(value)             | metric a      | ms | s     | 1e-3 | 1",
                "max(value)             | metric a      | us | s     | 1e-6 | 1",
                "max(value)             | metric a      | ns | s     | 1e-9 | 1",
                "max(value)             | metric a      | m  | s     | 60   | 1",
                "max(value)             | metric a      | h  | s     | 3600 | 1",
                "last(value)            | metric a      | 1  | ratio | 1    | 1",
                "last(value)            | metric a      | %  | ratio | 0.01 | 1",
                "min(value)             | metric a      | KiBy | By  | 1024 | 1",
                "sum(value)             | metric a      | '{jobs}' | {jobs} | 1 | 0",
                "ratio(status = error)  | span          |    | ratio | 1    | 50",
            })
    void measure_hasUnitScaleAndSamples(
            String measure, String of, String unit, String expectedUnit, double scale, long samples) {
        Signal signal = tested("measure: '" + measure + "', of: '" + of + "', over: 10m"
                + (unit == null ? "" : ", unit: '" + unit + "'"));
        assertThat(signal.unit()).isEqualTo(expectedUnit);
        assertThat(signal.scale()).isEqualTo(scale);
        assertThat(signal.minSamples()).isEqualTo(samples);
    }

    @Test
    void quantile_isExact() {
        assertThat(tested("measure: p99.9(duration), of: span, over: 1h").measure())
                .isEqualTo(Measure.quantile(0.999, "duration"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status = error                       | status | false | error",
                "status = \"error\"                   | status | false | error",
                "status == error                      | status | false | error",
                "cache.hit != true                    | cache.hit | true | true",
                "http.route in [/a, '/b c']           | http.route | false | /a;/b c",
                "\"odd name\" = 'x y'                 | odd name | false | x y",
            })
    void predicate_ofAnAttribute(String predicate, String attribute, boolean negated, String values) {
        Signal signal = tested("measure: \"ratio(" + predicate.replace("\"", "\\\"") + ")\", of: span, over: 10m");
        Outcome.Attribute outcome =
                (Outcome.Attribute) signal.measure().outcome().orElseThrow();
        assertThat(outcome.matcher()).isEqualTo(new Matcher(attribute, negated, List.of(values.split(";")), ""));
        assertThat(outcome.text()).isEqualTo(predicate);
    }

    @Test
    void predicate_ofARegex() {
        Signal signal = tested("measure: 'ratio(http.route matches \"/v1/.*\")', of: span, over: 10m");
        assertThat(((Outcome.Attribute) signal.measure().outcome().orElseThrow()).matcher())
                .isEqualTo(new Matcher("http.route", false, List.of(), "/v1/.*"));
    }

    @Test
    void predicate_ofADuration_isInNanoseconds() {
        Signal signal = tested("measure: ratio(duration > 300ms), of: span, over: 10m");
        assertThat(signal.measure().outcome())
                .contains(new Outcome.Measured("duration > 300ms", "duration", Comparator.GREATER, 300e6));
    }

    @Test
    void predicate_ofAMetric_isInItsOwnUnit() {
        Signal signal = tested("measure: ratio(value >= 1.5s), of: metric lag, unit: ms, over: 10m");
        assertThat(signal.measure().outcome())
                .contains(new Outcome.Measured("value >= 1.5s", "value", Comparator.GREATER_OR_EQUAL, 1500));
        assertThat(signal.unit()).isEqualTo("ratio");
        assertThat(signal.scale()).isEqualTo(1);
    }

    @Test
    void where_hasAllItsForms() {
        Signal signal = tested("measure: count, of: span, over: 10m, where: {a: x, b: [x, 2], c: true, d: {not: x},"
                + " e: {not: [x, y]}, f: {matches: x.*}, g: {not_matches: y.*}, h: False, i: yes, j: 0x1f}");
        assertThat(signal.of().where())
                .containsExactly(
                        new Matcher("a", false, List.of("x"), ""),
                        new Matcher("b", false, List.of("x", "2"), ""),
                        new Matcher("c", false, List.of("true"), ""),
                        new Matcher("d", true, List.of("x"), ""),
                        new Matcher("e", true, List.of("x", "y"), ""),
                        new Matcher("f", false, List.of(), "x.*"),
                        new Matcher("g", true, List.of(), "y.*"),
                        new Matcher("h", false, List.of("false"), ""),
                        new Matcher("i", false, List.of("yes"), ""),
                        new Matcher("j", false, List.of("0x1f"), ""));
    }

    @Test
    void of_namesWhatIsMeasured() {
        assertThat(tested("measure: count, of: event run.failed, over: 10m")
                        .of()
                        .kind())
                .isEqualTo(Kind.EVENT);
        assertThat(tested("measure: count, of: metric a.b, over: 10m").of().name())
                .isEqualTo("a.b");
    }

    @Test
    void onMissing_isUnknownANumberOrTheLastValue() {
        String metric = "measure: max(value), of: metric lag, unit: s, over: 10m, on_missing: ";
        assertThat(tested(metric + "unknown").onMissing()).isEqualTo(new Signal.OnMissing.Unknown());
        assertThat(tested(metric + "500ms").onMissing()).isEqualTo(new Signal.OnMissing.Value(0.5));
        assertThat(tested(metric + "hold 10m").onMissing())
                .isEqualTo(new Signal.OnMissing.Hold(Duration.ofMinutes(10)));
        assertThat(tested("measure: count, of: span, over: 10m, on_missing: 0").onMissing())
                .isEqualTo(new Signal.OnMissing.Value(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "10m", "1h30m", "30d", "1w"})
    void window_isOneSecondToThirtyDays(String over) {
        assertThat(tested("measure: count, of: span, over: " + over).over())
                .isBetween(Duration.ofSeconds(1), Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource({
        "0s,duration/out-of-range",
        "500ms,duration/out-of-range",
        "31d,duration/out-of-range",
        "1y,duration/out-of-range",
        "10,value/type",
        "10 m,duration/invalid",
        "30m1h,duration/invalid",
        "1.5h,duration/invalid",
        "m,duration/invalid",
        "9999999999s,duration/invalid",
    })
    void otherWindows_areRefused(String over, String id) {
        assertThat(RuleFile.ids(RuleFile.signal("measure: count, of: span, over: " + over)))
                .containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "measure: p99, of: span                          | measure/invalid",
                "measure: p0(duration), of: span                 | measure/invalid",
                "measure: p100(duration), of: span               | measure/invalid",
                "measure: count(x), of: span                     | measure/invalid",
                "measure: ratio, of: span                        | measure/invalid",
                "measure: ratio(), of: span                      | measure/invalid",
                "measure: ratio(status), of: span                | measure/invalid",
                "measure: ratio(a = b AND c = d), of: span       | measure/invalid",
                "measure: max(size), of: metric a                | measure/invalid",
                "measure: max(duration), of: event a             | measure/invalid",
                "measure: nonsense, of: span                     | measure/invalid",
                "measure: ratio(duration > 300), of: span        | unit/mismatch",
                "measure: ratio(value > 3s), of: metric a        | unit/mismatch",
                "measure: count, of: log x                       | signal/of",
                "measure: count, of: metric                      | signal/of",
                "measure: count, of: span x                      | signal/of",
                "measure: count, of: event a b                   | signal/of",
                "measure: p99(duration), of: span, unit: ms      | signal/unit-not-needed",
                "measure: count, of: span, unit: s               | signal/unit-not-needed",
                "measure: count, of: span, on_missing: 0s        | unit/mismatch",
                "measure: count, of: span, on_missing: never     | signal/on-missing",
                "measure: count, of: span, on_missing: hold      | duration/invalid",
                "measure: count, of: span, where: {a: {matches: '('}}   | regex/invalid",
                "measure: count, of: span, where: {a: {matches: ''}}    | regex/invalid",
                "measure: count, of: span, where: {a: {matches: 'a(?=b)'}} | regex/backtracks",
                "measure: 'ratio(a matches \"(\")', of: span     | regex/invalid",
                "measure: count, of: span, where: {a: null}      | value/type",
                "measure: count, of: span, where: {a: []}        | value/empty",
                "measure: count, of: span, where: {a: {}}        | value/empty",
                "measure: count, of: span, by: [a, a]            | value/twice",
                "measure: count, of: span, by: a                 | value/type",
                "measure: count, of: span, min_samples: -1       | value/out-of-range",
                "measure: count, of: span, min_samples: 1.5      | value/type",
            })
    void wrongSignal_isRefusedOnce(String entries, String id) {
        assertThat(RuleFile.ids(RuleFile.signal(entries + ", over: 10m"))).containsExactly(id);
    }

    private static Signal tested(String entries) {
        Loaded loaded = RuleFile.signal(entries);
        return loaded
                .ruleSet()
                .orElseThrow(() -> new AssertionError(loaded.diagnostics()))
                .groups()
                .get(0)
                .signals()
                .stream()
                .filter(s -> s.name().equals("tested"))
                .findFirst()
                .orElseThrow();
    }
}
